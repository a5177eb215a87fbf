// SPEC files read back by silx and by spec2nexus: every column to the last bit, the header, motor positions, spectra.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunStore } from '../../electron/data/runStore';
import type { DataKey, DataValue, RunDocument } from '../../shared/documents';
import { peerPython } from '../ioc/python';

interface Read { number: number; command: string; labels: string[]; columns: Record<string, string[]>; motors: Record<string, string>; date: string; spectra: string[][] }

const uid = '01234567-89ab-4cde-8f01-23456789abcd';
const begin = 1_790_000_000.25;
/** Numbers that show whether digits are lost. */
const positions = [0.1, 1 / 3, -2.5e-9, 123_456_789.123_456_78, 5e-324];
const counts = [0, 1, 4_294_967_295, 9_007_199_254_740_991, 1.7976931348623157e308];
/** What SPEC has no word for is read as infinity. */
const gaps = [Number.NaN, 1, Infinity, -Infinity, -2];
const spectra = positions.map((_, point) => Int32Array.from({ length: 40 }, (_unused, channel) => (point + 1) * 1000 + channel));
const baseline = { 'SIM:M2': -12.345678901234567, 'SIM:T': 300.1 };

let folder: string;
let path: string;
let read: { silx: Read; spec2nexus: Read };

const key = (dtype: DataKey['dtype'], more: Partial<DataKey> = {}): DataKey => ({ source: 'ca://X', dtype, shape: [], ...more });
function descriptor(name: string, data_keys: Record<string, DataKey>, object_keys: Record<string, string[]>): RunDocument {
  return { name: 'descriptor', doc: { uid: name, run_start: uid, time: begin, name, data_keys, object_keys, configuration: {}, hints: { 'SIM:I0': { fields: ['SIM:I0'] } } } };
}
function event(stream: string, number: number, data: Record<string, DataValue>): RunDocument {
  return { name: 'event', doc: { uid: `${stream}${number}`, descriptor: stream, time: begin + number / 7, seq_num: number, data, timestamps: {} } };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spec-'));
  const store = createRunStore({ folder: () => folder, version: '1', makeNexus: () => Promise.resolve() });
  const run = await store.open({
    name: 'start', doc: {
      uid, time: begin, scan_id: 7, plan_name: 'scan', plan_args: { detectors: ['SIM:I0'], axes: [{ motor: 'SIM:M1', start: 0, stop: 1 }], num: 5 }, detectors: ['SIM:I0', 'mca1'], motors: ['SIM:M1'],
      num_points: 5, user: 'jürgen', sample: 'Fe foil,\n5 µm', hints: { dimensions: [[['SIM:M1'], 'primary']] },
    },
  });
  run.append(descriptor('baseline', { 'SIM:M2': key('number'), 'SIM:T': key('number'), note: key('string') }, { 'SIM:M2': ['SIM:M2'], 'SIM:T': ['SIM:T', 'note'] }));
  run.append(event('baseline', 1, { ...baseline, note: 'x' }));
  const keys = { gap: key('number'), 'SIM:I0': key('integer'), state: key('string'), mca1: key('array', { dtype_numpy: '<i4', shape: [40] }), 'SIM:M1': key('number'), 'SIM:M1_setpoint': key('number') };
  run.append(descriptor('primary', keys, { 'SIM:I0': ['SIM:I0', 'state', 'gap'], mca1: ['mca1'], 'SIM:M1': ['SIM:M1', 'SIM:M1_setpoint'] }));
  positions.forEach((position, point) => run.append(event('primary', point + 1, { gap: gaps[point] ?? 0, 'SIM:I0': counts[point] ?? 0, state: 'a b', mca1: spectra[point] ?? [], 'SIM:M1': position, 'SIM:M1_setpoint': -position })));
  run.append({ name: 'stop', doc: { uid: 's', run_start: uid, time: begin + 9, exit_status: 'abort', reason: 'Aborted\nby the user.', num_events: { primary: 5, baseline: 1 } } });
  await run.close(Infinity);
  path = await store.exportText('7', 'spec');
  const script = join(dirname(fileURLToPath(import.meta.url)), 'python', 'read_spec.py');
  read = (JSON.parse(execFileSync(peerPython(), [script, path], { encoding: 'utf8' })) as Record<string, { silx: Read; spec2nexus: Read }>)[basename(path)] as { silx: Read; spec2nexus: Read };
  await store.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['silx', 'spec2nexus'] as const)('%s', (reader) => {
  const numbers = (texts: readonly string[] | undefined): number[] | undefined => texts?.map(Number);

  it('finds the scan, its command and its date', () => {
    const { number, command, date } = read[reader];
    expect(number).toBe(7);
    expect(command).toContain('scan {"detectors":["SIM:I0"],"axes":[{"motor":"SIM:M1","start":0,"stop":1}],"num":5}');
    expect(new Date(date).getTime()).toBe(Math.floor(begin) * 1000);
  });

  it('has every column to the last bit, the scanned motor first and the counter last', () => {
    const { labels, columns } = read[reader];
    expect(labels).toEqual(['SIM:M1', 'Epoch', 'gap', 'SIM:M1_setpoint', 'SIM:I0']);
    expect(numbers(columns['SIM:M1'])).toEqual(positions);
    expect(numbers(columns['SIM:M1_setpoint'])).toEqual(positions.map((position) => -position));
    expect(numbers(columns['SIM:I0'])).toEqual(counts);
    expect(columns['gap']).toEqual(['inf', '1.0', 'inf', '-inf', '-2.0']);
    expect(numbers(columns['Epoch'])).toEqual(positions.map((_, point) => begin + (point + 1) / 7 - Math.floor(begin)));
  });

  it('knows where the motors stood', () => {
    expect(Object.fromEntries(Object.entries(read[reader].motors).map(([name, text]) => [name, Number(text)]))).toEqual({ ...baseline, 'SIM:M1': positions[0], 'SIM:M1_setpoint': -(positions[0] ?? 0) });
  });

  it('has the spectra', () => {
    expect(read[reader].spectra.map(numbers)).toEqual(spectra.map((spectrum) => [...spectrum]));
  });
});
