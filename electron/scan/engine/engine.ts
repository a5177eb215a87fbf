// The engine: the only thing that acts. Carries out a plan's messages, rests and goes on, ends cleanly whatever happens.
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Emitter, type Disposable } from '@shared/disposable';
import type { RunDocument, RunStart } from '@shared/documents';
import { EndstationError, toErrorData, type ErrorData } from '@shared/errors';
import type { Message, OpenRunMessage, Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import type { EngineState, EngineStatus } from '@shared/scan';
import { abortable } from '../../devices/abortable';
import { DisconnectedError, InterruptedError, type ActionContext } from '../../devices/device';
import type { Editing } from '../plans/editing';
import type { Unfinished } from './actions';
import { Bundler } from './bundler';
import { cleanUp, type Ending } from './cleanUp';
import { carryOut } from './commandTable';
import { recordBesides } from './extras';
import { holdForDevice } from './deviceHold';
import { diskTrouble } from './diskHold';
import { pointsDone, replaceRest } from './edit';
import { Holds } from './holds';
import { closeLate, leaveLate } from './lateRun';
import { PlanRunner } from './planRunner';
import { Progress } from './progress';
import { Reservation } from './reservation';
import { bringBack, comeToRest, runAside } from './rest';
import { Rewind } from './rewind';
import { startDocument } from './startDocument';
import type { Continuation, RunFile } from './runSink';
import { Session, type OpenRun } from './session';
import type { EngineOptions, Outcome, StartRequest } from './startRequest';
import { nextState, type EngineCommand } from './states';
import { StatusFeed } from './statusFeed';
import { stopDevices } from './stopDevices';
import { suspend } from './suspenders';

export type { EngineOptions, Outcome, StartRequest } from './startRequest';

/** Milliseconds of work without a pause after which others get their turn. */
const longestTurn = 8;
/** Milliseconds after which a full disk is tried again. */
const diskRetry = 5000;

export class Engine implements Disposable {
  #state: EngineState = 'idle';
  #session: Session | null = null;
  #ending: Ending | null = null;
  #controller = new AbortController();
  #cleaning: { abort(): void } | null = null;
  #wake: () => void = () => undefined;
  #restore = false;
  #turnStarted = 0;
  #error: ErrorData | null = null;
  #activity = '';
  #file: RunFile | null = null;
  #runs: RunFile[] = [];
  #followed: { readonly session: Session; readonly plan: PlanRunner; readonly rewind: Rewind; readonly editing: Editing | null } | null = null;
  #unfinished: readonly Unfinished[] = [];
  readonly #progress = new Progress();
  readonly #holds = new Holds(() => this.#holdsChanged());
  readonly #feed = new StatusFeed(() => this.status);
  readonly #documents = new Emitter<readonly RunDocument[]>();
  readonly reservation = new Reservation(() => this.#state, () => this.#feed.touch());

  constructor(private readonly options: EngineOptions) {}

  readonly onStatus = (listener: (status: EngineStatus) => void): Disposable => this.#feed.on(listener);
  /** Documents that are on disk, as they get there. */
  readonly onDocuments = (listener: (documents: readonly RunDocument[]) => void): Disposable => this.#documents.on(listener);

  get state(): EngineState { return this.#state; }
  /** The journal of the open run. */
  get file(): RunFile | null { return this.#file; }

  get status(): EngineStatus {
    const resting = this.#state === 'pausing' || this.#state === 'paused';
    const waiting = this.#state === 'pausing' && this.#holds.any && !this.#holds.now;
    const activity = waiting ? `Pausing at the next checkpoint. ${this.#holds.messageBut('user')}`.trim() : resting && this.#holds.any ? this.#holds.message : this.#activity;
    const { editing = null, rewind } = this.#state === 'paused' ? this.#followed ?? {} : {};
    return { state: this.#state, ...this.#progress.status, activity, error: this.#error, ...(editing && rewind ? { edit: { request: editing.request, done: pointsDone(editing, rewind) } } : {}) };
  }

  /** Errors: `BUSY`. The outcome never fails. */
  start(request: StartRequest): { readonly uid: string; readonly outcome: Promise<Outcome> } {
    this.reservation.require();
    this.#state = nextState(this.#state, 'start');
    const uid = request.continues?.start.uid ?? randomUUID();
    this.#ending = null;
    this.#error = null;
    this.#restore = request.continues !== undefined;
    this.#holds.clear();
    this.#progress.begin(uid, request);
    this.#report('starting');
    this.#renewController();
    const session = new Session(uid, this.options.devices, this.#context(request.user), (message, own) => this.#makeRun(message, own, request));
    this.#session = session;
    for (const [name, value] of request.continues?.targets ?? []) session.targets.set(name, value);
    for (const change of request.continues?.settings ?? []) session.settings.adopt(change);
    this.#runs = [];
    this.#unfinished = [];
    if (request.extras) recordBesides(session, request.extras);
    const plan = new PlanRunner(request.plan);
    const rewind = new Rewind();
    this.#followed = { session, plan, rewind, editing: request.editing ?? null };
    return { uid, outcome: this.#run(session, plan, rewind) };
  }

  /** Errors: `NOT_NOW`. */
  pause(when: 'now' | 'checkpoint'): void {
    nextState(this.#state, 'pause');
    this.#holds.add('user', { message: 'Paused.', now: when === 'now' });
  }

  /** Takes back what the user and the disk hold it for; a suspender's reason stays. Errors: `NOT_NOW`. */
  resume(): void {
    nextState(this.#state, 'resume');
    this.#file?.retry();
    for (const key of ['user', 'disk']) this.#holds.remove(key);
    this.#feed.touch();
  }

  /** Ends it now and keeps what was taken; the run counts as a success. Errors: `NOT_NOW`. */
  stop(): void {
    this.#end('stop', { kind: 'stop', status: 'success', reason: 'Stopped by the user.' });
  }

  /** Errors: `NOT_NOW`. */
  abort(reason: string): void {
    this.#end('abort', { kind: 'abort', status: 'abort', reason: reason || 'Aborted by the user.' });
    this.#cleaning?.abort();
  }

  /** As abort, but of the plan's own cleaning up nothing is done. Errors: `NOT_NOW`. */
  halt(): void {
    this.#end('abort', { kind: 'halt', status: 'abort', reason: 'Halted by the user.' });
    this.#cleaning?.abort();
  }

  /** Replaces the remaining points of a paused scan, and records that. Gives the points of the whole. Errors: `NOT_NOW`, `NOT_EDITABLE`. */
  edit(request: PlanRequest, skip: number | undefined, user: string): { points: number } {
    const followed = this.#followed;
    if (this.#state !== 'paused' || !followed) throw new EndstationError('NOT_NOW', 'The remaining points were not changed: no scan is paused. Pause it first.');
    if (!followed.editing) throw new EndstationError('NOT_EDITABLE', 'The remaining points were not changed: this plan finds its points by itself. Stop it, and start another.');
    const left = replaceRest({ ...followed, editing: followed.editing }, request, skip, user);
    this.#progress.expect(left.points);
    this.#feed.touch();
    return left;
  }

  /** Stops all motors at once, whatever the engine does, and aborts the scan. */
  async stopAll(user: string): Promise<{ stopped: readonly string[]; failed: readonly string[] }> {
    if (this.#state !== 'idle') this.abort('STOP was pressed.');
    const devices = new Set([...this.options.devices.stoppable(), ...(this.#session?.stoppable ?? [])]);
    return stopDevices([...devices], { source: 'stop', user }, 2000);
  }

  #end(command: 'stop' | 'abort', ending: Ending): void {
    this.#transition(command);
    this.#ending = ending;
    this.#controller.abort();
    this.#wake();
  }

  #transition(command: EngineCommand): void {
    this.#state = nextState(this.#state, command);
    this.#feed.touch();
  }

  #report(activity: string): void {
    this.#activity = activity;
    this.#feed.touch();
  }

  #renewController(): void {
    this.#controller = new AbortController();
    setMaxListeners(0, this.#controller.signal);
  }

  #context(user: string): ActionContext {
    return { signal: this.#controller.signal, writer: { source: 'scan', user }, report: (activity) => this.#report(activity) };
  }

  #holdsChanged(): void {
    if (this.#holds.any && this.#state === 'running') this.#transition('pause');
    else if (!this.#holds.any && this.#state === 'pausing' && !this.#controller.signal.aborted) this.#transition('resume');
    if (this.#holds.now && this.#state === 'pausing') this.#controller.abort();
    this.#wake();
    this.#feed.touch();
  }

  async #run(session: Session, plan: PlanRunner, rewind: Rewind): Promise<Outcome> {
    session.scope.add(suspend(this.options.suspenders(), this.options.watchPv, this.#holds));
    let failure: ErrorData | null = null;
    try {
      // The first states of the suspenders come in a later turn.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#follow(session, plan, rewind);
    } catch (error) {
      failure = toErrorData(error);
    }
    session.scope.dispose();
    const ending: Ending = this.#ending ?? (failure ? { kind: 'fail', status: 'fail', reason: failure.message } : { kind: 'done', status: 'success', reason: '' });
    const problems = await cleanUp(session, plan, ending, (cleaning) => { this.#cleaning = cleaning; });
    this.#cleaning = null;
    return this.#finish(session, ending, failure, problems);
  }

  #finish(session: Session, ending: Ending, failure: ErrorData | null, problems: readonly string[]): Outcome {
    const { status, reason } = this.#ending ?? ending;
    const trouble = problems.length > 0 ? ` ${problems.join(' ')}` : '';
    if (failure && !this.#ending) this.#error = { ...failure, message: failure.message + trouble };
    else if (status === 'abort') this.#error = { code: 'ABORTED', message: reason + trouble };
    else if (trouble) this.#error = { code: 'CLEANUP', message: trouble.trim() };
    const file = this.#file;
    this.#file = null;
    this.#session = null;
    this.#followed = null;
    this.#holds.clear();
    this.#activity = '';
    this.#transition('end');
    return {
      uid: session.uid, exitStatus: status, points: this.#progress.points, seconds: this.#progress.seconds, runs: this.#runs, journal: file?.journal ?? null,
      derived: file?.derived ?? Promise.resolve({ nexus: null }), error: this.#error, reason,
    };
  }

  async #follow(session: Session, plan: PlanRunner, rewind: Rewind): Promise<void> {
    this.#turnStarted = performance.now();
    let atCheckpoint = true;
    for (;;) {
      if (this.#ending) return;
      try {
        if (this.#controller.signal.aborted || this.#holds.now || (atCheckpoint && this.#holds.any)) await this.#rest(session, rewind);
        if (this.#ending) return;
        if (this.#restore) await this.#restoreTargets(session, rewind);
        const repeated = rewind.next();
        const step = repeated ?? plan.next(this.#controller.signal);
        const message = step instanceof Promise ? await step : step;
        if (message === null) return;
        if (!repeated) rewind.record(message);
        const isNew = await this.#step(message, session, plan, rewind);
        atCheckpoint = isNew && (message.command === 'checkpoint' || message.command === 'save');
      } catch (error) {
        if (this.#ending) return;
        if (error instanceof InterruptedError && this.#controller.signal.aborted) continue;
        if (error instanceof DisconnectedError && session.run) {
          holdForDevice(error, session.scope, this.options.watchPv, this.#holds);
          continue;
        }
        const trouble = diskTrouble(error);
        if (trouble === null) throw error;
        this.#holds.add('disk', { message: trouble, now: true });
        setTimeout(() => this.#holds.remove('disk'), diskRetry).unref();
        continue;
      }
      if (performance.now() - this.#turnStarted > longestTurn) await this.#giveTurn();
    }
  }

  /** False where the message failed and the plan is to be told. */
  async #step(message: Message, session: Session, plan: PlanRunner, rewind: Rewind): Promise<boolean> {
    try {
      if (message.command === 'pause') {
        rewind.done(message);
        this.#holds.add('user', { message: message.reason, now: true });
        return true;
      }
      const outcome = carryOut(message, session);
      const result = outcome instanceof Promise ? await abortable(outcome, this.#controller.signal, `\`${message.command}\``) : outcome;
      rewind.done(message);
      plan.answer(result ?? undefined);
      return true;
    } catch (error) {
      const isOurs = (error instanceof InterruptedError && this.#controller.signal.aborted) || (error instanceof DisconnectedError && session.run !== null) || diskTrouble(error) !== null;
      if (isOurs) throw error;
      rewind.clear();
      plan.fail(error);
      return false;
    }
  }

  async #giveTurn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnStarted = performance.now();
  }

  /** Comes to rest, and waits until nothing holds it any more. */
  async #rest(session: Session, rewind: Rewind): Promise<void> {
    this.#unfinished = [...this.#unfinished, ...await comeToRest(session)];
    rewind.back();
    if (this.#holds.any && !this.#ending) {
      this.#transition('rest');
      this.#progress.rest();
      this.#holds.rests(true);
      await this.#wait(session);
      this.#holds.rests(false);
      this.#progress.resume();
    }
    if (this.#ending) return;
    this.#renewController();
    session.context = this.#context(session.context.writer.user);
    this.#report('going on');
    if (this.#state !== 'running') this.#transition('resume');
    this.#restore = true;
  }

  /** Until nothing holds it any more. Reasons come and go meanwhile: the plans of suspenders are run as they do. Errors: theirs. */
  async #wait(session: Session): Promise<void> {
    const { planOf, watchPv } = this.options;
    /** A device that such a plan needs, and that is gone. */
    let missing = '';
    while (!this.#ending) {
      const due = missing !== '' && this.#holds.has(missing) ? null : this.#holds.takeDue();
      if (due && planOf) {
        try {
          await this.#aside(planOf(due.request), session);
          due.done();
        } catch (error) {
          if (!(error instanceof DisconnectedError)) throw error;
          missing = holdForDevice(error, session.scope, watchPv, this.#holds);
        }
      } else if (this.#holds.any) await new Promise<void>((resolve) => { this.#wake = resolve; });
      else return;
    }
  }

  async #aside(plan: Plan, session: Session): Promise<void> {
    this.#renewController();
    session.context = this.#context(session.context.writer.user);
    await runAside(plan, session, this.#controller.signal);
  }

  /** All go back to where the plan had sent them. */
  async #restoreTargets(session: Session, rewind: Rewind): Promise<void> {
    await bringBack(session, rewind.sets, this.#unfinished, this.#controller.signal);
    this.#unfinished = [];
    this.#restore = false;
  }

  async #makeRun(message: OpenRunMessage, session: Session, request: StartRequest): Promise<OpenRun> {
    const { sink } = this.options;
    if (this.#file === null && request.continues) return this.#continueRun(request.continues, session, request.points);
    const uid = this.#file === null ? session.uid : randomUUID();
    const readings = [...session.readings];
    const start: RunStart = startDocument(message, { uid, scanId: await sink.nextScanId(), time: Date.now() / 1000, user: request.user, metadata: request.metadata, readings, fields: (name) => session.fields(name) });
    const file = await sink.open({ name: 'start', doc: start });
    if (this.#isOver(session)) return closeLate(file, start, this.#ending);
    session.readings.splice(0, readings.length);
    this.#file = file;
    this.#runs.push(file);
    this.#progress.opened(start);
    return this.#follows(file, start, null);
  }

  /** It ended while its file was made. */
  #isOver(session: Session): boolean {
    return this.#session !== session || this.#ending !== null;
  }

  async #continueRun({ start, points, open }: Continuation, session: Session, of: number | null): Promise<OpenRun> {
    const { file, streams } = await open();
    if (this.#isOver(session)) return leaveLate(file);
    this.#file = file;
    this.#runs.push(file);
    this.#progress.opened(start, points);
    if (of !== null) this.#progress.expect(of);
    return this.#follows(file, start, streams);
  }

  /** Tells of what gets to the disk, and rests where the disk refuses. */
  #follows(file: RunFile, start: RunStart, streams: ReadonlyMap<string, { readonly descriptor: string; readonly events: number }> | null): OpenRun {
    let primary = streams?.get('primary')?.descriptor ?? null;
    file.synced((documents) => {
      for (const { name, doc } of documents) {
        if (name === 'descriptor' && doc.name === 'primary') primary = doc.uid;
        if (name === 'event' && doc.descriptor === primary) this.#progress.point();
      }
      this.#holds.remove('disk');
      this.#documents.emit(documents);
      this.#feed.touch();
    });
    file.trouble((error) => {
      this.#holds.add('disk', { message: error.message, now: false });
      setTimeout(() => file.retry(), diskRetry).unref();
    });
    return { bundler: new Bundler(start, (document) => file.append(document), () => Date.now() / 1000, streams ?? undefined), file, stopped: false };
  }

  dispose(): void {
    if (this.#state !== 'idle' && this.#state !== 'aborting') this.abort('The application was closed.');
    this.#feed.dispose();
  }
}

