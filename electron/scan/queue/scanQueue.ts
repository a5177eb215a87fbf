// The queue: gives its plans to the engine one after the other, and stops at the first that does not end well.
import { randomUUID } from 'node:crypto';
import { Emitter, type Disposable } from '@shared/disposable';
import { EndstationError, toErrorData } from '@shared/errors';
import type { PlanRequest } from '@shared/plans';
import type { QueueEnded, QueueItem, QueueResult, QueueState } from '@shared/queue';
import type { Outcome } from '../engine/engine';
import * as edits from './edits';

/** What the queue needs of the scan service. */
export interface QueueRunner {
  readonly idle: boolean;
  /** Called when the engine may have become idle. */
  onChange(listener: () => void): Disposable;
  start(request: PlanRequest, metadata: Readonly<Record<string, unknown>>, user: string): Promise<{ uid: string; outcome: Promise<Outcome> }>;
  titleOf(request: PlanRequest): string;
}

export interface ScanQueueOptions {
  readonly runner: QueueRunner;
  readonly loaded: Promise<QueueState>;
  /** Resolves when the state is on disk. */
  readonly save: (state: QueueState) => Promise<void>;
}

export class ScanQueue implements Disposable {
  #state: QueueState | null = null;
  #turn: Promise<unknown>;
  #starting = false;
  #disposed = false;
  readonly #changed = new Emitter<QueueState>();
  readonly #watching: Disposable;

  constructor(private readonly options: ScanQueueOptions) {
    this.#turn = options.loaded.then((state) => { this.#show(state); });
    this.#watching = options.runner.onChange(() => this.#pump());
  }

  /** The state now, and each change of it. */
  onState(listener: (state: QueueState) => void): Disposable {
    if (this.#state) listener(this.#state);
    return this.#changed.on(listener);
  }

  /** The queue is at work, or between two of its items. */
  get active(): boolean {
    const state = this.#state;
    return this.#starting || (state !== null && (state.state !== 'idle' || state.running !== null || state.express.length > 0));
  }

  add(request: PlanRequest, metadata: Readonly<Record<string, unknown>>, user: string, at?: number): Promise<{ id: string }> {
    const item = this.#item(request, metadata, user);
    return this.#edit((state) => edits.insert(state, item, at)).then(() => ({ id: item.id }));
  }

  edit(id: string, request: PlanRequest, metadata?: Readonly<Record<string, unknown>>): Promise<void> {
    const title = this.options.runner.titleOf(request);
    return this.#edit((state) => edits.replace(state, id, { request, title, trouble: null, ...(metadata === undefined ? {} : { metadata }) }));
  }

  remove(ids: readonly string[]): Promise<void> { return this.#edit((state) => edits.remove(state, ids)); }
  move(id: string, to: number): Promise<void> { return this.#edit((state) => edits.move(state, id, to)); }

  duplicate(id: string, user: string): Promise<{ id: string }> {
    const copy = randomUUID();
    return this.#edit((state) => edits.duplicate(state, id, { id: copy, addedBy: user, addedAt: new Date().toISOString() })).then(() => ({ id: copy }));
  }

  loop(on: boolean): Promise<void> { return this.#edit((state) => ({ ...state, loop: on })); }
  clearHistory(): Promise<void> { return this.#edit((state) => ({ ...state, history: [] })); }

  /** Errors: `QUEUE_EMPTY`, `QUEUE_LOCKED`. */
  async start(): Promise<void> {
    await this.#edit((state) => {
      if (state.items.length === 0 && state.running === null) throw new EndstationError('QUEUE_EMPTY', 'The queue is empty. Add a plan to it first.');
      return { ...state, state: 'running', halted: null };
    });
    this.#pump();
  }

  /** The item that runs is the last. Takes effect on a locked queue too: ending is always allowed. */
  finish(): Promise<void> {
    return this.#change((state) => ({ ...state, state: state.state === 'idle' ? 'idle' : state.running === null ? 'idle' : 'finishing' }));
  }

  /** As soon as the engine is free, before the next item; the queue stays as it is. An item of the queue leaves it. */
  async runNow(wanted: { readonly id: string } | { readonly request: PlanRequest; readonly metadata: Readonly<Record<string, unknown>> }, user: string): Promise<{ id: string }> {
    const own = 'request' in wanted ? this.#item(wanted.request, wanted.metadata, user) : null;
    const id = 'id' in wanted ? wanted.id : own?.id ?? '';
    await this.#edit((state) => edits.express(state, own ?? id));
    this.#pump();
    return { id };
  }

  lock(by: string, note: string): Promise<void> {
    return this.#edit((state) => ({ ...state, lock: { by, note, since: new Date().toISOString() } }));
  }

  unlock(): Promise<void> { return this.#change((state) => ({ ...state, lock: null })); }

  dispose(): void {
    this.#disposed = true;
    this.#watching.dispose();
  }

  #item(request: PlanRequest, metadata: Readonly<Record<string, unknown>>, user: string): QueueItem {
    return { id: randomUUID(), request, title: this.options.runner.titleOf(request), metadata, addedBy: user, addedAt: new Date().toISOString(), trouble: null };
  }

  /** A change that the user asks for. Errors: `QUEUE_LOCKED`, `QUEUE_NOT_SAVED`. */
  #edit(change: (state: QueueState) => QueueState): Promise<void> {
    return this.#change((state) => {
      if (state.lock) throw new EndstationError('QUEUE_LOCKED', `The queue is locked by ${state.lock.by}${state.lock.note ? `: ${state.lock.note}` : ''}. Unlock it first.`);
      return change(state);
    });
  }

