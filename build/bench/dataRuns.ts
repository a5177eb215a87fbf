// What the data benchmark measures, in a process of its own. Usage: dataRuns FOLDER record points|images COUNT, or FOLDER nexus|open RUN WORKERS.
// Prints one JSON object.
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { DataKey, DataValue, RunDocument } from '@shared/documents';
import { createRunStore, type RunStore } from '../../electron/data/runStore';

const [folder = '', what = '', which = '', last = ''] = process.argv.slice(2);
/** Pixels along a side. */
const side = 1024;

const megabytes = (field: 'VmRSS' | 'VmHWM'): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024;

/** Counts of a weak beam: noise that compresses as a detector's does, and differs from frame to frame. */
function frame(point: number): Uint16Array {
  const pixels = new Uint16Array(side * side);
  let state = point + 1;
  for (let index = 0; index < pixels.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    pixels[index] = 10 + (state >>> 29) + (state >>> 31) * ((state >>> 24) & 7);
  }
  return pixels;
}

async function record(store: RunStore, kind: string, count: number): Promise<object> {
  const isImages = kind === 'images';
  const uid = randomUUID();
  const number: DataKey = { source: 'bench', dtype: 'number', shape: [] };
  const keys = { x: number, ...(isImages ? { image: { source: 'bench', dtype: 'array' as const, dtype_numpy: '<u2', shape: [side, side] } } : { y: number }) };
  const run = await store.open({
    name: 'start', doc: { uid, time: Date.now() / 1000, scan_id: await store.nextScanId(), plan_name: 'bench', plan_args: {}, detectors: ['d'], motors: [], num_points: count, hints: { dimensions: [[['time'], 'primary']] } },
  });
  run.append({ name: 'descriptor', doc: { uid: 'd', run_start: uid, time: 1, name: 'primary', data_keys: keys, object_keys: { d: Object.keys(keys) }, configuration: {}, hints: { d: { fields: ['x'] } } } });
  const began = performance.now();
  // Frames are made before the clock matters: a few, over and over.
  const frames = Array.from({ length: isImages ? 8 : 0 }, (_, index) => frame(index));
  for (let point = 1; point <= count; point++) {
    const data: Record<string, DataValue> = isImages ? { x: point, image: frames[point % frames.length] ?? [] } : { x: point, y: Math.sin(point / 1000) };
    const event: RunDocument = { name: 'event', doc: { uid: `e${point}`, descriptor: 'd', time: 1e9 + point, seq_num: point, data, timestamps: { x: point } } };
    run.append(event);
    if (run.pending > 8_000_000) await run.drained();
  }
  run.append({ name: 'stop', doc: { uid: 's', run_start: uid, time: 2e9, exit_status: 'success', reason: '', num_events: { primary: count } } });
  await run.close(Infinity);
  await run.derived;
  return { run: uid, seconds: (performance.now() - began) / 1000, bytes: statSync(run.journal).size };
}

/** Megabytes of the process: with the worker idle, and the most while it works. */
async function nexus(store: RunStore): Promise<object> {
  // The worker is started and has its program by reading something.
  await store.read(which);
  const idle = megabytes('VmRSS');
  let most = 0;
  const watch = setInterval(() => { most = Math.max(most, megabytes('VmRSS')); }, 20);
  const began = performance.now();
  const path = await store.derive(which);
  clearInterval(watch);
  return { idle, most, seconds: (performance.now() - began) / 1000, bytes: statSync(path).size };
}

async function open(store: RunStore): Promise<object> {
  const began = performance.now();
  const { time } = await store.read(which);
  return { seconds: (performance.now() - began) / 1000, points: time.length };
}

async function main(): Promise<void> {
  const workers = what === 'record' ? process.argv[6] : last;
  const store = createRunStore({ folder: () => folder, version: 'bench', ...(workers === undefined || workers === '' ? { makeNexus: () => Promise.resolve() } : { workers }) });
  try {
    const told = what === 'record' ? await record(store, which, Number(last)) : what === 'nexus' ? await nexus(store) : await open(store);
    process.stdout.write(`${JSON.stringify(told)}\n`);
  } finally {
    await store.dispose();
  }
}

void main();
