// The data benchmark: memory and time of NeXus files with many images, and how fast a long run opens.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { root } from '../provision.mjs';
import { printRow, spread } from './statistics.mjs';

const execute = promisify(execFile);
const workers = join(root, 'out', 'main');
const parts = { images: ['images', 10_000], open: ['points', 1_000_000] };

async function buildProgram(folder) {
  await build({
    configFile: false, logLevel: 'warn', root, publicDir: false, ssr: { noExternal: true, target: 'node' },
    resolve: { alias: { '@shared': join(root, 'shared') } },
    build: { ssr: join(root, 'build/bench/dataRuns.ts'), outDir: folder, emptyOutDir: false, target: 'node16', minify: false, rolldownOptions: { output: { format: 'cjs', entryFileNames: 'dataRuns.cjs', codeSplitting: false } } },
  });
  return join(folder, 'dataRuns.cjs');
}

/** `frames`: of 1024 x 1024 uint16, 2 MB each on the disk and less in the NeXus file. */
export async function benchData({ json = false, repeats = 5, only = null, frames = parts.images[1] }) {
  if (!existsSync(join(workers, 'nexusWorker.cjs'))) throw new Error('Nothing is built. Run `npm run build` first.');
  const folder = mkdtempSync(join(tmpdir(), 'endstation-bench-'));
  try {
    const program = await buildProgram(folder);
    const ask = async (...words) => JSON.parse((await execute(process.execPath, [program, join(folder, 'data'), ...words.map(String)])).stdout);
    const row = (metric, unit, samples, more = {}) => printRow({ bench: 'data', metric, unit, better: 'lower', ours: spread(samples), peers: {}, ...more }, json);
    if (!only || only.includes('images')) {
      const { run, seconds } = await ask('record', 'images', frames);
      row(`an image of 2 MB recorded, synced`, 'ms', [(seconds * 1000) / frames]);
      const told = await ask('nexus', run, workers);
      row(`${frames} images to NeXus: memory over the idle worker's`, 'MB', [told.most - told.idle]);
      row(`${frames} images to NeXus`, 's', [told.seconds]);
      row(`${frames} images in NeXus, of ${Math.round((frames * 2 * 1024 * 1024) / 1e6)} MB`, 'MB', [told.bytes / 1e6]);
    }
    if (!only || only.includes('open')) {
      const { run } = await ask('record', 'points', parts.open[1], workers);
      const samples = [];
      for (let index = 0; index < repeats; index += 1) samples.push((await ask('open', run, workers)).seconds);
      row('a run of 1000000 points opens', 's', samples);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
