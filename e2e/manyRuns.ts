// Runs on disk as if they had been measured, to have thousands of them: whole journals in the folders of their days.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRecord } from '../electron/data/journal/record';
import type { RunDocument, RunStart } from '../shared/documents';

export interface MadeRun { readonly uid: string; readonly scanId: number; readonly plan: string; readonly motor: string; readonly sample: string; readonly exit: 'success' | 'abort'; /** `YYYY-MM-DD`, local. */ readonly day: string }

const points = 5;

/** Numbered from 1, the newest last; ten days, three motors, two samples, every seventh aborted. */
export function makeRuns(folder: string, count: number): MadeRun[] {
  const begin = new Date(2026, 9, 1, 8).getTime() / 1000;
  const days = 10;
  return Array.from({ length: count }, (_, index) => {
    const scanId = index + 1;
    const time = begin + Math.floor((index / count) * days) * 86_400 + (index % Math.ceil(count / days)) * 20;
    const uid = `${scanId.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const motor = `SIM:M${1 + (index % 3)}`;
    const run: Omit<MadeRun, 'day'> = { uid, scanId, plan: index % 4 === 0 ? 'rel_scan' : 'scan', motor, sample: index % 10 === 0 ? 'iron foil' : 'copper', exit: index % 7 === 0 ? 'abort' : 'success' };
    const start: RunStart = {
      user: 'test', sample: run.sample, temperature: 20 + (index % 5), uid, time, scan_id: scanId, plan_name: run.plan, plan_type: 'generator',
      plan_args: { detectors: ['SIM:I1'], num: points, axes: [{ motor, start: 0, stop: 4 }] }, detectors: ['SIM:I1'], motors: [motor], num_points: points, hints: { dimensions: [[[motor], 'primary']] },
    };
    const day = dayOf(new Date(time * 1000));
    mkdirSync(join(folder, day), { recursive: true });
    writeFileSync(join(folder, day, `${String(scanId).padStart(5, '0')}_${run.plan}_${uid.slice(0, 8)}.journal.jsonl`), Buffer.concat(documentsOf(start, motor, run.exit, index).map(encodeRecord)));
    return { ...run, day };
  });
}

const dayOf = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

function documentsOf(start: RunStart, motor: string, exit: MadeRun['exit'], index: number): RunDocument[] {
  const { uid, time } = start;
  const key = { source: 'ca://SIM', dtype: 'number' as const, shape: [], precision: 3 };
  return [
    { name: 'start', doc: start },
    {
      name: 'descriptor', doc: {
        uid: `${uid}-d`, run_start: uid, time, name: 'primary', data_keys: { [motor]: { ...key, units: 'mm', object_name: motor }, 'SIM:I1': { ...key, units: 'counts', object_name: 'SIM:I1' } },
        object_keys: { [motor]: [motor], 'SIM:I1': ['SIM:I1'] }, configuration: {}, hints: {},
      },
    },
    ...Array.from({ length: points }, (_, point): RunDocument => ({
      name: 'event', doc: { uid: `${uid}-${point}`, descriptor: `${uid}-d`, time: time + point, seq_num: point + 1, data: { [motor]: point, 'SIM:I1': 100 + 50 * Math.sin(point + index) }, timestamps: { [motor]: time + point, 'SIM:I1': time + point } },
    })),
    { name: 'stop', doc: { uid: `${uid}-s`, run_start: uid, time: time + points, exit_status: exit, reason: exit === 'abort' ? 'Aborted.' : '', num_events: { primary: points } } },
  ];
}
