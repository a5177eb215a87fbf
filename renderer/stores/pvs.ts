// The live PVs of this window. Interest is counted here, so that the services hear of each PV once; frames are applied once a
// painted frame, and only to the PVs that are watched: thousands of them at 10 Hz stay cheap.
import type { ArgsIn, Contract } from '@shared/contract';
import { disposable, type Disposable } from '@shared/disposable';
import type { PvDelta, PvFrame, PvState, WritableValue, WriteRecord } from '@shared/pv';
import { shallowRef, type ShallowRef } from 'vue';
import { bridge as theBridge } from '../bridge';
import type { Bridge } from '../bridge/bridge';

export type WatchedPv = Disposable & { readonly state: Readonly<ShallowRef<PvState | undefined>> };
interface Entry { readonly state: ShallowRef<PvState | undefined>; watchers: number; next: PvState | undefined; attached: boolean }

/** Milliseconds that a PV nobody watches any more is kept, so that changing a tab does not make it reconnect. */
export const linger = 300;

/** When queued work is done; a test passes its own. */
export interface PvStoreTimes { paint(work: () => void): void; later(work: () => void, milliseconds: number): void }
const browserTimes: PvStoreTimes = {
  // A window that is not painted has no animation frames; what waits is merged, so nothing grows.
  paint: (work) => requestAnimationFrame(work),
  later: (work, milliseconds) => setTimeout(work, milliseconds),
};

export class PvStore {
  #entries = new Map<string, Entry>();
  #toAttach = new Set<string>();
  #leaving = new Set<string>();
  #dirty = new Set<Entry>();
  #painting = false;
  #unseen = 0;
  #flushing = false;
  #listening = false;

  constructor(readonly bridge: Bridge, readonly times: PvStoreTimes = browserTimes) {}

  /** The PV's state from now on, undefined until it is first heard of. Dispose of it to let go. */
  watch(pv: string): WatchedPv {
    this.#listen();
    let entry = this.#entries.get(pv);
    if (!entry) {
      entry = { state: shallowRef<PvState>(), watchers: 0, next: undefined, attached: false };
      this.#entries.set(pv, entry);
    }
    const own = entry;
    own.watchers++;
    if (!own.attached) this.#attachSoon(pv);
    return { state: own.state, ...disposable(() => this.#release(pv, own)) };
  }

  /** Names that are watched now. */
  get size(): number { return this.#entries.size; }

  /** Names watched in this window that are not connected now, at most `limit` of them. Not reactive: asked when it is shown. */
  notConnected(limit: number): string[] {
    const names: string[] = [];
    for (const [pv, { state }] of this.#entries) {
      if (state.value?.connection !== 'connected') names.push(pv);
      if (names.length === limit) break;
    }
    return names;
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.bridge.listen('pv.frames', {}, (frame) => this.#apply(frame));
    this.bridge.onLost(() => this.#lose());
    this.bridge.onOpened(() => {
      for (const pv of this.#entries.keys()) this.#attachSoon(pv);
    });
  }

  #attachSoon(pv: string): void {
    this.#toAttach.add(pv);
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      const pvs = [...this.#toAttach].filter((name) => this.#entries.has(name));
      this.#toAttach.clear();
      // While the connection is not open, its opening attaches everything.
      if (pvs.length === 0 || this.bridge.state.value !== 'open') return;
      for (const name of pvs) this.#entry(name).attached = true;
      this.bridge.call('pv.attach', { pvs }).catch((error: Error) => this.#refuse(pvs, error));
    });
  }

  #entry(pv: string): Entry {
    const entry = this.#entries.get(pv);
    if (!entry) throw new Error(`${pv} is not watched`);
    return entry;
  }

  #release(pv: string, entry: Entry): void {
    entry.watchers--;
    if (entry.watchers > 0) return;
    this.#leaving.add(pv);
    if (this.#leaving.size > 1) return;
    this.times.later(() => {
      const pvs = [...this.#leaving].filter((name) => this.#entries.get(name)?.watchers === 0);
      this.#leaving.clear();
      const attached = pvs.filter((name) => this.#entries.get(name)?.attached);
      for (const name of pvs) this.#entries.delete(name);
      // Refused only when the connection is lost, and then the services have let go by themselves.
      if (attached.length > 0 && this.bridge.state.value === 'open') this.bridge.call('pv.detach', { pvs: attached }).catch(() => undefined);
    }, linger);
  }

  #apply(frame: PvFrame): void {
    for (const delta of frame.deltas) {
      const entry = this.#entries.get(delta.pv);
      if (entry) this.#put(entry, merge(entry.next ?? entry.state.value, delta));
    }
    this.#unseen++;
    this.#paintSoon();
  }

  #put(entry: Entry, state: PvState): void {
    entry.next = state;
    this.#dirty.add(entry);
    this.#paintSoon();
  }

  #paintSoon(): void {
    if (this.#painting) return;
    this.#painting = true;
    this.times.paint(() => {
      this.#painting = false;
      for (const dirty of this.#dirty) {
        dirty.state.value = dirty.next;
        dirty.next = undefined;
      }
      this.#dirty.clear();
      const frames = this.#unseen;
      this.#unseen = 0;
      // The services hold frames back from a window that does not say so in time.
      if (frames > 0 && this.bridge.state.value === 'open') this.bridge.call('pv.seen', { frames }).catch(() => undefined);
    });
  }

  /** Without services no value is live any more. */
  #lose(): void {
    for (const [pv, entry] of this.#entries) {
      entry.attached = false;
      const last = entry.next ?? entry.state.value ?? nothingKnown(pv);
      // What was never connected has no value that could be old.
      if (last.connection === 'connected' || last.connection === 'disconnected') this.#put(entry, { ...last, connection: 'disconnected', staleSince: last.staleSince ?? Date.now() });
    }
  }

  #refuse(pvs: readonly string[], error: Error): void {
    for (const pv of pvs) {
      const entry = this.#entries.get(pv);
      if (!entry || this.bridge.state.value !== 'open') continue;
      const code = 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
      this.#put(entry, { ...(entry.state.value ?? nothingKnown(pv)), connection: 'invalid', error: { code, message: error.message } });
    }
  }
}

export function nothingKnown(pv: string): PvState {
  return { pv, connection: 'connecting', value: null, severity: 'NO_ALARM', status: '', timestamp: null, staleSince: null };
}

function merge(before: PvState | undefined, { whole, ...delta }: PvDelta): PvState {
  const after = { ...(whole || !before ? nothingKnown(delta.pv) : before), ...delta };
  if (delta.connection === 'connected' && !delta.error) delete after.error;
  return after;
}

export const pvs = new PvStore(theBridge);

export interface WriteOptions { /** Resolve only when the IOC says that it is done. */ readonly wait?: boolean; readonly source?: 'panel' | 'pvs' | 'scan' }

/** Writes through the one door of the services. Resolves with what came of it; a refusal is an outcome, or an EndstationError that says why. */
export function writePv(pv: string, value: WritableValue, options: WriteOptions = {}): Promise<WriteRecord> {
  return theBridge.call('pv.write', { pv, value: wireValue(value), ...options });
}

function wireValue(value: WritableValue): ArgsIn<Contract['pv.write']>['value'] {
  if (typeof value !== 'object') return value;
  if (value instanceof Float64Array) return value;
  if (ArrayBuffer.isView(value)) return Float64Array.from(value);
  return typeof value[0] === 'string' ? value.map(String) : value.map(Number);
}
