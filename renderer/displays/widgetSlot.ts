// Between a widget and the frame around it: the widget says what its PV is at, the frame draws alarm border, lock and write result.
import type { PvState, WritableValue } from '@shared/pv';
import { toErrorData } from '@shared/errors';
import { computed, inject, onScopeDispose, shallowRef, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { isFirstValueToCome } from '../composables/firstValue';
import { usePv, writePv } from '../composables/usePv';
import { useSession } from '../stores/session';
import { useDisplay, type DisplayContext } from './displayContext';

/** What the border says; `quiet`: nothing to say. */
export type MarkKind = 'quiet' | 'minor' | 'major' | 'invalid' | 'connecting' | 'disconnected';
export interface WriteNote { readonly kind: 'pending' | 'sent' | 'done' | 'refused'; readonly text: string }

export interface WidgetSlot {
  readonly pv: ShallowRef<string>;
  readonly state: ShallowRef<Readonly<Ref<PvState | undefined>> | null>;
  /** The file wants the alarm severity on the border; a lost connection is always shown. */
  readonly showsAlarm: ShallowRef<boolean>;
  readonly round: ShallowRef<boolean>;
  /** Why nothing can be written here; null: it can, or the widget only shows. */
  locked: Readonly<Ref<string | null>>;
  readonly note: ShallowRef<WriteNote | null>;
}

export const widgetSlotKey: InjectionKey<WidgetSlot> = Symbol('slot');

export function makeSlot(): WidgetSlot {
  return { pv: shallowRef(''), state: shallowRef(null), showsAlarm: shallowRef(true), round: shallowRef(false), locked: shallowRef(null), note: shallowRef(null) };
}

export function markOf(state: PvState | undefined, showsAlarm: boolean): MarkKind {
  if (!state || state.connection === 'connecting' || isFirstValueToCome(state)) return 'connecting';
  // After a reconnection the value is that of before until a new one came.
  if (state.connection !== 'connected' || state.staleSince !== null) return 'disconnected';
  if (!showsAlarm) return 'quiet';
  return state.severity === 'NO_ALARM' ? 'quiet' : state.severity === 'MINOR' ? 'minor' : state.severity === 'MAJOR' ? 'major' : 'invalid';
}

interface LiveProperties { readonly pv_name: string; readonly border_alarm_sensitive: boolean }

/** The live state of the widget's own PV; its border follows by itself. */
export function useWidgetPv(widget: () => LiveProperties, options: { round?: boolean } = {}): Readonly<Ref<PvState | undefined>> {
  const slot = inject(widgetSlotKey, makeSlot());
  const state = usePv(() => widget().pv_name);
  slot.pv.value = widget().pv_name;
  slot.showsAlarm.value = widget().border_alarm_sensitive;
  slot.round.value = options.round ?? false;
  slot.state.value = state;
  return state;
}

interface WritingProperties extends LiveProperties { readonly name: string; readonly enabled?: boolean; readonly confirm_message?: string; readonly password?: string }

export interface WidgetWrite {
  /** null: it can be written; else why not. */
  readonly blocked: ComputedRef<string | null>;
  /** Asks first where `ask`; resolves to whether the value was sent. Never rejects: the result is shown at the widget. */
  write(value: WritableValue, ask?: boolean): Promise<boolean>;
  refuse(error: unknown): void;
  readonly note: ShallowRef<WriteNote | null>;
}

/** Milliseconds that a good result stays to be seen. */
const goodNews = 2500;
const badNews = 15_000;

function blockedReason(state: PvState | undefined, pv: string, enabled: boolean, observer: boolean): string | null {
  if (pv === '') return 'The display file names no PV here.';
  if (!enabled) return 'The display file has this switched off.';
  if (observer) return 'This window only observes; nothing is written from it.';
  if (state?.connection !== 'connected') return 'Not connected.';
  return state.access?.write === false ? 'Read only: the IOC does not let you write it.' : null;
}

export function useWidgetWrite(widget: () => WritingProperties, state: Readonly<Ref<PvState | undefined>>): WidgetWrite {
  const slot = inject(widgetSlotKey, makeSlot());
  const session = useSession();
  const display = useDisplay();
  const blocked = computed(() => blockedReason(state.value, widget().pv_name, widget().enabled ?? true, session.observer));
  slot.locked = lockOf(blocked, state);
  const tell = noteKeeper(slot);

  async function write(value: WritableValue, ask = false): Promise<boolean> {
    if (blocked.value !== null) {
      tell({ kind: 'refused', text: `${widget().pv_name} was not written: ${blocked.value}` });
      return false;
    }
    const { pv_name, confirm_message = '', password = '', name } = widget();
    if (ask && !await confirmWrite(display, name || pv_name, pv_name, value, confirm_message, password)) return false;
    return send(pv_name, value, tell);
  }
  const refuse = (error: unknown) => tell({ kind: 'refused', text: toErrorData(error).message });
  return { blocked, write, refuse, note: slot.note };
}

/** Read-only is worth a lock; a lost connection has its own mark. */
function lockOf(blocked: ComputedRef<string | null>, state: Readonly<Ref<PvState | undefined>>): ComputedRef<string | null> {
  return computed(() => (state.value?.connection === 'connected' ? blocked.value : null));
}

/** Shows a result for as long as it is news. */
export function noteKeeper(slot: Pick<WidgetSlot, 'note'>): (note: WriteNote) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));
  return (note) => {
    clearTimeout(timer);
    slot.note.value = note;
    if (note.kind === 'pending') return;
    timer = setTimeout(() => { slot.note.value = null; }, note.kind === 'refused' ? badNews : goodNews);
  };
}

async function confirmWrite(display: DisplayContext, title: string, pv: string, value: WritableValue, message: string, password: string): Promise<boolean> {
  const shown = typeof value === 'object' ? `${value.length} values` : String(value);
  return display.confirm({ title, text: `${message}\n${pv} gets ${shown}.`, password, verb: 'Write' });
}

/** Sends one value and shows what came of it. */
export async function send(pv: string, value: WritableValue, tell: (note: WriteNote) => void): Promise<boolean> {
  tell({ kind: 'pending', text: 'Sending' });
  try {
    const record = await writePv(pv, value, { source: 'panel' });
    const isGood = record.outcome === 'sent' || record.outcome === 'done';
    tell(isGood ? { kind: record.outcome, text: record.outcome === 'done' ? 'Done' : 'Sent' }
      : { kind: 'refused', text: record.error?.message ?? `${pv} was not written: ${record.outcome}.` });
    return isGood;
  } catch (error) {
    tell({ kind: 'refused', text: toErrorData(error).message });
    return false;
  }
}
