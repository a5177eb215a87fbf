// The lab: finds the runtimes, runs experiments one after the other, judges and keeps their results.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '@shared/disposable';
import { toErrorData } from '@shared/errors';
import type { LabEvent, LabImport, LabOverview, LabResult } from '@shared/lab';
import { mpiexecFor } from '../compute/remote/findPython';
import type { Paths } from '../room';
import { claimsOf } from './claims';
import { environmentOf } from './environment';
import { experiments } from './experiments/registry';
import type { Experiment } from './experiments/experiment';
import { LabHistory } from './history';
import { LabImports } from './imports';
import { LabBench } from './labBench';
import { LabError } from './labError';
import { LabVenv } from './labVenv';
import { findPythons, type Python } from './runtimes/findPythons';
import { findRuntimes } from './runtimes/findRuntimes';
import { programFile, type Runtime } from './runtimes/runtime';

export interface LabOptions {
  readonly paths: Pick<Paths, 'workers' | 'user' | 'resources'>;
  /** Folder of our programs; default: `programs` of the resources. */
  readonly programs?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}
export interface RunRequest {
  /** Ids; `all` for all of them. */
  readonly experiments: readonly string[];
  /** Ids; empty: the standard ones. */
  readonly runtimes: readonly string[];
  readonly quick: boolean;
}

interface Running { readonly job: string; readonly stop: AbortController; readonly ended: Promise<void> }

/** Milliseconds for which found runtimes are believed to be still there. */
const runtimesKept = 60_000;

export class Lab {
  readonly #events = new Emitter<LabEvent>();
  readonly #options: LabOptions;
  readonly #history: LabHistory;
  readonly #imports: LabImports;
  readonly venv: LabVenv;
  readonly programs: string;
  #runtimes: { readonly found: Promise<Runtime[]>; readonly at: number } | null = null;
  #running: Running | null = null;
  readonly onEvent = this.#events.on;

  constructor(options: LabOptions) {
    this.#options = options;
    this.programs = options.programs ?? join(options.paths.resources, 'programs');
    const folder = join(options.paths.user, 'lab');
    this.#history = new LabHistory(join(folder, 'results.json'));
    this.#imports = new LabImports(join(folder, 'imports.json'));
    this.venv = new LabVenv({
      folder: this.#venvFolder, programs: this.programs, base: () => this.#base(), hasMpi: async () => (await mpiexecFor(this.#environment, null)) !== null,
    });
  }

  get #environment(): Readonly<Record<string, string | undefined>> { return this.#options.environment ?? process.env; }
  get #venvFolder(): string { return join(this.#options.paths.user, 'lab', 'venv'); }

