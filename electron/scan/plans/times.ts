// Plans over time. PURE: the time comes from the engine's clock.
import type { MessageResult } from '@shared/messages';
import type { PlanArguments } from '@shared/plans';
import { travel, type Itinerary } from './itinerary';
import { staged, triggerAndRead, type Steps } from './stubs';

/** Readings by their number, from 0. */
export function* readingsOf({ num }: PlanArguments<'count'>): Generator<number, void, undefined> {
  for (let index = 0; index < num; index++) yield index;
}

export function* count(args: PlanArguments<'count'>, itinerary: Itinerary<number>): Steps {
  const { detectors, num, delay } = args;
  yield* staged(detectors, function* () {
    yield { command: 'open_run', plan: 'count', args, detectors, motors: [], points: num, dimensions: [] };
    let isFirst = true;
    yield* travel(itinerary, function* (): Steps {
      // Before the next one, so that the last reading is not followed by a wait.
      if (delay > 0 && !isFirst) yield { command: 'sleep', seconds: delay, since: 'checkpoint' };
      isFirst = false;
      yield { command: 'checkpoint' };
      yield* triggerAndRead(detectors);
    });
    yield { command: 'close_run' };
  });
}

export function clockIn(result: MessageResult): number {
  return Number(result?.['clock']?.value);
}

/** Readings at `k * interval` from the first one, as long as that is within the duration; one that would come late is left out. */
export function* timeSeries(args: PlanArguments<'time_series'>): Steps {
  const { detectors, duration, interval } = args;
  yield* staged(detectors, function* () {
    yield { command: 'open_run', plan: 'time_series', args, detectors, motors: [], dimensions: [] };
    const began = clockIn(yield { command: 'clock' });
    for (let due = 0; due <= duration * (1 + 1e-9);) {
      yield { command: 'checkpoint' };
      const wait = due - (clockIn(yield { command: 'clock' }) - began);
      if (wait > 0) yield { command: 'sleep', seconds: wait };
      yield* triggerAndRead(detectors);
      const now = clockIn(yield { command: 'clock' }) - began;
      due = interval > 0 ? Math.max(Math.round(due / interval) + 1, Math.ceil(now / interval)) * interval : now;
    }
    yield { command: 'close_run' };
  });
}
