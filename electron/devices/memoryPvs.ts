// PVs in memory for tests of devices and engine: the behaviour of PvAccess with motors, faults and no network.
import { disposable, type Disposable } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import type { PvInfo, PvState, PvValue, WritableValue, WriteRecord } from '@shared/pv';
import type { PvAccess, WriteContext, WriteOptions } from '../pv/pvAccess';

interface MemoryPv {
  state: PvState;
  readonly listeners: Set<(state: PvState) => void>;
  /** What a write does; a promise's end is the put-callback. */
  onWrite?: (value: PvValue, signal: AbortSignal | undefined) => void | Promise<void>;
}

export interface MemoryMotor { readonly position: () => number; readonly stops: () => number; readonly moves: readonly number[] }

export class MemoryPvs implements PvAccess {
  readonly #pvs = new Map<string, MemoryPv>();
  readonly writes: { pv: string; value: WritableValue; source: string }[] = [];
  #tick = 0;

  add(name: string, value: PvValue, about: Partial<PvState> = {}, onWrite?: MemoryPv['onWrite']): void {
    this.#tick += 1;
    const type = typeof value === 'string' ? 'STRING' : 'DOUBLE';
    const state: PvState = {
      pv: name, connection: 'connected', value, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: { seconds: 1_700_000_000, nanoseconds: this.#tick },
      staleSince: null, type, access: { read: true, write: true }, ...about,
    };
    this.#pvs.set(name, { state, listeners: this.#pvs.get(name)?.listeners ?? new Set(), ...(onWrite ? { onWrite } : {}) });
  }

  /** A motor record that takes `seconds` for each move; 0 arrives in the same turn. */
  addMotor(name: string, options: { seconds?: number; low?: number; high?: number; hangs?: () => boolean } = {}): MemoryMotor {
    const { seconds = 0, low = -100, high = 100, hangs = () => false } = options;
    const units = { units: 'mm', precision: 4 };
    const moves: number[] = [];
    let stops = 0;
    let end: (() => void) | null = null;
    const value = (field: string): number => Number(this.#pv(`${name}.${field}`).state.value);
    this.add(`${name}.RTYP`, 'motor');
    const onWrite = (target: PvValue): Promise<void> | void => {
      moves.push(Number(target));
      this.set(`${name}.DMOV`, 0);
      const from = value('RBV');
      if (seconds === 0 && !hangs()) {
        this.set(`${name}.RBV`, Number(target));
        this.set(`${name}.DMOV`, 1);
        return;
      }
      return new Promise((resolve) => {
        const timer = hangs() ? undefined : setTimeout(() => finish(Number(target)), seconds * 1000);
        const finish = (where: number): void => {
          clearTimeout(timer);
          end = null;
          this.set(`${name}.RBV`, where);
          this.set(`${name}.DMOV`, 1);
          resolve();
        };
        end = () => {
          this.set(`${name}.VAL`, from);
          finish(from);
        };
      });
    };
    this.add(`${name}.VAL`, 0, units, onWrite);
    this.add(name, 0, units, onWrite);
    this.add(`${name}.RBV`, 0, units);
    const plain = { DMOV: 1, HLM: high, LLM: low, VELO: 1, ACCL: 0.1, RDBD: 0.0001, SPMG: 3, HLS: 0, LLS: 0 };
    for (const [field, initial] of Object.entries(plain)) this.add(`${name}.${field}`, initial, {}, () => undefined);
    this.add(`${name}.STOP`, 0, {}, () => {
      stops += 1;
      end?.();
    });
    return { position: () => value('RBV'), stops: () => stops, moves };
  }

  set(name: string, value: PvValue): void {
    this.#change(name, { value });
  }

  disconnect(name: string): void {
    this.#change(name, { connection: 'disconnected', staleSince: 1 });
  }

  /** With `staleSince` the value is still that of before. */
  reconnect(name: string, about: Partial<PvState> = {}): void {
    this.#change(name, { connection: 'connected', staleSince: null, ...about });
  }

  #change(name: string, change: Partial<PvState>): void {
    const pv = this.#pv(name);
    this.#tick += 1;
    pv.state = { ...pv.state, timestamp: { seconds: 1_700_000_000, nanoseconds: this.#tick }, ...change };
    for (const listener of [...pv.listeners]) listener(pv.state);
  }

  #pv(name: string): MemoryPv {
    let pv = this.#pvs.get(name);
    if (!pv) {
      pv = {
        state: { pv: name, connection: 'connecting', value: null, severity: 'INVALID', status: 'UDF', timestamp: null, staleSince: null },
        listeners: new Set(),
      };
      this.#pvs.set(name, pv);
    }
    return pv;
  }

  watch(name: string, listener: (state: PvState) => void): Disposable {
    const pv = this.#pv(name);
    pv.listeners.add(listener);
    queueMicrotask(() => {
      if (pv.listeners.has(listener)) listener(this.#pv(name).state);
    });
    return disposable(() => pv.listeners.delete(listener));
  }

  peek(name: string): PvState | undefined {
    return this.#pvs.get(name)?.state;
  }

  async ready(name: string, options: { timeout?: number; signal?: AbortSignal } = {}): Promise<PvState> {
    const pv = this.#pv(name);
    if (pv.state.connection === 'connected') return pv.state;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watch.dispose();
        reject(new EndstationError('TIMEOUT', `${name} did not answer.`));
      }, (options.timeout ?? 3) * 20);
      const watch = this.watch(name, (state) => {
        if (state.connection !== 'connected') return;
        clearTimeout(timer);
        watch.dispose();
        resolve(state);
      });
    });
  }

  async read(name: string): Promise<PvState> {
    const { state } = this.#pv(name);
    if (state.connection !== 'connected') throw new EndstationError('TIMEOUT', `${name} did not answer.`);
    return state;
  }

  info(name: string): Promise<PvInfo> {
    return Promise.reject(new EndstationError('TIMEOUT', `${name} has no server.`));
  }

  async write(name: string, value: WritableValue, context: WriteContext, options: WriteOptions = {}): Promise<WriteRecord> {
    const pv = this.#pv(name);
    if (pv.state.connection !== 'connected') throw new EndstationError('DISCONNECTED', `${name} is not connected.`);
    if (context.observer) throw new EndstationError('OBSERVER', 'Observers can not write.');
    this.writes.push({ pv: name, value, source: context.source });
    const plain = typeof value === 'boolean' ? Number(value) : Array.isArray(value) ? Float64Array.from(value as readonly number[]) : value as PvValue;
    this.set(name, plain);
    const done = pv.onWrite?.(plain, options.signal);
    if (options.wait) await done;
    return { id: this.writes.length, pv: name, time: 0, user: context.user, source: context.source, old: null, value: String(value), outcome: options.wait ? 'done' : 'sent' };
  }
}
