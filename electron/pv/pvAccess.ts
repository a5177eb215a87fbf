// What the other rooms may do with PVs. PvService implements it; tests of devices and engine may use one in memory.
import type { Disposable } from '@shared/disposable';
import type { PvInfo, PvState, WritableValue, WriteRecord } from '@shared/pv';

export interface WriteContext {
  /** `panel`, `pvs`, `scan`, `stop`, `cli`. */
  readonly source: string;
  readonly user: string;
  /** An observer's write is refused with `OBSERVER`. */
  readonly observer?: boolean;
}
export interface WriteOptions {
  /** Wait for the put-callback; the record's outcome is then `done`. */
  readonly wait?: boolean;
  /** Seconds; 0: no limit (a move may be long). Default 10. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface PvAccess {
  /** Shares one subscription per PV. The listener hears every update, first (in a later tick) the state as it is. */
  watch(pv: string, listener: (state: PvState) => void): Disposable;
  /** The state now, where somebody watches it. */
  peek(pv: string): PvState | undefined;
  /** Waits until it is connected and has a value. Fails with `TIMEOUT` after `timeout` seconds (default 3). */
  ready(pv: string, options?: { timeout?: number; signal?: AbortSignal }): Promise<PvState>;
  /** Asks the server now, past all caches: a value that is fresh. Units and limits included. */
  read(pv: string, options?: { timeout?: number; signal?: AbortSignal; as?: 'native' | 'string'; count?: number }): Promise<PvState>;
  info(pv: string, options?: { timeout?: number }): Promise<PvInfo>;
  /** The only way to write: checks observer, access, type, state names, limits; records old -> new. Throws an EndstationError where refused or failed. */
  write(pv: string, value: WritableValue, context: WriteContext, options?: WriteOptions): Promise<WriteRecord>;
}
