// PvService: one shared subscription per PV for all viewers, whatever scheme it comes by, and the one way to write.
import { disposable, type Disposable } from '@shared/disposable';
import { toErrorData } from '@shared/errors';
import type { PvInfo, PvState, WritableValue, WriteRecord } from '@shared/pv';
import type { PvAccess, WriteContext, WriteOptions } from './pvAccess';
import { PvError } from './pvError';
import { parsePvName, type PvName, type Scheme } from './pvName';
import type { EventMask, OpenPv, PvSink, PvSource, SourceReading } from './pvSource';
import { SharedPv } from './sharedPv';
import { silentPv, WaitingSource } from './waitingSource';
import type { Writer } from './writer';

/** Seconds that a request waits where the caller does not say. */
const defaultTimeout = 3;
/** Milliseconds that a PV stays open after its last viewer left, so that a change of tab does not connect again. */
const linger = 2000;

/** Milliseconds of a first search in which nobody calls a PV missing. */
const searchTime = 5000;

export interface PvStatistics {
  /** Watched by somebody. */
  readonly pvs: number;
  /** Of these, not connected now. */
  readonly disconnected: number;
  /** Of the disconnected, in the first seconds of their search. */
  readonly connecting: number;
  /** Updates since the start. */
  readonly received: number;
}

export class PvService implements PvAccess {
  #pvs = new Map<string, SharedPv>();
  #lingering = new Map<SharedPv, ReturnType<typeof setTimeout>>();
  #sources: Partial<Record<Scheme, PvSource>>;
  #network: PvSource = new WaitingSource();
  #pva: PvSource | undefined = new WaitingSource();
  #inUse = false;
  #waiting: (() => void)[] = [];
  #received = 0;
  #closed = false;

  /** `sources`: all but `ca` and `pva`, which come with a profile by `useNetwork`. */
  constructor(sources: Partial<Record<Exclude<Scheme, 'ca' | 'pva'>, PvSource>>, private readonly writer: Writer) {
    this.#sources = sources;
  }

  watch(pv: string, listener: (state: PvState) => void): Disposable {
    const name = parsePvName(pv);
    if (!name) return this.#watchInvalid(pv, listener);
    const shared = this.#acquire(name);
    return shared.watch(pv === name.key ? listener : (state) => listener({ ...state, pv }));
  }

