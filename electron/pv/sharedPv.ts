// One PV of the service: its state, whoever watches it, and the source's end that feeds it.
import { disposable, type Disposable } from '@shared/disposable';
import type { PvConnection, PvState } from '@shared/pv';
import { metadataKeys, type OpenPv, type PvChange, type PvMetadata, type PvSink } from './pvSource';

export type PvListener = (state: PvState) => void;

function blank(pv: string, connection: PvConnection): PvState {
  return { pv, connection, value: null, severity: 'INVALID', status: 'UDF', timestamp: null, staleSince: null };
}

export class SharedPv implements PvSink {
  #state: PvState;
  #watchers = new Set<PvListener>();
  #viewers = 0;
  #holds = 0;
  #started = false;
  #open: OpenPv | null = null;
  #askedSince = 0;

  /** `onUpdate` is told of every change of the state, `onIdle` when nobody holds it any more. */
  constructor(readonly key: string, private readonly events: { onUpdate: () => void; onIdle: (shared: SharedPv) => void }) {
    this.#state = blank(key, 'connecting');
  }

  get state(): PvState { return this.#state; }
  /** Unix milliseconds since when its source was asked for it. */
  get askedSince(): number { return this.#askedSince; }
  get watched(): boolean { return this.#viewers > 0; }
  get held(): boolean { return this.#holds > 0; }
  get started(): boolean { return this.#started; }
  get source(): OpenPv {
    if (!this.#open) throw new RangeError(`${this.key} is not open.`);
    return this.#open;
  }

  /** Takes the source's end; an earlier one is left, and nothing of its network is kept. */
  attach(open: (sink: PvSink) => OpenPv): void {
    const moved = this.#open !== null;
    this.#askedSince = Date.now();
    this.#open?.dispose();
    this.#open = null;
    if (moved) this.#set(blank(this.key, 'connecting'));
    let own: OpenPv | null = null;
    const current = () => own === null || own === this.#open;
    own = open({ change: (change) => { if (current()) this.change(change); }, metadata: (metadata) => { if (current()) this.metadata(metadata); } });
    this.#open = own;
    if (this.#started) own.start();
  }

  hold(): Disposable {
    this.#holds += 1;
    return disposable(() => {
      this.#holds -= 1;
      if (this.#holds === 0) this.events.onIdle(this);
    });
  }

  watch(listener: PvListener): Disposable {
    const hold = this.hold();
    const own: PvListener = (state) => listener(state);
    let live = true;
    this.#viewers += 1;
    // Never before the caller has its Disposable: a local PV tells its value at once.
    queueMicrotask(() => {
      if (!live) return;
      this.#watchers.add(own);
      own(this.#state);
    });
    if (!this.#started) {
      this.#started = true;
      this.source.start();
    }
    return disposable(() => {
      live = false;
      this.#viewers -= 1;
      this.#watchers.delete(own);
      hold.dispose();
    });
  }

  change(change: PvChange): void {
    const next: PvState = { ...this.#state, ...change };
    const lost = change.connection !== undefined && change.connection !== 'connected' && this.#state.connection === 'connected';
    this.#set(lost && next.value !== null ? { ...next, staleSince: this.#state.staleSince ?? Date.now() } : next);
  }

  metadata(metadata: PvMetadata): void {
    const next: Record<string, unknown> = { ...this.#state };
    for (const key of metadataKeys) delete next[key];
    this.#set({ ...(next as unknown as PvState), ...metadata });
  }

  #set(state: PvState): void {
    this.#state = state;
    this.events.onUpdate();
    for (const watcher of [...this.#watchers]) watcher(state);
  }

  close(): void {
    this.#watchers.clear();
    this.#open?.dispose();
    this.#open = null;
  }
}
