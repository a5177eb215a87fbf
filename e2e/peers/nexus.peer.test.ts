// Our NeXus files read by h5py: the default plot is followed, numbers are those of the run, ended runs and interrupted ones alike.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArraysFile } from '../../electron/data/arrays/arraysFile';
import { ArrayTaker } from '../../electron/data/arrays/arrayTaker';
import { diskFiles } from '../../electron/data/journal/fileLayer';
import { JournalWriter } from '../../electron/data/journal/writer';
import { writeNexus } from '../../electron/data/nexus/writeNexus';
import { arraysPath } from '../../electron/data/runNames';
import type { RunDocument } from '../../shared/documents';
import { peerPython } from '../ioc/python';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'nexus-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reader = `
import h5py, json, sys
import numpy as np
def plain(value):
    if isinstance(value, bytes): return value.decode()
    if isinstance(value, np.ndarray): return [plain(v) for v in value.tolist()]
    if isinstance(value, np.generic): return value.item()
    return value
def attributes(node): return {k: plain(v) for k, v in node.attrs.items()}
with h5py.File(sys.argv[1], 'r') as f:
    entry = f[f.attrs['default']]
    out = {'root': attributes(f), 'entry': attributes(entry), 'fields': {}, 'classes': {}}
    if 'default' in entry.attrs:
        data = entry[entry.attrs['default']]
        out['data'] = attributes(data)
        out['signal'] = {'values': plain(data[data.attrs['signal']][()]), **attributes(data[data.attrs['signal']])}
        out['axes'] = [plain(data[a][()]) for a in data.attrs['axes']]
    def visit(name, node):
        if isinstance(node, h5py.Group): out['classes'][name] = plain(node.attrs.get('NX_class', ''))
        else: out['fields'][name] = plain(node[()])
    entry.visititems(visit)
print(json.dumps(out).replace('NaN', 'null'))
`;
const stackReader = `
import h5py, hashlib, json, sys
with h5py.File(sys.argv[1], 'r') as f:
    entry = f[f.attrs['default']]
    data = entry[entry.attrs['default']]
    stack = data[data.attrs['signal']]
    hash = hashlib.sha256()
    empty = []
    for index, frame in enumerate(stack):
        hash.update(frame.tobytes())
        if not frame.any(): empty.append(index + 1)
    missing = entry['run/missing_arrays'].asstr()[()].tolist() if 'missing_arrays' in entry['run'] else []
    print(json.dumps({'shape': stack.shape, 'chunks': stack.chunks, 'dtype': str(stack.dtype), 'filters': [stack.compression, stack.shuffle], 'axes': list(data.attrs['axes']), 'hash': hash.hexdigest(), 'missing': missing, 'empty': empty}))