  #watchInvalid(pv: string, listener: (state: PvState) => void): Disposable {
    let live = true;
    const error = toErrorData(badName(pv));
    queueMicrotask(() => {
      if (live) listener({ pv, connection: 'invalid', value: null, severity: 'INVALID', status: 'UDF', timestamp: null, staleSince: null, error });
    });
    return disposable(() => { live = false; });
  }

  peek(pv: string): PvState | undefined {
    const name = parsePvName(pv);
    const shared = name ? this.#pvs.get(name.key) : undefined;
    return shared?.started ? { ...shared.state, pv } : undefined;
  }

  ready(pv: string, options: { timeout?: number; signal?: AbortSignal } = {}): Promise<PvState> {
    const timeout = options.timeout ?? defaultTimeout;
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', onAbort);
        watching.dispose();
        act();
      };
      const onAbort = () => end(() => reject(new PvError('ABORTED', `Waiting for ${pv} was cancelled.`)));
      const timer = setTimeout(() => end(() => reject(notFound(pv, timeout))), timeout * 1000);
      const watching = this.watch(pv, (state) => {
        if (state.connection === 'invalid') end(() => reject(new PvError('INVALID_NAME', state.error?.message ?? `${pv} can not be used.`)));
        else if (state.connection === 'connected' && state.value !== null && state.staleSince === null) end(() => resolve(state));
      });
      options.signal?.addEventListener('abort', onAbort, { once: true });
      if (options.signal?.aborted) onAbort();
    });
  }

  async read(pv: string, options: { timeout?: number; signal?: AbortSignal; as?: 'native' | 'string'; count?: number } = {}): Promise<PvState> {
    const { timeout = defaultTimeout, ...rest } = options;
    return this.#with(pv, timeout, async (source) => stateOf(pv, await source.read({ timeout, ...rest })));
  }

  async info(pv: string, options: { timeout?: number } = {}): Promise<PvInfo> {
    const { timeout = defaultTimeout } = options;
    return this.#with(pv, timeout, async (source) => ({ pv, ...await source.info({ timeout }) }));
  }

  async write(pv: string, value: WritableValue, context: WriteContext, options: WriteOptions = {}): Promise<WriteRecord> {
    const name = parsePvName(pv);
    if (!name) return this.writer.refuse(pv, value, context, badName(pv));
    const shared = this.#acquire(name);
    const hold = shared.hold();
    try {
      if (ofNetwork(name) && !this.#inUse) await this.#untilInUse(defaultTimeout);
      return await this.writer.write(pv, shared, value, context, options, async (other) => { const state = await this.read(other); return typeof state.value === 'number' ? state.value : Number.NaN; });
    } finally {
      hold.dispose();
    }
  }

  /**
   * A subscription of its own, not shared, with the caller's event mask. The listener hears each event (`value`) and each change of
   * the connection, with all that is known then.
   */
  subscribe(pv: string, mask: EventMask, listener: (state: PvState, what: 'value' | 'connection') => void): Disposable {
    const name = parsePvName(pv);
    if (!name) return this.#watchInvalid(pv, (state) => listener(state, 'connection'));
    let what: 'value' | 'connection' | 'metadata' = 'metadata';
    const events: PvSink = {
      change(change) {
        what = 'value' in change ? 'value' : 'connection' in change ? 'connection' : 'metadata';
        shared.change(change);
      },
      metadata(metadata) { what = 'metadata'; shared.metadata(metadata); },
    };
    const shared = new SharedPv(name.key, { onUpdate: () => { if (what !== 'metadata') listener({ ...shared.state, pv }, what); }, onIdle: () => undefined });
    const open = this.#open(name, events, mask);
    open.start();
    return disposable(() => {
      open.dispose();
    });
  }

  /** Moves every PV of the control system over to another network; nothing of the old one is kept. */
  async useNetwork(network: PvSource, pva?: PvSource): Promise<void> {
    const old = [this.#network, this.#pva];
    this.#network = network;
    this.#pva = pva;
    for (const shared of this.#pvs.values()) {
      const name = parsePvName(shared.key);
      if (name && ofNetwork(name)) shared.attach((sink) => this.#open(name, sink));
    }
    this.#inUse = true;
    for (const go of this.#waiting.splice(0)) go();
    await Promise.all(old.map((source) => source?.dispose()));
  }

  get statistics(): PvStatistics {
    let pvs = 0;
    let disconnected = 0;
    let connecting = 0;
    const searchingAt = Date.now() - searchTime;
    for (const shared of this.#pvs.values()) {
      if (!shared.watched) continue;
      pvs += 1;
      if (shared.state.connection !== 'connected') disconnected += 1;
      if (shared.state.connection === 'connecting' && shared.askedSince > searchingAt) connecting += 1;
    }
    return { pvs, disconnected, connecting, received: this.#received };
  }

  /** Names that were asked for and found. */
  connectedNames(): string[] {
    return [...this.#pvs.values()].filter((shared) => shared.state.connection === 'connected').map((shared) => shared.key);
  }

  #acquire(name: PvName): SharedPv {
    if (this.#closed) throw new PvError('ABORTED', `${name.key} can not be opened: the application is closing.`);
    const known = this.#pvs.get(name.key);
    if (known) {
      clearTimeout(this.#lingering.get(known));
      this.#lingering.delete(known);
      return known;
    }
    const shared = new SharedPv(name.key, { onUpdate: () => { this.#received += 1; }, onIdle: (idle) => this.#onIdle(idle) });
    this.#pvs.set(name.key, shared);
    shared.attach((sink) => this.#open(name, sink));
    return shared;
  }

  #open(name: PvName, sink: PvSink, mask?: EventMask): OpenPv {
    const source = name.scheme === 'ca' ? this.#network : name.scheme === 'pva' ? this.#pva : this.#sources[name.scheme];
    try {
      return source ? source.open(name.name, sink, mask) : silentPv(sink, unsupported(name), 'invalid');
    } catch (error) {
      const told = error instanceof PvError ? error : new PvError('INVALID_NAME', `${name.key} can not be used: ${toErrorData(error).message}`, { cause: error });
      return silentPv(sink, told, 'invalid');
    }
  }

  #onIdle(shared: SharedPv): void {
    if (this.#closed || this.#lingering.has(shared)) return;
    this.#lingering.set(shared, setTimeout(() => {
      this.#lingering.delete(shared);
      this.#pvs.delete(shared.key);
      shared.close();
    }, linger));
  }

  /** A request made while the application starts waits for the profile, as it would for a connection. */
  #untilInUse(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #with<T>(pv: string, timeout: number, act: (source: OpenPv) => Promise<T>): Promise<T> {
    const name = parsePvName(pv);
    if (!name) throw badName(pv);
    const shared = this.#acquire(name);
    const hold = shared.hold();
    try {
      if (ofNetwork(name) && !this.#inUse) await this.#untilInUse(timeout);
      return await act(shared.source);
    } finally {
      hold.dispose();
    }
  }

  async dispose(): Promise<void> {
    this.#closed = true;
    for (const go of this.#waiting.splice(0)) go();
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    for (const shared of this.#pvs.values()) shared.close();
    this.#pvs.clear();
    await Promise.all([this.#network, this.#pva, ...Object.values(this.#sources)].map((source) => source?.dispose()));
  }
}

function stateOf(pv: string, reading: SourceReading): PvState {
  return {
    pv, connection: 'connected', value: null, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null, staleSince: null,
    ...reading.change, ...reading.metadata,
  };
}

function notFound(pv: string, seconds: number): PvError {
  return new PvError('TIMEOUT', `${pv} gave no value within ${seconds} s: no server answers for it. Check the name, that its IOC runs, and the addresses of the profile.`);
}

function badName(pv: string): PvError {
  return new PvError('INVALID_NAME', `"${pv}" is not the name of a PV: it is empty, has a blank, or begins with an unknown scheme. Schemes: ca://, pva://, sim://, loc://.`);
}

/** It comes from the control system, by whatever protocol, and moves with the profile. */
function ofNetwork(name: PvName): boolean {
  return name.scheme === 'ca' || name.scheme === 'pva';
}

function unsupported(name: PvName): PvError {
  if (name.scheme === 'pva') return new PvError('UNSUPPORTED', `${name.key} can not be used: there is no pvAccess client here. Use the PV's Channel Access name, without pva://.`);
  return new PvError('UNSUPPORTED', `${name.key} can not be used: formulas (eq://) are not supported yet. Use the PV itself.`);
}
