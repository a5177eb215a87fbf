// Carries a write through the gate to its source, and records what came of it.
import { toErrorData } from '@shared/errors';
import type { Limits, PvState, WritableValue, WriteRecord } from '@shared/pv';
import { beyondLimits, motorFieldOf } from './motorFields';
import type { WriteContext, WriteOptions } from './pvAccess';
import { PvError, type PvErrorCode } from './pvError';
import { parsePvName } from './pvName';
import type { SharedPv } from './sharedPv';
import { valueText } from './valueText';
import { checkWrite, type GateResult } from './writeGate';
import type { WriteLog } from './writeLog';

/** Seconds to connect, and to hear of a put-callback, where the caller does not say. */
const connectTimeout = 3;
const putTimeout = 10;

/** Asks the server for a number; NaN where it is none. */
export type ReadNumber = (pv: string) => Promise<number>;

export interface ProfileLimit extends Limits { readonly pv: string }
/** What a profile says about writes. */
export interface WriteRules { readonly profile: string; readonly limits: readonly ProfileLimit[] }

type Attempt = Pick<WriteRecord, 'id' | 'pv' | 'time' | 'user' | 'source' | 'value' | 'old'>;

/** Codes of the protocol's client that mean "refused, nothing was written". */
const refusedBy: Readonly<Record<string, PvErrorCode>> = {
  NO_WRITE_ACCESS: 'READ_ONLY', BAD_TYPE: 'WRONG_TYPE', BAD_COUNT: 'WRONG_TYPE', TOO_LARGE: 'WRONG_TYPE',
};
/** With a put-callback these leave open whether the write was done. */
const unknownAfter = new Set(['PUT_OUTCOME_UNKNOWN', 'TIMEOUT', 'DISCONNECTED', 'ABORTED', 'CLOSED']);

export class Writer {
  #rules: WriteRules = { profile: '', limits: [] };

  constructor(readonly log: WriteLog) {}

