// The start document of a run, with bluesky's keys.
import type { RunStart } from '@shared/documents';
import type { OpenRunMessage } from '@shared/messages';
import type { PlanReading } from '@shared/resume';

export interface StartFacts {
  readonly uid: string;
  readonly scanId: number;
  /** Unix seconds. */
  readonly time: number;
  readonly user: string;
  /** Free keys; they never replace those of the run itself. event-model allows neither dots nor slashes in them. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What the plan read before. */
  readonly readings: readonly PlanReading[];
  /** Data keys that stand for a device on an axis. */
  readonly fields: (device: string) => readonly string[];
}

export function startDocument(message: OpenRunMessage, facts: StartFacts): RunStart {
  const { points, shape, extents, snaking, gridding, dimensions, whole } = message;
  const axes = dimensions.length === 0 ? [['time']] : dimensions.map((devices) => devices.flatMap((device) => facts.fields(device)));
  return {
    user: facts.user,
    ...Object.fromEntries(Object.entries(facts.metadata).map(([key, value]) => [key.replace(/[./]/g, '_'), value])),
    uid: facts.uid, time: facts.time, scan_id: facts.scanId, plan_name: message.plan, plan_type: 'generator', plan_args: { ...message.args },
    detectors: message.detectors, motors: message.motors,
    ...(points !== undefined ? { num_points: points, num_intervals: Math.max(0, points - 1) } : {}),
    ...(shape ? { shape } : {}), ...(extents ? { extents } : {}), ...(snaking ? { snaking } : {}),
    ...(facts.readings.length > 0 ? { plan_readings: facts.readings } : {}), ...(whole ? { plan_whole: whole } : {}),
    hints: { dimensions: axes.map((fields): readonly [readonly string[], string] => [fields, 'primary']), ...(gridding ? { gridding } : {}) },
  };
}

/** Keys that are the run's own; all others are metadata. */
const own: ReadonlySet<string> = new Set([
  'user', 'uid', 'time', 'scan_id', 'plan_name', 'plan_type', 'plan_args', 'detectors', 'motors', 'num_points', 'num_intervals', 'shape', 'extents', 'snaking',
  'plan_readings', 'plan_whole', 'hints',
]);

/** The free keys of a run, for others that belong to it. */
export function metadataOf(start: RunStart): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(start).filter(([key]) => !own.has(key)));
}