  /** The interpreter to make the lab's environment from: not that of the environment itself. */
  async #base(): Promise<Python | null> {
    const fits = ({ implementation, freeThreaded, version }: Python) => implementation === 'cpython' && !freeThreaded && Number(version.split('.')[1]) >= 9;
    return (await findPythons(this.#environment)).find(fits) ?? null;
  }

  runtimes(): Promise<readonly Runtime[]> {
    const now = performance.now();
    // Twenty interpreters that are asked for their version would be measured too.
    if (!this.#runtimes || (!this.#running && now - this.#runtimes.at > runtimesKept)) {
      const found = this.#find();
      this.#runtimes = { found, at: now };
    }
    return this.#runtimes.found;
  }

  async #find(): Promise<Runtime[]> {
    const { paths } = this.#options;
    const pythons = await findPythons(this.#environment, await this.venv.python());
    return findRuntimes({ programs: this.programs, workers: paths.workers, cache: join(paths.user, 'lab', 'bin') }, this.#environment, pythons);
  }

  imports(): Promise<readonly LabImport[]> { return this.#imports.list(); }
  /** Throws IMPORT_UNREADABLE, RESULT_NOT_KEPT. */
  import(name: string, text: string): Promise<LabImport> {
    return this.#imports.add(name, text).catch((error: unknown) => { throw error instanceof LabError ? error : notKept(error); });
  }
  forgetImport(id: string): Promise<void> { return this.#imports.forget(id); }

  /** Begins to make the lab's own Python environment; the runtimes are looked for again when it is there. Throws LAB_BUSY. */
  setUp(): Promise<void> {
    if (this.#running) throw new LabError('LAB_BUSY', 'A measurement is running, and installing packages beside it would be measured too. Wait for its end, or cancel it.');
    return this.venv.begin().ended.finally(() => { this.#runtimes = null; });
  }

  async overview(): Promise<LabOverview> {
    const runtimes = await this.runtimes();
    return {
      runtimes: runtimes.map(({ info }) => info),
      experiments: experiments.map(({ id, title, question, claim, claims, method, article, ...rest }) => {
        const own = runtimes.filter((runtime) => rest.accepts(runtime));
        const also = own.filter((runtime) => !runtime.info.standard && rest.also?.(runtime, false)).map(({ info }) => info.id);
        return { id, title, question, claim, claims, method, ...(article ? { article } : {}), ...(also.length > 0 ? { also } : {}), runtimes: own.map(({ info }) => info.id) };
      }),
      claims: claimsOf(experiments),
      results: await this.#history.list(),
      running: this.#running?.job ?? null,
    };
  }

  /** The program that an experiment runs in a runtime. Throws LAB_UNKNOWN. */
  async source(runtimeId: string, experimentId: string): Promise<{ file: string; language: string; text: string }> {
    const experiment = experimentOf(experimentId);
    // A text is not worth to look for all interpreters again.
    const known = await (this.#runtimes?.found ?? this.runtimes());
    const runtime = known.find(({ info }) => info.id === runtimeId);
    if (!runtime) throw new LabError('LAB_UNKNOWN', `There is no runtime "${runtimeId}" on this machine.`);
    const file = programFile(this.programs, runtime.language, experiment.program);
    return { file, language: runtime.language, text: await readFile(file, 'utf8') };
  }

  /** Begins; what comes of it is told by the events. Throws LAB_UNKNOWN, LAB_BUSY. */
  async start(request: RunRequest): Promise<{ job: string; ended: Promise<void> }> {
    const chosen = request.experiments.includes('all') ? experiments : request.experiments.map(experimentOf);
    if (chosen.length === 0) throw new LabError('LAB_UNKNOWN', 'No experiment was chosen. Choose at least one.');
    const runtimes = await this.runtimes();
    const unknown = request.runtimes.find((id) => !runtimes.some(({ info }) => info.id === id));
    if (unknown !== undefined) throw new LabError('LAB_UNKNOWN', `There is no runtime "${unknown}". Known here: ${runtimes.map(({ info }) => info.id).join(', ')}.`);
    if (this.#running) throw new LabError('LAB_BUSY', 'Another measurement is running, and two at once would measure each other. Wait for its end, or cancel it.');
    if (this.venv.making) throw new LabError('LAB_BUSY', 'The Python environment is being made, which would be measured too. Wait for its end, or cancel it.');
    const job = randomUUID();
    const stop = new AbortController();
    const ended = this.#runAll(job, chosen, request, runtimes, stop.signal);
    this.#running = { job, stop, ended };
    return { job, ended };
  }

  /** Resolves when all processes of the measurement have ended. */
  async cancel(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  async #runAll(job: string, chosen: readonly Experiment[], request: RunRequest, runtimes: readonly Runtime[], signal: AbortSignal): Promise<void> {
    const emit = (event: LabEvent) => this.#events.emit(event);
    // The caller gets the job's name before its first event.
    await Promise.resolve();
    let unsaved: LabError | null = null;
    try {
      for (const experiment of chosen) {
        emit({ kind: 'started', job, experiment: experiment.id, steps: chosen.length });
        const result = await this.#runOne(job, experiment, request, runtimes, signal);
        await this.#history.add(result).catch((error: unknown) => { unsaved = notKept(error); });
        emit({ kind: 'result', job, result });
      }
      if (unsaved) throw unsaved;
      this.#running = null;
      emit({ kind: 'ended', job, outcome: 'done' });
    } catch (error) {
      this.#running = null;
      if (signal.aborted) emit({ kind: 'ended', job, outcome: 'cancelled' });
      else emit({ kind: 'ended', job, outcome: 'failed', error: toErrorData(error) });
    }
  }

  async #runOne(job: string, experiment: Experiment, request: RunRequest, found: readonly Runtime[], signal: AbortSignal): Promise<LabResult> {
    const own = found.filter((runtime) => experiment.accepts(runtime));
    const chosen = own.filter((runtime) => (request.runtimes.length > 0 ? request.runtimes.includes(runtime.info.id) : runtime.info.standard || experiment.also?.(runtime, request.quick) === true));
    const runtimes = chosen.filter(({ info }) => info.available);
    const bench = new LabBench({ job, experiment: experiment.id, runtimes, quick: request.quick, signal, emit: (event) => this.#events.emit(event) });
    await experiment.measure(bench);
    if (signal.aborted) throw new LabError('LAB_CANCELLED', `${experiment.title} was cancelled.`);
    const missing = Object.fromEntries(chosen.filter(({ info }) => !info.available).map(({ info }) => [info.key, info.missing ?? '']));
    const { figures, errors, allSeries, timelines, allOpcodes } = bench;
    const judgement = experiment.judge({ figures, errors, missing, cores: bench.cores });
    const subject = runtimes.find(({ info }) => info.id === experiment.subject) ?? runtimes[0];
    return {
      id: experiment.id, title: experiment.title, claim: experiment.claim, ...judgement, figures,
      environment: environmentOf(runtimes),
      runtime: { name: subject?.info.title ?? 'none', version: subject?.info.version ?? '', path: subject?.info.path ?? '' },
      finishedAt: Date.now(), quick: request.quick, errors, missing, series: allSeries, timelines, ...(allOpcodes.length > 0 ? { opcodes: allOpcodes } : {}),
    };
  }
}

function experimentOf(id: string): Experiment {
  const found = experiments.find((experiment) => experiment.id === id);
  if (!found) throw new LabError('LAB_UNKNOWN', `There is no experiment "${id}". There are: ${experiments.map((experiment) => experiment.id).join(', ')}, or all.`);
  return found;
}

function notKept(error: unknown): LabError {
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError('RESULT_NOT_KEPT', `The result was measured but could not be kept in the user's folder: ${reason}. Make room or rights there, then run it again.`, { cause: error });
}
