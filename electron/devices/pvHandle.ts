// One PV as a device needs it: the latest state, fresh values, writes; each wait ends at once when the PV disconnects.
import { disposable, Emitter, type Disposable } from '@shared/disposable';
import type { DataKey } from '@shared/documents';
import type { PvState, WritableValue } from '@shared/pv';
import type { Reading } from '@shared/messages';
import type { PvAccess, WriteContext } from '../pv/pvAccess';
import { DisconnectedError, InterruptedError } from './device';
import { numpyType } from './numpyType';

/** Seconds in which a connected server must answer a get. */
const readTimeout = 5;
/** Arrivals kept to know how often a PV updates by itself. */
const remembered = 6;

function isLive(state: PvState): boolean {
  return state.connection === 'connected' && state.staleSince === null;
}

export class PvHandle implements Disposable {
  #state: PvState;
  readonly #watch: Disposable;
  readonly #changes = new Emitter<PvState>();
  readonly #arrivals: number[] = [];

  constructor(private readonly access: PvAccess, readonly name: string) {
    this.#state = access.peek(name) ?? { pv: name, connection: 'connecting', value: null, severity: 'INVALID', status: 'UDF', timestamp: null, staleSince: null };
    this.#watch = access.watch(name, (state) => this.#receive(state));
  }

  #receive(state: PvState): void {
    const before = this.#state;
    this.#state = state;
    const isNew = state.timestamp !== null
      && (before.timestamp?.seconds !== state.timestamp.seconds || before.timestamp.nanoseconds !== state.timestamp.nanoseconds);
    if (isNew && this.#arrivals.push(performance.now()) > remembered) this.#arrivals.shift();
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
      const isNew = state.timestamp !== null && (state.timestamp.seconds !== timestamp?.seconds || state.timestamp.nanoseconds !== timestamp.nanoseconds);
      if (!isNew || !isLive(state) || state.value === null) return;
      timestamp = state.timestamp;
      listener(state);
    });
  }

  /** Milliseconds between the updates that the PV makes by itself; null where it makes none. */
  get period(): number | null {
    const last = this.#arrivals[this.#arrivals.length - 1];
    if (last === undefined || this.#arrivals.length < 4) return null;
    const gaps = this.#arrivals.slice(1).map((at, index) => at - (this.#arrivals[index] ?? at)).sort((a, b) => a - b);
    const median = gaps[Math.floor(gaps.length / 2)] ?? 0;
    return performance.now() - last > 3 * median + 50 ? null : median;
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

  /** Asks the server. Errors: `DisconnectedError`, `InterruptedError`. */
  async get(signal: AbortSignal): Promise<PvState> {
    if (!this.connected) throw this.disconnected();
    try {
      return await this.guard(this.access.read(this.name, { timeout: readTimeout, signal }), signal, `Reading ${this.name}`);
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

  /** The next update that arrives; null after `milliseconds`. */
  next(milliseconds: number, signal: AbortSignal): Promise<PvState | null> {
    const { timestamp } = this.#state;
    return this.#wait((state) => state.timestamp !== null
      && (state.timestamp.seconds !== timestamp?.seconds || state.timestamp.nanoseconds !== timestamp.nanoseconds), milliseconds, signal);
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
      const end = (): void => {
        signal.removeEventListener('abort', onAbort);
        listener.dispose();
      };
      const onAbort = (): void => {
        end();
        reject(new InterruptedError(what));
      };
      const listener = this.on((state) => {
        if (state.connection === 'connected') return;
        end();
        reject(this.disconnected());
      });
      promise.then((value) => {
        end();
        resolve(value);
      }, (error: unknown) => {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
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
