// One PV as a device needs it: the latest state, fresh values, writes; each wait ends at once when the PV disconnects.
import { disposable, Emitter, type Disposable } from '@shared/disposable';
import type { DataKey } from '@shared/documents';
import type { PvState, Timestamp, WritableValue } from '@shared/pv';
import type { Reading } from '@shared/messages';
import type { PvAccess, WriteContext } from '../pv/pvAccess';
import { onAbort } from './abortable';
import { DisconnectedError, InterruptedError } from './device';
import { numpyType } from './numpyType';

/** Seconds in which a connected server must answer a get. */
const readTimeout = 5;
/** Updates kept to know how often a PV updates by itself. */
const remembered = 6;

export function isSameTime(one: Timestamp | null, other: Timestamp | null): boolean {
  return one?.seconds === other?.seconds && one?.nanoseconds === other?.nanoseconds;
}

/** Both by the same server's clock. A time is later than none. */
export function isLater(one: Timestamp | null, other: Timestamp | null): boolean {
  if (one === null || other === null) return one !== null && other === null;
  return one.seconds > other.seconds || (one.seconds === other.seconds && one.nanoseconds > other.nanoseconds);
}

/** Of the distances between neighbours. */
function medianGap(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time))).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? 0;
}

function isLive(state: PvState): boolean {
  return state.connection === 'connected' && state.staleSince === null;
}

export class PvHandle implements Disposable {
  #state: PvState;
  readonly #watch: Disposable;
  readonly #changes = new Emitter<PvState>();
  /** The latest ones: when they came, and the server's time of them; milliseconds. */
  readonly #updates: { readonly at: number; readonly stamp: number }[] = [];

  constructor(private readonly access: PvAccess, readonly name: string) {
    this.#state = access.peek(name) ?? { pv: name, connection: 'connecting', value: null, severity: 'INVALID', status: 'UDF', timestamp: null, staleSince: null };
    this.#watch = access.watch(name, (state) => this.#receive(state));
  }

  #receive(state: PvState): void {
    const before = this.#state;
    this.#state = state;
    if (state.timestamp !== null && !isSameTime(state.timestamp, before.timestamp)) {
      this.#updates.push({ at: performance.now(), stamp: state.timestamp.seconds * 1000 + state.timestamp.nanoseconds / 1e6 });
      if (this.#updates.length > remembered) this.#updates.shift();
    }
    this.#changes.emit(state);
  }

