// What the scan room and the command line both do: check a request, start it, follow it.
import { Emitter, type Disposable } from '@shared/disposable';
import type { RunDocument } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import type { Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { Preflight } from '@shared/scan';
import type { ScriptCheck, ScriptPrint } from '@shared/scripts';
import type { Devices } from '../devices/device';
import type { PvAccess } from '../pv/pvAccess';
import { Engine, type Outcome } from './engine/engine';
import type { RunSink } from './engine/runSink';
import { pathOf } from './plans/plans';
import { Overheads } from './overheads';
import { preflight } from './preflight';
import { withFile } from './preflightFile';
import { checkScript } from './scripts/checkScript';
import { requestedPlan, restOf, type PlanMaker } from './scripts/requestedPlan';
import type { PlanFiles } from './scripts/scriptLibrary';

export interface ScanServiceOptions {
  readonly pv: PvAccess;
  readonly devices: Devices;
  /** The profile in use now. */
  readonly profile: () => Profile;
  readonly sink: RunSink;
  /** Folder of the built workers, for scripts. */
  readonly workers?: string;
  /** The user's plan files. */
  readonly plans?: PlanFiles;
  /** The profile is being changed: a scan would run with neither. */
  readonly switching?: () => boolean;
  /** JSON file that keeps what points take, for the next estimate. */
  readonly overheadsFile?: string;
}

/** What a run records besides its points and metadata, on top of the profile's. */
export interface StartOptions { readonly baseline?: readonly string[]; readonly monitors?: readonly string[] }

export class ScanService implements Disposable {
  readonly engine: Engine;
  readonly #overheads: Overheads;
  readonly #replayed = new Emitter<readonly RunDocument[]>();
  readonly #printed = new Emitter<ScriptPrint>();

  constructor(private readonly options: ScanServiceOptions) {
    const { pv, devices, profile, sink } = options;
    this.#overheads = new Overheads(options.overheadsFile);
    this.engine = new Engine({ devices, sink, watchPv: (name, listener) => pv.watch(name, listener), suspenders: () => profile().suspenders, planOf: (request) => this.#plan(request).plan });
  }

  /** What scripts say. */
  readonly onPrint = (listener: (print: ScriptPrint) => void): Disposable => this.#printed.on(listener);

  #plan(request: PlanRequest): ReturnType<typeof requestedPlan> {
    return requestedPlan(request, this.#maker);
  }

  /** The parts of a plan of plans from number `from` on. */
  partsOf(request: PlanRequest, from: number): Plan {
    return restOf(request, from, this.#maker);
  }

  get #maker(): PlanMaker {
    return { workers: this.options.workers ?? '', print: (text) => this.#printed.emit({ text, time: Date.now() }) };
  }

  checkScript(source: string, name: string): Promise<ScriptCheck> {
    const { workers } = this.options;
    if (workers === undefined) throw new EndstationError('SCRIPT', 'Scripts can not be run here: the program was started without its workers.');
    return checkScript(workers, source, name);
  }

  async #resolve(request: PlanRequest): Promise<PlanRequest> {
    return await this.options.plans?.resolve(request) ?? request;
  }

  /** `metadata`, `user`: as the run would have them; its files may be named by them. */
  async preflight(given: PlanRequest, metadata: Readonly<Record<string, unknown>> = {}, user = ''): Promise<Preflight> {
    const { pv, devices, profile, sink } = this.options;
    const request = await this.#resolve(given);
    await this.#overheads.settled;
    const sheet = await preflight(request, {
      checkScript: (source, name) => this.checkScript(source, name),
      devices, profile: profile(), folder: sink.folder, folderProblem: () => sink.problem(),
      pvNow: (name) => pv.ready(name, { timeout: 2 }).catch(() => null), overhead: (detectors) => this.#overheads.of(profile().name, detectors),
    });
    return pathOf(request).recordsNothing ? sheet : withFile(sheet, sink, request, { user, profile: profile().name, ...metadata });
  }

  /** Errors: `BUSY`, `PREFLIGHT` with all that stands in the way, `PROFILE_CHANGED` where what was checked is another control system's. */
  async start(given: PlanRequest, metadata: Readonly<Record<string, unknown>>, user: string, extras: StartOptions = {}): Promise<{ uid: string; outcome: Promise<Outcome> }> {
    this.engine.reservation.require();
    const checked = this.options.profile();
    const isSwitching = (): boolean => this.options.switching?.() ?? false;
    if (isSwitching()) throw new EndstationError('PROFILE_CHANGED', 'The scan was not started: the profile is being changed. Wait a moment, look at the plan again, then start it.');
    const request = await this.#resolve(given);
    const sheet = await this.preflight(request, metadata, user);
    if (this.options.profile() !== checked || isSwitching()) throw new EndstationError('PROFILE_CHANGED', 'The scan was not started: the profile changed while it was checked. Look at the plan again, then start it.');
    requireOk(sheet);
    const { points: expected, pointTime } = sheet;
    const { motors, points, recordsNothing } = pathOf(request);
    const { plan, editing } = this.#plan(request);
    const all = (own: readonly string[] = [], more: readonly string[] = []): string[] => [...new Set([...own, ...more])];
    const started = this.engine.start({
      plan, editing, extras: { baseline: all(checked.baseline, extras.baseline), monitors: all(checked.monitors, extras.monitors) }, planName: request.plan, title: [request.plan, ...motors].join(' '), points: recordsNothing ? null : points, user,
      metadata: { profile: checked.name, ...metadata },
    });
    if (pointTime) void started.outcome.then((outcome) => { if (outcome.points === expected) this.#overheads.learn(checked.name, pathOf(request).detectors, outcome, pointTime.travel); });
    return started;
  }

  /** Errors: `NOT_NOW`, `NOT_EDITABLE`, `PREFLIGHT`. */
  async edit(request: PlanRequest, skip: number | undefined, user: string): Promise<{ points: number }> {
    requireOk(await this.preflight(request));
    return this.engine.edit(request, skip, user);
  }

  /** Those of the run that is under way from its start, then new ones as they get to the disk. */
  documents(listener: (documents: readonly RunDocument[]) => void): Disposable {
    const { file } = this.engine;
    const before = this.#replayed.on(listener);
    if (!file) return both(before, this.engine.onDocuments(listener));
    let waiting: RunDocument[] | null = [];
    let over = false;
    const live = this.engine.onDocuments((documents) => {
      if (waiting) waiting.push(...documents);
      else listener(documents);
    });
    // The length of the journal is taken now: what comes later comes live.
    file.replay().catch(() => []).then((documents) => {
      if (over) return;
      const later = waiting ?? [];
      waiting = null;
      if (documents.length + later.length > 0) listener([...documents, ...later]);
    }).catch(() => undefined);
    return { dispose: () => { over = true; both(before, live).dispose(); } };
  }

  /** Documents of before, of a run that is about to go on. */
  replayed(documents: readonly RunDocument[]): void {
    this.#replayed.emit(documents);
  }

  /** What the last scan taught is kept. */
  get settled(): Promise<void> { return this.#overheads.settled; }

  dispose(): void {
    this.engine.dispose();
  }
}

/** Errors: `PREFLIGHT` with all that stands in the way. */
function requireOk({ ok, findings }: Preflight): void {
  if (!ok) throw new EndstationError('PREFLIGHT', findings.filter(({ level }) => level === 'error').map(({ message }) => message).join('\n'));
}

function both(one: Disposable, other: Disposable): Disposable {
  return { dispose: () => { one.dispose(); other.dispose(); } };
}
