// Suspenders of the profile: hold the scan while a PV is outside its band, and let it go `settle` seconds after it came back.
import { DisposableStore, type Disposable } from '@shared/disposable';
import type { Profile } from '@shared/profile';
import type { PvState } from '@shared/pv';
import { quantity } from '../../devices/naming';
import type { Holds } from './holds';

type Suspender = Profile['suspenders'][number];
export type WatchPv = (pv: string, listener: (state: PvState) => void) => Disposable;

/** What a suspender knows from before: whether it holds the scan, and the value that a `changed` one compares with. */
export interface SuspenderMemory { readonly holds: boolean; readonly first: number | string | null }
const nothingKnown: SuspenderMemory = { holds: false, first: null };

/** Why it holds, null where all is well. */
export function reasonToSuspend(suspender: Suspender, state: PvState, memory = nothingKnown): string | null {
  const { pv, kind = 'band', low, high, resume, holdsWhen = true, expected = memory.first } = suspender;
  if (state.connection !== 'connected') return `${pv} is not connected.`;
  if (state.staleSince !== null) return `${pv} gave no new value yet.`;
  const { value } = state;
  if (kind === 'changed') {
    const text = typeof value === 'number' ? state.states?.[value] : undefined;
    if (expected === null || value === expected || (text !== undefined && text === expected)) return null;
    return `${pv} is ${text ?? String(value)}, not ${typeof expected === 'number' ? state.states?.[expected] ?? expected : expected}.`;
  }
  if (typeof value !== 'number' || Number.isNaN(value)) return `${pv} is no number.`;
  if (kind === 'boolean') return (value !== 0) === holdsWhen ? `${pv} is ${state.states?.[value] ?? (value !== 0 ? 'on' : 'off')}.` : null;
  const said = (limit: number): string => quantity(limit, state.units ?? '');
  // Once it holds, a floor and a ceiling let go only beyond `resume`.
  const floor = kind === 'ceiling' ? undefined : memory.holds && kind === 'floor' ? resume ?? low : low;
  const ceiling = kind === 'floor' ? undefined : memory.holds && kind === 'ceiling' ? resume ?? high : high;
  if (floor !== undefined && value < floor) return `${pv} is ${said(value)}, below ${said(floor)}.`;
  if (ceiling !== undefined && value > ceiling) return `${pv} is ${said(value)}, above ${said(ceiling)}.`;
  return null;
}

/** Watches until disposed of. */
export function suspend(suspenders: readonly Suspender[], watch: WatchPv, holds: Holds): Disposable {
  const store = new DisposableStore();
  for (const [index, suspender] of suspenders.entries()) {
    const key = `suspender:${index}`;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const cancel = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };
    let first: number | string | null = null;
    const { before, after } = suspender;
    store.add(watch(suspender.pv, (state) => {
      if (first === null && state.staleSince === null && (typeof state.value === 'number' || typeof state.value === 'string')) first = state.value;
      const reason = reasonToSuspend(suspender, state, { holds: holds.has(key), first });
      if (reason !== null) {
        cancel();
        holds.add(key, { message: `Waiting: ${reason}`, now: true, ...(before ? { before } : {}), ...(after ? { after } : {}) });
      } else if (holds.has(key) && timer === null) {
        timer = setTimeout(() => {
          timer = null;
          holds.remove(key);
        }, suspender.settle * 1000);
      }
    }));
    store.add({ dispose: cancel });
  }
  return store;
}