  /** One after the other; shown only when it is on disk. */
  #change(change: (state: QueueState) => QueueState): Promise<void> {
    const turn = this.#turn.then(async () => {
      const next = change(this.#now);
      await this.options.save(next).catch((error: unknown) => {
        throw new EndstationError('QUEUE_NOT_SAVED', `The queue was not changed, as it can't be saved: ${toErrorData(error).message}. Make room on the disk of the user's folder.`);
      });
      this.#show(next);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  get #now(): QueueState {
    if (!this.#state) throw new EndstationError('QUEUE_NOT_READY', 'The queue is not read yet. Try again.');
    return this.#state;
  }

  #show(state: QueueState): void {
    this.#state = state;
    this.#changed.emit(state);
  }

  /** Starts the next one where there is one and the engine is free. */
  #pump(): void {
    const { runner } = this.options;
    const due = this.#state !== null && (this.#state.express.length > 0 || this.#state.state === 'running');
    if (this.#starting || this.#disposed || !due || !runner.idle || this.#state?.running) return;
    this.#starting = true;
    this.#runNext().catch((error: unknown) => this.#halt(toErrorData(error).message)).finally(() => {
      this.#starting = false;
      // On the next turn: what was just decided is seen by all first.
      setImmediate(() => this.#pump());
    });
  }

  async #runNext(): Promise<void> {
    let item: QueueItem | null = null;
    let isExpress = false;
    await this.#change((state) => {
      isExpress = state.express.length > 0;
      const next = edits.take(state);
      item = next.running;
      return next;
    });
    const begun = item as QueueItem | null;
    if (begun === null) return;
    const startedAt = new Date().toISOString();
    let started: { uid: string; outcome: Promise<Outcome> };
    try {
      started = await this.options.runner.start(begun.request, begun.metadata, begun.addedBy);
    } catch (error) {
      const { code, message } = toErrorData(error);
      // Somebody started a scan in the meantime: this one waits for its end.
      if (code === 'BUSY') return this.#change((state) => edits.putBack(state, begun, isExpress, null));
      return this.#ended(begun, isExpress, { uid: null, result: 'refused', reason: message, points: 0, startedAt });
    }
    const outcome = await started.outcome;
    if (this.#disposed) return undefined;
    const uid = outcome.journal === null ? null : outcome.uid;
    return this.#ended(begun, isExpress, { uid, result: resultOf(outcome), reason: outcome.error?.message ?? outcome.reason, points: outcome.points, startedAt });
  }

  async #ended(item: QueueItem, isExpress: boolean, how: Pick<QueueEnded, 'uid' | 'result' | 'reason' | 'points' | 'startedAt'>): Promise<void> {
    const ended: QueueEnded = { id: item.id, request: item.request, title: item.title, endedAt: new Date().toISOString(), ...how };
    await this.#change((state) => edits.end(state, item, ended, isExpress));
  }

  #halt(reason: string): void {
    void this.#change((state) => ({ ...state, state: 'idle', halted: reason })).catch(() => undefined);
  }
}

function resultOf(outcome: Outcome): QueueResult {
  return outcome.exitStatus === 'success' && outcome.reason !== '' ? 'stopped' : outcome.exitStatus;
}
