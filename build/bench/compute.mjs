// The compute benchmark: our jobs in their pool against NumPy, SciPy and pyFAI, in turns; and two workers against one.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { installPython, root } from '../provision.mjs';
import { printRow, spread } from './statistics.mjs';

const execute = promisify(execFile);
const out = join(root, 'node_modules', '.cache', 'endstation-bench');
const rounds = 5;

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

const noise = (n) => Float64Array.from({ length: n }, () => Math.random());
const x = Float64Array.from({ length: 51 }, (_, i) => i * 0.05);
const y = x.map((at) => 5 * Math.exp(-4 * Math.LN2 * ((at - 1.234) / 0.42) ** 2) + 0.3 + 0.1 * (at - 1.234) + 0.05 * Math.sin(37 * at));
const frame = Float32Array.from({ length: 1024 * 1024 }, () => 100 + 20 * Math.random());
const geometry = { distance: 0.12, poni1: 0.088, poni2: 0.088, pixel1: 172e-6, pixel2: 172e-6 };

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

export async function benchCompute({ json = false }) {
  const python = installPython(join(root, 'build', 'bench', 'requirements.txt'));
  const ComputePool = await loadPool();
  const one = new ComputePool({ workers: out, size: 1 });
  const two = new ComputePool({ workers: out, size: 2 });
  const [re, im] = [noise(1 << 20), noise(1 << 20)];
  const integrate = (pool) => pool.run('azimuthalIntegration', { data: frame, width: 1024, height: 1024, geometry, bins: 1000 }, { keepInput: true });
  const fit = (pool) => pool.run('peakFit', { x, y, shape: 'gauss' }, { keepInput: true });
  const rows = [
    { metric: 'FFT of 2^20 complex points', name: 'fft', peer: 'numpy', unit: 'ms', scale: 1e3, ours: () => timed(5, () => one.run('fft', { re, im }, { keepInput: true })) },
    { metric: 'fit of a Gauss, 51 points, one after the other', name: 'peakFit', peer: 'scipy', unit: 'us', scale: 1e6, ours: async () => (await timed(5, async () => { for (let i = 0; i < 500; i += 1) await fit(one); })).map((s) => s / 500) },
    // On as many cores as the peer uses: frames come one after the other, two are under way.
    { metric: 'azimuthal integration, 1024 x 1024, a frame', name: 'azimuthal', peer: 'pyFAI', unit: 'ms', scale: 1e3, ours: async () => (await timed(5, () => Promise.all(Array.from({ length: 10 }, () => integrate(two))))).map((s) => s / 10) },
  ];
  try {
    for (const row of rows) {
      const [ours, theirs] = [[], []];
      let version = '';
      for (let i = 0; i < rounds; i += 1) {
        ours.push(...await row.ours());
        const peer = JSON.parse((await execute(python, [join(root, 'build', 'bench', 'computePeers.py'), row.name, '5'])).stdout);
        theirs.push(...peer.seconds);
        ({ version } = peer);
      }
      const scaled = (values) => spread(values.map((s) => s * row.scale));
      printRow({ bench: 'compute', metric: row.metric, unit: row.unit, better: 'lower', ours: scaled(ours), peers: { [row.peer]: { ...scaled(theirs), version } } }, json);
    }
    const work = (pool) => timed(3, () => Promise.all(Array.from({ length: 16 }, () => pool.run('fft', { re: re.slice(0, 1 << 17), im: im.slice(0, 1 << 17) }))));
    const [alone, both] = [[], []];
    for (let i = 0; i < rounds; i += 1) {
      alone.push(...await work(one));
      both.push(...await work(two));
    }
    const rate = (values) => spread(values.map((s) => 16 / s));
    printRow({ bench: 'compute', metric: 'transforms of 2^17 points, two workers', unit: '1/s', better: 'higher', ours: rate(both), peers: { 'one worker': rate(alone) } }, json);
    const overhead = await timed(5, async () => { for (let i = 0; i < 2000; i += 1) await one.run('peakStatistics', { x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, 1, 0) }, { keepInput: true }); });
    printRow({ bench: 'compute', metric: 'a task there and back', unit: 'us', better: 'lower', ours: spread(overhead.map((s) => (s / 2000) * 1e6)), peers: {} }, json);
  } finally {
    await Promise.all([one.dispose(), two.dispose()]);
  }
}
