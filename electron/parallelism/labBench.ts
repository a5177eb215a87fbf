// The bench of one running experiment: runs its programs, collects its figures, and tells the viewers as it goes.
import { toErrorData, type ErrorData } from '@shared/errors';
import type { Figure, LabEvent, LabOpcodes, LabSeries, LabTimeline } from '@shared/lab';
import { coreCount } from './environment';
import type { Background, Bench, Step } from './experiments/experiment';
import { LabError } from './labError';
import { numberOf, numbersOf, type ProgramLine } from './programLine';
import type { ProgramName, Runtime } from './runtimes/runtime';

export interface BenchOptions {
  readonly job: string;
  readonly experiment: string;
  readonly runtimes: readonly Runtime[];
  readonly quick: boolean;
  readonly signal: AbortSignal;
  readonly emit: (event: LabEvent) => void;
}

export class LabBench implements Bench {
  readonly runtimes: readonly Runtime[];
  readonly quick: boolean;
  readonly signal: AbortSignal;
  readonly cores = coreCount();
  readonly figures: Record<string, Figure> = {};
  readonly errors: Record<string, ErrorData> = {};
  readonly allSeries: LabSeries[] = [];
  readonly timelines: LabTimeline[] = [];
  readonly allOpcodes: LabOpcodes[] = [];
  readonly #options: BenchOptions;
  #done = 0;
  #toCome: Step[] = [];

  constructor(options: BenchOptions) {
    this.#options = options;
    this.runtimes = options.runtimes;
    this.quick = options.quick;
    this.signal = options.signal;
  }

  plan(steps: readonly Step[]): void { this.#toCome = [...steps]; }

  step(): void {
    const left = this.#secondsLeft();
    const next = this.#toCome.shift();
    this.#done++;
    if (next) this.#tell(next.label, left);
  }

  note(label: string): void { this.#tell(label, this.#secondsLeft()); }

  figure(name: string, { value: measured, unit, spread }: Figure, runtime?: Runtime): void {
    if (!Number.isFinite(measured)) throw new LabError('PROGRAM_OUTPUT', `${runtime?.info.title ?? 'The experiment'} gave no number for ${name}: too little was measured. Run it again, in full.`);
    const value: Figure = { value: measured, unit, ...(spread !== undefined && Number.isFinite(spread) ? { spread } : {}) };
    this.figures[name] = value;
    const { job, experiment, emit } = this.#options;
    emit({ kind: 'measured', job, experiment, runtime: runtime?.info.id ?? '', figure: name, value });
  }

  series(series: LabSeries): void { this.allSeries.push(series); }
  timeline(timeline: LabTimeline): void { this.timelines.push(timeline); }
  growing(timeline: LabTimeline, { info }: Runtime): void {
    const { job, experiment, emit } = this.#options;
    emit({ kind: 'timeline', job, experiment, runtime: info.id, timeline });
  }
  opcodes(opcodes: LabOpcodes): void { this.allOpcodes.push(opcodes); }

  async run(runtime: Runtime, program: ProgramName, args: readonly (string | number)[], onLine?: (line: ProgramLine) => void): Promise<ProgramLine> {
    const { info, host } = runtime;
    if (!host) throw new LabError('RUNTIME_MISSING', `${info.title} is not on this machine. ${info.missing ?? ''}`);
    const lines = await host.run(info.title, program, args.map(String), {
      signal: this.signal,
      onLine: (line) => {
        this.#count(runtime, line);
        onLine?.(line);
      },
    });
    const last = lines.at(-1);
    if (!last) throw new LabError('PROGRAM_OUTPUT', `${info.title}: ${program} ended well but printed no result.`);
    return last;
  }

  start(runtime: Runtime, program: ProgramName, args: readonly (string | number)[]): Promise<Background> {
    const { info, host } = runtime;
    const own = new AbortController();
    const stop = () => own.abort();
    this.signal.addEventListener('abort', stop, { once: true });
    return new Promise((resolve, reject) => {
      if (!host) return reject(new LabError('RUNTIME_MISSING', `${info.title} is not on this machine. ${info.missing ?? ''}`));
      const ended = host.run(info.title, program, args.map(String), {
        signal: own.signal,
        onLine: (first) => resolve({ first, stop: () => { stop(); return over; } }),
      });
      const over = ended.then(() => undefined, () => undefined).finally(() => this.signal.removeEventListener('abort', stop));
      // After its first line nobody waits for this any more.
      ended.then(() => reject(new LabError('PROGRAM_OUTPUT', `${info.title}: ${program} ended before it was ready.`)), reject);
      if (this.signal.aborted) stop();
    });
  }

  async row(runtime: Runtime, measure: () => Promise<void>): Promise<boolean> {
    const { key } = runtime.info;
    if (this.errors[key]) return false;
    const before = { ...this.figures };
    try {
      await measure();
      return true;
    } catch (error) {
      if (this.signal.aborted) throw error;
      this.errors[key] = toErrorData(error);
      // Of fewer repeats than are promised: nothing may be judged by them.
      for (const name of Object.keys(this.figures)) delete this.figures[name];
      Object.assign(this.figures, before);
      return false;
    }
  }

  #secondsLeft(): number { return this.#toCome.reduce((sum, step) => sum + step.seconds, 0); }

  #tell(label: string, secondsLeft: number): void {
    const { job, experiment, emit } = this.#options;
    emit({ kind: 'step', job, experiment, step: this.#done - 1, steps: this.#done + this.#toCome.length, label, secondsLeft });
  }

  #count(runtime: Runtime, line: ProgramLine): void {
    if (!('counts' in line)) return;
    const { job, experiment, emit } = this.#options;
    const counts = numbersOf(line, 'counts');
    const at = 'at' in line ? numberOf(line, 'at') : numberOf(line, 'wall') * 1000;
    emit({ kind: 'counters', job, experiment, runtime: runtime.info.id, threads: counts.length, at, counts, total: numberOf(line, 'total') });
  }
}