`;
interface Stack { shape: number[]; chunks: number[]; dtype: string; filters: unknown[]; axes: string[]; hash: string; missing: string[]; empty: number[] }
interface Read {
  root: Record<string, unknown>; entry: Record<string, unknown>; data: Record<string, unknown>; signal: { values: unknown; units?: string };
  axes: unknown[]; fields: Record<string, unknown>; classes: Record<string, string>;
}
function readWithH5py(file: string): Read {
  return JSON.parse(execFileSync(peerPython(), ['-c', reader, file], { encoding: 'utf8' })) as Read;
}

const uid = '01234567-89ab-4cde-8f01-23456789abcd';
interface Shape { plan: string; motors: string[]; shape?: number[]; extents?: [number, number][]; snaking?: boolean[]; rows: number[][]; stop?: boolean }

function documents({ plan, motors, shape, extents, snaking, rows, stop = true }: Shape): RunDocument[] {
  const key = (source: string, units: string) => ({ source: `ca://${source}`, dtype: 'number' as const, shape: [], units, object_name: source });
  const motorKeys = Object.fromEntries(motors.flatMap((motor) => [[motor, key(`${motor}.RBV`, 'µm')], [`${motor}_setpoint`, key(`${motor}.VAL`, 'µm')]]));
  const start: RunDocument = {
    name: 'start', doc: {
      uid, time: 1_790_000_000.5, scan_id: 42, plan_name: plan, plan_args: { num: rows.length, note: 'a/b', snake: true }, detectors: ['SIM:I0', 'SIM:MCA1'], motors,
      num_points: rows.length, user: 'jürgen', sample: 'Fe foil, 5 µm', temperature: 300.5,
      hints: { dimensions: motors.length === 0 ? [[['time'], 'primary']] : shape ? motors.map((motor): [string[], string] => [[motor], 'primary']) : [[motors, 'primary']], ...(shape ? { gridding: 'rectilinear' } : {}) },
      ...(shape ? { shape } : {}), ...(extents ? { extents } : {}), ...(snaking ? { snaking } : {}),
    },
  };
  const descriptor: RunDocument = {
    name: 'descriptor', doc: {
      uid: 'd', run_start: uid, time: 1, name: 'primary',
      data_keys: { 'SIM:I0': key('SIM:I0', 'cts/s'), 'SIM:MCA1': { ...key('SIM:MCA1', 'counts'), dtype: 'array', shape: [3] }, state: { ...key('STATE', ''), dtype: 'string' }, ...motorKeys },
      object_keys: { 'SIM:I0': ['SIM:I0'], 'SIM:MCA1': ['SIM:MCA1', 'state'], ...Object.fromEntries(motors.map((motor) => [motor, [motor, `${motor}_setpoint`]])) },
      hints: { 'SIM:I0': { fields: ['SIM:I0'] } },
      configuration: { 'SIM:M1': { data: { 'SIM:M1_velocity': 5 }, timestamps: {}, data_keys: { 'SIM:M1_velocity': { ...key('SIM:M1.VELO', 'µm/s') } } } },
    },
  };
  const events = rows.map((row, index): RunDocument => ({
    name: 'event', doc: {
      uid: `e${index}`, descriptor: 'd', time: 1_790_000_001 + index, seq_num: index + 1, timestamps: {},
      data: {
        'SIM:I0': row[0] ?? 0, 'SIM:MCA1': [index, index + 1, index + 2], state: `run ${index} °`,
        ...Object.fromEntries(motors.flatMap((motor, column) => [[motor, row[column + 1] ?? 0], [`${motor}_setpoint`, row[column + 1] ?? 0]])),
      },
    },
  }));
  const end: RunDocument = { name: 'stop', doc: { uid: 's', run_start: uid, time: 1_790_000_100, exit_status: 'success', reason: '', num_events: { primary: rows.length } } };
  return [start, ...(rows.length > 0 ? [descriptor] : []), ...events, ...(stop ? [end] : [])];
}

async function nexusOf(run: Shape): Promise<Read> {
  const journal = join(folder, `${Math.random()}.journal.jsonl`);
  const writer = new JournalWriter(await diskFiles.create(journal), journal);
  for (const document of documents(run)) writer.append(document);
  await writer.drained();
  await writer.close();
  const target = journal.replace('.journal.jsonl', '.nxs');
  await writeNexus(journal, target, '1.2.3');
  return readWithH5py(target);
}

