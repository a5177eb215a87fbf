// The compute benchmark: our jobs in their pool against NumPy, SciPy and pyFAI, in turns in one run; two workers against one; what a task costs.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { installPython, root } from '../provision.mjs';
import { printRow, spread } from './statistics.mjs';

const out = join(root, 'node_modules', '.cache', 'endstation-bench');
const cores = cpus().length;

/** The pool and its worker as the application has them, from the sources as they are now. */
async function loadPool() {
  for (const name of ['computePool', 'poolWorker']) {
    await build({
      configFile: false, logLevel: 'error', resolve: { alias: { '@shared': join(root, 'shared') } },
      build: { ssr: join(root, 'electron', 'compute', `${name}.ts`), outDir: out, emptyOutDir: false, target: 'node16', rollupOptions: { output: { format: 'cjs', entryFileNames: `${name}.cjs` } } },
    });
  }
  return createRequire(import.meta.url)(join(out, 'computePool.cjs')).ComputePool;
}

/** The Python side, started once: a metric's name a line in, seconds of each repeat out. */
function startPeers(python) {
  const child = spawn(python, [join(root, 'build', 'bench', 'computePeers.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async measure(metric) {
      child.stdin.write(`${metric}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`The Python side ended at ${metric}.`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

const shared = (Type, length, make) => {
  const values = new Type(new SharedArrayBuffer(length * Type.BYTES_PER_ELEMENT));
  for (let i = 0; i < length; i += 1) values[i] = make(i);
  return values;
};
const x = Float64Array.from({ length: 51 }, (_, i) => i * 0.05);
const gauss = (at) => 5 * Math.exp(-4 * Math.LN2 * ((at - 1.234) / 0.42) ** 2) + 0.3 + 0.1 * (at - 1.234) + 0.05 * Math.sin(37 * at);
const geometry = { distance: 0.12, poni1: 0.088, poni2: 0.088, pixel1: 172e-6, pixel2: 172e-6 };
const size = 1024 * 1024;
const [frames, fits, manyFits, tasks] = [8, 2000, 10_000, 2000];

async function timed(repeats, action) {
  await action();
  const seconds = [];
  for (let i = 0; i < repeats; i += 1) {
    const start = performance.now();
    await action();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

/** There and back between two threads with nothing else: what no pool can be below where tasks come one after the other. */
async function bareRoundTrip(repeats) {
  const worker = new Worker('const { parentPort } = require("node:worker_threads"); parentPort.on("message", (m) => parentPort.postMessage(m));', { eval: true });
  const once = () => new Promise((resolve) => { worker.once('message', resolve); worker.postMessage({ x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, 1, 0) }); });
  const seconds = await timed(repeats, async () => { for (let i = 0; i < tasks; i += 1) await once(); });
  await worker.terminate();
  return seconds;
}

/** `only`: names of rows. */
export async function benchCompute({ json = false, repeats = 5, only = null }) {
  const ComputePool = await loadPool();
  const peers = startPeers(installPython(join(root, 'build', 'bench', 'requirements.txt')));
  const pools = { one: new ComputePool({ workers: out, size: 1 }), two: new ComputePool({ workers: out, size: 2 }), all: new ComputePool({ workers: out, size: cores }) };
  const stack = { data: shared(Float32Array, frames * size, () => 100 + 20 * Math.random()), width: 1024, height: 1024, geometry, bins: 1000 };
  const [re, im] = [0, 1].map(() => shared(Float64Array, size, Math.random));
  const curves = (n) => ({ x, y: shared(Float64Array, n * 51, (i) => gauss(x[i % 51])), shape: 'gauss' });
  const [few, many] = [curves(fits), curves(manyFits)];
  const task = (pool) => pool.run('peakStatistics', { x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, 1, 0) });
  const each = (values, times) => values.map((s) => s / times);
  const keep = { keepInput: true };
  const rows = [
    {
      name: 'azimuthal', metric: `azimuthal integration, 1024 x 1024, a frame, ${cores} cores`, unit: 'ms', scale: 1e3, better: 'lower', wanted: 1.5, peer: 'pyFAI',
      ours: async () => each(await timed(3, () => pools.all.run('stackIntegration', stack, keep)), frames),
    },
    { name: 'peakFit', metric: 'fit of a Gauss, 51 points, one core', unit: 'us', scale: 1e6, better: 'lower', wanted: 0.1, peer: 'SciPy', ours: async () => each(await timed(3, () => pools.one.run('peakFits', few, keep)), fits) },
    { name: 'fft', metric: 'FFT of 2^20 complex points, one core', unit: 'ms', scale: 1e3, better: 'lower', wanted: 3, peer: 'NumPy', ours: () => timed(3, () => pools.one.run('fft', { re, im }, keep)) },
    {
      name: 'workers', metric: 'two workers: 10,000 fits', unit: '1/s', scale: 1, better: 'higher', wanted: 1.8, peer: 'one worker',
      ours: async () => (await timed(2, () => pools.two.run('peakFits', many, keep))).map((s) => manyFits / s), theirs: async () => (await timed(2, () => pools.one.run('peakFits', many, keep))).map((s) => manyFits / s),
    },
    {
      name: 'tasks', metric: 'overhead of a task, 2,000 at once (wanted: below 50 us)', unit: 'us', scale: 1e6, better: 'lower', peer: 'bare message',
      ours: async () => each(await timed(3, () => Promise.all(Array.from({ length: tasks }, () => task(pools.one)))), tasks), theirs: async () => each(await bareRoundTrip(2), tasks),
    },
    {
      name: 'task', metric: 'a task there and back, one after the other', unit: 'us', scale: 1e6, better: 'lower', peer: 'bare message',
      ours: async () => each(await timed(3, async () => { for (let i = 0; i < tasks; i += 1) await task(pools.one); }), tasks), theirs: async () => each(await bareRoundTrip(2), tasks),
    },
  ];
  const unknown = only?.find((name) => !rows.some((row) => row.name === name));
  if (unknown) throw new Error(`There is no part "${unknown}". Parts: ${rows.map(({ name }) => name).join(', ')}.`);
  const chosen = rows.filter(({ name }) => only?.includes(name) ?? true);
  const found = chosen.map(() => ({ ours: [], theirs: [], version: '' }));
  try {
    // In turns, so that what else the machine does falls on both sides.
    for (let round = 0; round < repeats; round += 1) {
      for (const [i, row] of chosen.entries()) {
        found[i].ours.push(...await row.ours());
        const peer = row.theirs === undefined ? await peers.measure(row.name) : { seconds: await row.theirs(), version: `Node ${process.version}` };
        found[i].theirs.push(...peer.seconds);
        found[i].version = peer.version;
      }
    }
    chosen.forEach(({ metric, unit, scale, better, wanted, peer }, i) => {
      const scaled = (values) => spread(values.map((s) => s * scale));
      printRow({ bench: 'compute', metric, unit, better, wanted: wanted === undefined ? {} : { [peer]: wanted }, ours: scaled(found[i].ours), peers: { [peer]: { ...scaled(found[i].theirs), version: found[i].version } } }, json);
    });
  } finally {
    peers.end();
    await Promise.all(Object.values(pools).map((pool) => pool.dispose()));
  }
}
