// The lab as this window sees it: what there is to measure, what runs now with its counters, and what was measured.
import { EndstationError } from '@shared/errors';
import type { Figure, LabEvent, LabOverview, LabResult, LabTimeline } from '@shared/lab';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge';
import { claimStateOf, type ClaimState } from './claimState';
import { experimentsToCome, rememberSeconds, secondsOfAll } from './labDurations';

export interface LabProgress {
  readonly job: string;
  readonly experiment: string;
  readonly step: number;
  readonly steps: number;
  readonly label: string;
  /** Of this experiment. */
  readonly secondsLeft: number | null;
  /** `performance.now()` when that was said. */
  readonly heard: number;
}
/** The experiments of the running job: the how many-th this one is, and how long those after it took last time. */
export interface JobPlace { readonly index: number; readonly of: number; /** Null where one of them was never measured. */ readonly secondsAfter: number | null }
export interface LiveCounters {
  readonly runtime: string;
  /** Milliseconds since the measurement began. */
  readonly at: number;
  readonly counts: readonly number[];
  readonly total: number;
  /** How each thread got on: rows of `[ms, count of each thread]`. */
  readonly course: readonly (readonly number[])[];
}
/** How the last job ended, where it did not end well. */
export interface BadEnd { readonly error: EndstationError; readonly experiment: string; readonly cancelled: boolean }

const coursePoints = 400;
/** Milliseconds between two pictures of a running measurement: people see no more, and the cores are for what is measured. */
const pace = 150;

export const useLab = defineStore('lab', () => {
  const overview = shallowRef<LabOverview | null>(null);
  const problem = shallowRef<unknown>(null);
  const progress = shallowRef<LabProgress | null>(null);
  const place = shallowRef<JobPlace>({ index: 0, of: 1, secondsAfter: 0 });
  const counters = shallowRef<LiveCounters | null>(null);
  /** Figures of the running experiment, as they come. */
  const figures = shallowRef<Readonly<Record<string, Figure>>>({});
  /** Who ran when, of the running experiment, by name. */
  const timelines = shallowRef<readonly LabTimeline[]>([]);
  const ended = shallowRef<BadEnd | null>(null);
  const results = computed<readonly LabResult[]>(() => overview.value?.results ?? []);
  const running = computed(() => progress.value?.experiment ?? null);
  const claimStates = computed(() => new Map<number, ClaimState>((overview.value?.claims ?? []).map((claim) => [claim.number, claimStateOf(claim, results.value, running.value)])));
  let asked: { readonly experiments: readonly string[]; readonly quick: boolean } | null = null;
  let began = 0;
  let liveCounters: LiveCounters | null = null;
  let liveFigures: Record<string, Figure> = {};
  const liveTimelines = new Map<string, LabTimeline>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    try {
      const found = await bridge.call('lab.overview', {});
      overview.value = found;
      problem.value = null;
      if (found.running && !progress.value) progress.value = { job: found.running, experiment: '', step: 0, steps: 0, label: 'a measurement is running', secondsLeft: null, heard: performance.now() };
      if (!found.running) finish();
    } catch (error) {
      problem.value = error;
    }
  }

  function show(): void {
    clearTimeout(timer);
    timer = undefined;
    counters.value = liveCounters;
    figures.value = { ...liveFigures };
    timelines.value = [...liveTimelines.values()];
  }
  function showSoon(): void { timer ??= setTimeout(show, pace); }

  function finish(): void {
    progress.value = null;
    liveCounters = null;
    asked = null;
    show();
  }

  function count(event: LabEvent & { kind: 'counters' }): void {
    const before = liveCounters;
    const same = before !== null && before.runtime === event.runtime && before.at <= event.at && before.counts.length === event.counts.length;
    const course = [...(same ? before.course : []), [event.at, ...event.counts]].slice(-coursePoints);
    liveCounters = { runtime: event.runtime, at: event.at, counts: event.counts, total: event.total, course };
    showSoon();
  }

  function begin({ job, experiment, steps }: LabEvent & { kind: 'started' }): void {
    const index = progress.value?.job === job && progress.value.experiment !== '' ? place.value.index + 1 : 0;
    const all = (overview.value?.experiments ?? []).map(({ id }) => id);
    place.value = { index, of: steps, secondsAfter: secondsOfAll(experimentsToCome(asked?.experiments ?? null, all, steps, index), asked?.quick ?? true) };
    began = performance.now();
    liveFigures = {};
    liveTimelines.clear();
    liveCounters = null;
    ended.value = null;
    progress.value = { job, experiment, step: 0, steps: 0, label: 'starting', secondsLeft: null, heard: performance.now() };
    show();
  }

  function end(event: LabEvent & { kind: 'ended' }): void {
    const experiment = progress.value?.experiment ?? '';
    finish();
    if (event.outcome === 'done') return;
    const cancelled = event.error === undefined;
    const error = event.error ? new EndstationError(event.error.code, event.error.message) : new EndstationError('LAB_CANCELLED', 'The measurement was cancelled; what was measured before is kept.');
    ended.value = { error, experiment, cancelled };
  }

  function hear(event: LabEvent): void {
    if (event.kind === 'started') {
      begin(event);
    } else if (event.kind === 'step') {
      progress.value = { ...event, heard: performance.now() };
    } else if (event.kind === 'counters') {
      count(event);
    } else if (event.kind === 'measured') {
      liveFigures[event.figure] = event.value;
      showSoon();
    } else if (event.kind === 'timeline') {
      liveTimelines.set(event.timeline.name, event.timeline);
      showSoon();
    } else if (event.kind === 'result') {
      if (began > 0) rememberSeconds(event.result.id, event.result.quick === true, (performance.now() - began) / 1000);
      if (overview.value) overview.value = { ...overview.value, results: [event.result, ...overview.value.results] };
    } else if (event.kind === 'ended') {
      end(event);
    }
  }

  bridge.onOpened(() => { if (overview.value || problem.value) void load(); });
  bridge.listen('lab.events', {}, hear);

  /** Rejects with why it was not started. */
  async function run(experiments: readonly string[], runtimes: readonly string[], quick: boolean): Promise<void> {
    ended.value = null;
    asked = { experiments, quick };
    await bridge.call('lab.run', { experiments: [...experiments], runtimes: [...runtimes], quick });
  }
  async function cancel(): Promise<void> { await bridge.call('lab.cancel', {}); }
  function source(runtime: string, experiment: string): Promise<{ file: string; language: string; text: string }> {
    return bridge.call('lab.source', { runtime, experiment });
  }

  return { overview, problem, progress, place, counters, figures, timelines, ended, results, running, claimStates, load, run, cancel, source };
});