  get state(): PvState { return this.#state; }
  /** Connected, and with a value: after a reconnection only once one came. */
  get connected(): boolean { return isLive(this.#state) && this.#state.value !== null; }
  /** The latest number, null where there is none or it is stale. */
  get number(): number | null {
    return this.connected && typeof this.#state.value === 'number' ? this.#state.value : null;
  }

  on(listener: (state: PvState) => void): Disposable {
    return this.#changes.on(listener);
  }

  /** Every new value while it is connected, none of before. */
  onValue(listener: (state: PvState) => void): Disposable {
    let { timestamp } = this.#state;
    return this.#changes.on((state) => {
      const isNew = state.timestamp !== null && !isSameTime(state.timestamp, timestamp);
      if (!isNew || !isLive(state) || state.value === null) return;
      timestamp = state.timestamp;
      listener(state);
    });
  }

  /**
   * Milliseconds between the last updates; null where too few are known. By the server's times and by ours, whichever is longer: a program
   * that was held up gets many at once, and a server's clock may be set. It says nothing of whether updates still come.
   */
  get period(): number | null {
    if (this.#updates.length < 4) return null;
    return Math.max(medianGap(this.#updates.map(({ at }) => at)), medianGap(this.#updates.map(({ stamp }) => stamp)));
  }

  disconnected(): DisconnectedError {
    const why = this.#state.connection === 'invalid' ? (this.#state.error?.message ?? 'its name can not be used')
      : this.#state.connection === 'connecting' ? 'no server answers for it'
      : this.#state.connection === 'connected' ? 'its server is back, but gave no new value yet' : 'its server is gone';
    return new DisconnectedError(this.name, `${this.name} is not connected: ${why}. Check the name, that its IOC runs, and the profile's addresses.`);
  }

  /** Errors: `DisconnectedError` after `timeout` seconds. */
  async ready(timeout: number, signal?: AbortSignal): Promise<void> {
    if (this.connected) return;
    try {
      const state = await this.access.ready(this.name, { timeout, ...(signal ? { signal } : {}) });
      // The watcher hears of it a tick later.
      if (!this.connected) this.#state = state;
    } catch (error) {
      if (signal?.aborted) throw new InterruptedError(`Connecting to ${this.name}`);
      const own = this.disconnected();
      throw new DisconnectedError(this.name, own.message, { cause: error });
    }
  }

  /** Asks the server. `count`: of an array only so many elements. Errors: `DisconnectedError`, `InterruptedError`. */
  async get(signal: AbortSignal, count?: number): Promise<PvState> {
    if (!this.connected) throw this.disconnected();
    try {
      return await this.guard(this.access.read(this.name, { timeout: readTimeout, signal, ...(count === undefined ? {} : { count }) }), signal, `Reading ${this.name}`);
    } catch (error) {
      if (error instanceof InterruptedError || error instanceof DisconnectedError) throw error;
      if (signal.aborted) throw new InterruptedError(`Reading ${this.name}`);
      if (!this.connected) throw this.disconnected();
      const reason = error instanceof Error ? error.message : String(error);
      throw new DisconnectedError(this.name, `${this.name} could not be read: ${reason}`, { cause: error });
    }
  }

  /** `seconds`: 0 is no limit. Errors: those of `PvAccess.write`, `DisconnectedError`, `InterruptedError`. */
  async put(value: WritableValue, writer: WriteContext, options: { wait: boolean; seconds: number; signal: AbortSignal }): Promise<void> {
    if (!this.connected) throw this.disconnected();
    const { wait, seconds, signal } = options;
    await this.guard(this.access.write(this.name, value, writer, { wait, timeout: seconds, signal }), signal, `Writing ${this.name}`);
  }

  /** The next state for which it holds, this one included; null after `milliseconds`. Errors: `DisconnectedError`, `InterruptedError`. */
  until(holds: (state: PvState) => boolean, milliseconds: number, signal: AbortSignal): Promise<PvState | null> {
    if (this.connected && holds(this.#state)) return Promise.resolve(this.#state);
    return this.#wait(holds, milliseconds, signal);
  }

  #wait(holds: (state: PvState) => boolean, milliseconds: number, signal: AbortSignal): Promise<PvState | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let listener: Disposable = disposable(() => undefined);
    const found = new Promise<PvState | null>((resolve) => {
      listener = this.on((state) => {
        if (isLive(state) && holds(state)) resolve(state);
      });
      if (Number.isFinite(milliseconds)) timer = setTimeout(() => resolve(null), Math.min(milliseconds, 2 ** 31 - 1));
    });
    return this.guard(found, signal, `Waiting for ${this.name}`).finally(() => {
      clearTimeout(timer);
      listener.dispose();
    });
  }

  /** The promise, unless the PV disconnects or the signal fires before it. */
  guard<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        end();
        reject(new InterruptedError(what));
      };
      const forget = onAbort(signal, giveUp);
      const listener = this.on((state) => {
        if (state.connection === 'connected') return;
        end();
        reject(this.disconnected());
      });
      const end = (): void => {
        forget();
        listener.dispose();
      };
      promise.then((value) => {
        end();
        resolve(value);
      }, (error: unknown) => {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
      if (signal.aborted) giveUp();
    });
  }

  /** Unix seconds of a state: the control system's time, or `fallback` where it gives none. */
  static time(state: PvState, fallback: number): number {
    return state.timestamp ? state.timestamp.seconds + state.timestamp.nanoseconds / 1e9 : fallback;
  }

  static reading(state: PvState): Reading {
    const { value } = state;
    return { value: value ?? Number.NaN, timestamp: PvHandle.time(state, Date.now() / 1000) };
  }

  /** What the PV's data are, as it is now. */
  dataKey(objectName: string): DataKey {
    const { value, type, units, precision, states, count } = this.#state;
    const isArray = typeof value === 'object' && value !== null;
    const numbers = ArrayBuffer.isView(value) ? value : null;
    const whole = type === 'SHORT' || type === 'LONG' || type === 'CHAR' || type === 'ENUM';
    return {
      source: this.name.includes('://') ? this.name : `ca://${this.name}`,
      dtype: isArray ? 'array' : typeof value === 'string' ? 'string' : whole ? 'integer' : 'number',
      shape: isArray ? [value.length || (count ?? 0)] : [],
      object_name: objectName,
      ...(units ? { units } : {}), ...(precision !== undefined && !whole ? { precision } : {}), ...(states ? { choices: states } : {}),
      ...(numbers ? { dtype_numpy: numpyType(numbers) } : {}),
    };
  }

  dispose(): void {
    this.#watch.dispose();
  }
}
