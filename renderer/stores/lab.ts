// The lab as this window sees it: what there is to measure, what runs now with its counters, and what was measured.
import { EndstationError } from '@shared/errors';
import type { Figure, LabEvent, LabOverview, LabResult } from '@shared/lab';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge';
import { claimStateOf, type ClaimState } from './claimState';

export interface LabProgress {
  readonly job: string;
  readonly experiment: string;
  readonly step: number;
  readonly steps: number;
  readonly label: string;
  readonly secondsLeft: number | null;
  /** `performance.now()` when that was said. */
  readonly heard: number;
}
export interface LiveCounters {
  readonly runtime: string;
  /** Milliseconds since the measurement began. */
  readonly at: number;
  readonly counts: readonly number[];
  readonly total: number;
  /** How each thread got on: rows of `[ms, count of each thread]`. */
  readonly course: readonly (readonly number[])[];
}

const coursePoints = 400;

export const useLab = defineStore('lab', () => {
  const overview = shallowRef<LabOverview | null>(null);
  const problem = shallowRef<unknown>(null);
  const progress = shallowRef<LabProgress | null>(null);
  const counters = shallowRef<LiveCounters | null>(null);
  /** Figures of the running experiment, as they come. */
  const figures = shallowRef<Readonly<Record<string, Figure>>>({});
  /** How the last run ended, where it did not end well. */
  const ended = shallowRef<EndstationError | null>(null);
  const results = computed<readonly LabResult[]>(() => overview.value?.results ?? []);
  const claimStates = computed(() => new Map<number, ClaimState>((overview.value?.claims ?? []).map((claim) =>
    [claim.number, claimStateOf(claim, results.value, progress.value?.experiment ?? null)])));

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

  function finish(): void {
    progress.value = null;
    counters.value = null;
  }

  function count(event: LabEvent & { kind: 'counters' }): void {
    const before = counters.value;
    const same = before !== null && before.runtime === event.runtime && before.at <= event.at && before.counts.length === event.counts.length;
    const course = [...(same ? before.course : []), [event.at, ...event.counts]].slice(-coursePoints);
    counters.value = { runtime: event.runtime, at: event.at, counts: event.counts, total: event.total, course };
  }

  function hear(event: LabEvent): void {
    if (event.kind === 'started') {
      figures.value = {};
      counters.value = null;
      ended.value = null;
      progress.value = { job: event.job, experiment: event.experiment, step: 0, steps: 0, label: 'starting', secondsLeft: null, heard: performance.now() };
    } else if (event.kind === 'step') {
      progress.value = { ...event, heard: performance.now() };
    } else if (event.kind === 'counters') {
      count(event);
    } else if (event.kind === 'measured') {
      figures.value = { ...figures.value, [event.figure]: event.value };
    } else if (event.kind === 'result') {
      if (overview.value) overview.value = { ...overview.value, results: [event.result, ...overview.value.results] };
    } else if (event.kind === 'ended') {
      finish();
      if (event.outcome !== 'done') {
        ended.value = event.error ? new EndstationError(event.error.code, event.error.message) : new EndstationError('LAB_CANCELLED', 'The measurement was cancelled; what was measured before is kept.');
      }
    }
  }

  bridge.onOpened(() => { if (overview.value || problem.value) void load(); });
  bridge.listen('lab.events', {}, hear);

  /** Rejects with why it was not started. */
  async function run(experiments: readonly string[], runtimes: readonly string[], quick: boolean): Promise<void> {
    ended.value = null;
    await bridge.call('lab.run', { experiments: [...experiments], runtimes: [...runtimes], quick });
  }
  async function cancel(): Promise<void> { await bridge.call('lab.cancel', {}); }
  function source(runtime: string, experiment: string): Promise<{ file: string; language: string; text: string }> {
    return bridge.call('lab.source', { runtime, experiment });
  }

  return { overview, problem, progress, counters, figures, ended, results, claimStates, load, run, cancel, source };
});