describe('h5py', () => {
  it('follows the default plot of a line scan, with units, positioners and the plan', async () => {
    const rows = [[10, 0], [30, 0.1], [20, 0.2]];
    const file = await nexusOf({ plan: 'scan', motors: ['SIM:M1'], rows });
    expect(file.root).toMatchObject({ default: 'entry', NX_class: 'NXroot', creator: 'endstation' });
    expect(file.data).toMatchObject({ NX_class: 'NXdata', signal: 'SIM_I0', axes: ['SIM_M1'], SIM_M1_indices: 0 });
    expect(file.signal).toMatchObject({ values: [10, 30, 20], units: 'cts/s', long_name: 'SIM:I0' });
    expect(file.axes).toEqual([[0, 0.1, 0.2]]);
    expect(file.classes).toMatchObject({ instrument: 'NXinstrument', 'instrument/SIM_I0': 'NXdetector', 'instrument/SIM_M1': 'NXpositioner', plan: 'NXprocess', run: 'NXcollection', user: 'NXuser' });
    expect(file.fields).toMatchObject({
      title: 'scan SIM:M1 SIM:I0 SIM:MCA1', entry_identifier: '42', entry_identifier_uuid: uid, 'run/exit_status': 'success', 'run/scan_id': 42, 'user/name': 'jürgen',
      'sample/name': 'Fe foil, 5 µm', 'run/metadata/temperature': 300.5, 'plan/parameters/num': 3, 'instrument/SIM_M1/velocity': 5, 'instrument/SIM_M1/target_value': [0, 0.1, 0.2],
      'instrument/SIM_MCA1/SIM_MCA1': [[0, 1, 2], [1, 2, 3], [2, 3, 4]], 'instrument/SIM_MCA1/state': ['run 0 °', 'run 1 °', 'run 2 °'],
    });
    expect(file.fields['start_time']).toMatch(/^2026-09-\d\dT\d\d:\d\d:\d\d\.500000[+-]\d\d:\d\d$/);
    expect(new Date(String(file.fields['end_time'])).getTime()).toBe(1_790_000_100_000);
  });

  it('gets a snaking grid as a map, with NaN where it was not measured', async () => {
    const rows = [[1, 0, 0], [2, 0, 1], [3, 0, 2], [4, 5, 2], [5, 5, 1]];
    const file = await nexusOf({ plan: 'grid_scan', motors: ['SIM:M1', 'SIM:M2'], shape: [2, 3], extents: [[0, 5], [0, 2]], snaking: [false, true], rows, stop: false });
    expect(file.data).toMatchObject({ signal: 'SIM_I0', axes: ['SIM_M1', 'SIM_M2'], SIM_M1_indices: 0, SIM_M2_indices: 1 });
    expect(file.signal.values).toEqual([[1, 2, 3], [null, 5, 4]]);
    expect(file.axes).toEqual([[0, 5], [0, 1, 2]]);
    expect(file.fields['run/exit_status']).toBe('interrupted');
  });

  it('plots a count over its time, and opens a run without any point', async () => {
    const count = await nexusOf({ plan: 'count', motors: [], rows: [[5], [6]] });
    expect(count.data['axes']).toEqual(['elapsed_time']);
    expect(count.axes).toEqual([[0.5, 1.5]]);
    const none = await nexusOf({ plan: 'scan', motors: ['SIM:M1'], rows: [] });
    expect(none.entry['default']).toBeUndefined();
    expect(none.fields['run/points']).toBe(0);
  });

  it('reads a stack of 200 images that is the same to the last pixel, and which are missing', async () => {
    const side = 512;
    const journal = join(folder, 'images.journal.jsonl');
    const writer = new JournalWriter(await diskFiles.create(journal), journal, new ArraysFile(diskFiles, arraysPath(journal)));
    const taker = new ArrayTaker(uid, folder, 'images.arrays');
    const all = createHash('sha256');
    const take = (document: RunDocument): void => { for (const taken of taker.take(document)) writer.append(taken.document, taken.record); };
    const [start, descriptor, , end] = documents({ plan: 'count', motors: [], rows: [[1]] });
    if (start?.name !== 'start' || descriptor?.name !== 'descriptor' || !end) throw new Error('a run has these');
    take(start);
    const image = { source: 'ca://IMAGE', dtype: 'array' as const, dtype_numpy: '<u2', shape: [side, side] };
    take({ name: 'descriptor', doc: { ...descriptor.doc, data_keys: { image }, object_keys: { camera: ['image'] }, hints: {} } });
    for (let point = 0; point < 200; point++) {
      const frame = Uint16Array.from({ length: side * side }, (_, index) => Math.imul(index + 7 * point, 2_654_435_761) >>> 16);
      all.update(frame);
      take({ name: 'event', doc: { uid: `e${point}`, descriptor: descriptor.doc.uid, time: start.doc.time + point, seq_num: point + 1, data: { image: frame }, timestamps: {} } });
      if (writer.pending > 8_000_000) await writer.drained();
    }
    take(end);
    await writer.drained();
    await writer.close();
    const read = async (): Promise<Stack> => {
      await writeNexus(journal, join(folder, 'images.nxs'), '1');
      return JSON.parse(execFileSync(peerPython(), ['-c', stackReader, join(folder, 'images.nxs')], { encoding: 'utf8' })) as Stack;
    };
    expect(await read()).toEqual({ shape: [200, side, side], chunks: [1, side, side], dtype: 'uint16', filters: ['gzip', true], axes: ['point_number', '.', '.'], hash: all.digest('hex'), missing: [], empty: [] });
    // The last record is cut, and one in the middle has another bit.
    truncateSync(arraysPath(journal), statSync(arraysPath(journal)).size - 100);
    const file = openSync(arraysPath(journal), 'r+');
    writeSync(file, Uint8Array.of(255), 0, 1, 100 * (side * side * 2 + 56) + 5000);
    closeSync(file);
    expect(await read()).toMatchObject({ missing: ['image of point 101', 'image of point 200'], empty: [101, 200] });
  });

  it('reads what the built worker wrote', async () => {
    const journal = join(folder, 'worker.journal.jsonl');
    const writer = new JournalWriter(await diskFiles.create(journal), journal);
    for (const document of documents({ plan: 'scan', motors: ['SIM:M1'], rows: [[7, 1]] })) writer.append(document);
    await writer.drained();
    await writer.close();
    const target = join(folder, 'worker.nxs');
    const worker = new Worker(new URL('../../out/main/nexusWorker.cjs', import.meta.url));
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage({ id: 1, task: 'nexus', journal, target, version: '1' });
    });
    await worker.terminate();
    expect(answer).toMatchObject({ id: 1, error: null });
    expect(readWithH5py(target).signal.values).toEqual([7]);
  });
});