  useRules(rules: WriteRules): void { this.#rules = rules; }

  /** Records a refusal and throws it. */
  refuse(pv: string, value: WritableValue, context: WriteContext, error: PvError): never {
    return this.#end(this.#attempt(pv, value, context), 'refused', error);
  }

  /** `shared` is held open by the caller meanwhile. */
  async write(pv: string, shared: SharedPv, value: WritableValue, context: WriteContext, options: WriteOptions, read?: ReadNumber): Promise<WriteRecord> {
    let attempt = this.#attempt(pv, value, context);
    if (context.observer) {
      return this.#end(attempt, 'refused', new PvError('OBSERVER', `${pv} was not written: this window only observes. Write from a window that is not an observer's.`));
    }
    const { result, state } = await this.#check(pv, shared, value, attempt, options);
    attempt = { ...attempt, old: state.value === null ? null : valueText(state.value, state.states), value: valueText(value, state.type === 'ENUM' ? state.states : undefined) };
    if (!result.ok) return this.#end(attempt, 'refused', new PvError(result.code, result.message));
    const beyond = read ? await this.#beyond(pv, result.value, read) : null;
    if (beyond !== null) return this.#end(attempt, 'refused', new PvError('OUT_OF_LIMITS', `${pv} was not written: ${beyond}.`));
    const wait = options.wait ?? false;
    if (wait) this.log.put({ ...attempt, outcome: 'sent' });
    try {
      await shared.source.write(result.value, { wait, timeout: options.timeout ?? putTimeout, ...(options.signal ? { signal: options.signal } : {}) });
    } catch (error) {
      return this.#failed(attempt, error, wait);
    }
    return this.log.put({ ...attempt, outcome: wait ? 'done' : 'sent' });
  }

  /** By what is known where that is fresh; a refusal is only given after the server was asked for its present limits and states. */
  async #check(pv: string, shared: SharedPv, value: WritableValue, attempt: Attempt, options: WriteOptions): Promise<{ result: GateResult; state: PvState }> {
    const known: PvState = { ...shared.state, pv };
    const check = (state: PvState): GateResult => {
      const limits = this.#limitsOf(pv);
      return checkWrite({ state, capacity: shared.source.capacity, profile: this.#rules.profile, ...(limits ? { limits } : {}) }, value);
    };
    if (shared.started && known.connection === 'connected' && shared.source.fresh && known.staleSince === null) {
      const result = check(known);
      if (result.ok) return { result, state: known };
    } else if (known.connection === 'disconnected') {
      return { result: check(known), state: known };
    }
    try {
      const timeout = options.timeout !== undefined && options.timeout > 0 ? options.timeout : connectTimeout;
      const { change, metadata } = await shared.source.present({ timeout, ...(options.signal ? { signal: options.signal } : {}) });
      const state: PvState = { pv, connection: 'connected', value: null, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null, staleSince: null, ...change, ...metadata };
      return { result: check(state), state };
    } catch (error) {
      const { code, message } = toErrorData(error);
      const asIs = error instanceof PvError || code === 'ABORTED';
      const refusal = asIs ? new PvError(error instanceof PvError ? error.code : 'ABORTED', message)
        : new PvError('DISCONNECTED', `${pv} was not written: ${message} Nothing was sent.`, { cause: error });
      return this.#end(attempt, 'refused', refusal);
    }
  }

  /** The limits of a motor hold for its other fields that move it too. */
  async #beyond(pv: string, value: WritableValue, read: ReadNumber): Promise<string | null> {
    const motor = motorFieldOf(pv);
    const limits = motor ? this.#limitsOf(motor.record) : undefined;
    if (!motor || !limits) return null;
    const known = new Map(await Promise.all(motor.needs.map(async (field) => [field, await read(`${motor.record}.${field}`).catch(() => Number.NaN)] as const)));
    return beyondLimits(motor, value, limits, (field) => known.get(field) ?? Number.NaN);
  }

  #failed(attempt: Attempt, error: unknown, wait: boolean): never {
    const { code, message } = toErrorData(error);
    const refusal = refusedBy[code];
    if (refusal) return this.#end(attempt, 'refused', new PvError(refusal, `${attempt.pv} was not written: ${message}`, { cause: error }));
    if (wait && unknownAfter.has(code)) {
      const why = code === 'ABORTED' ? 'waiting for its completion was cancelled' : code === 'TIMEOUT' ? 'its completion did not come in time' : 'the connection was lost before its completion came';
      return this.#end(attempt, 'unknown', new PvError(code === 'ABORTED' ? 'ABORTED' : 'OUTCOME_UNKNOWN',
        `It is not known whether ${attempt.pv} took ${attempt.value}: ${why}. Look at its value before you write again.`, { cause: error }));
    }
    const known: PvErrorCode = code === 'DISCONNECTED' || code === 'TIMEOUT' || code === 'ABORTED' ? code : 'PUT_FAILED';
    return this.#end(attempt, 'failed', new PvError(known, `${attempt.pv} was not written: ${message}`, { cause: error }));
  }

  #attempt(pv: string, value: WritableValue, context: WriteContext): Attempt {
    return { id: this.log.nextId(), pv, time: Date.now(), user: context.user, source: context.source, old: null, value: valueText(value) };
  }

  #end(attempt: Attempt, outcome: 'refused' | 'failed' | 'unknown', error: PvError): never {
    this.log.put({ ...attempt, outcome, error: toErrorData(error) });
    throw error;
  }

  #limitsOf(pv: string): Limits | undefined {
    const key = limitKey(pv);
    return this.#rules.limits.find((limit) => limitKey(limit.pv) === key);
  }
}

/** `X`, `X.VAL`, `ca://X` and `pva://X` are one field. */
function limitKey(pv: string): string {
  const name = parsePvName(pv);
  const key = name?.scheme === 'pva' ? name.name : name?.key ?? pv;
  return key.replace(/\.VAL$/, '');
}
