// `npm run fuzz -- --minutes M`: inputs to the four protocol cores and to the decoders of pictures, from seeds; every failing one is shown with its bytes.
// Options: --minutes M (in all, a fifth each; default 2), --inputs N (each, instead), --target NAME, --seed FIRST, --json.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const names = ['ca-client', 'ca-server', 'pva-client', 'pva-server', 'pictures'];
/** Seconds without a new seed: a hang. Long, since the machine may be busy with others. */
const patience = 120;
const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, inputs: { type: 'string' }, target: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const chosen = options.target ? [options.target] : names;
if (chosen.some((name) => !names.includes(name))) throw new Error(`There is no target ${options.target}: take one of ${names.join(', ')}.`);
/** Inputs that one seed gives: as in test/fuzz/target.ts. */
const inputsPerSeed = 16;
const seeds = options.inputs ? Math.ceil(Number(options.inputs) / inputsPerSeed) : Infinity;
const milliseconds = options.inputs ? Infinity : (Number(options.minutes) * 60_000) / chosen.length;
// Other seeds each time, unless one is given; 10^9 apart, so that each is a safe number.
const first = options.seed === undefined ? Math.floor(Date.now() / 1000) % 4_000_000_000 : Number(options.seed);
if (![milliseconds, first].every((number) => number >= 0)) throw new Error('Give --minutes, --inputs and --seed as numbers.');

const folder = mkdtempSync(join(tmpdir(), 'endstation-fuzz-'));
const say = (text) => { if (!options.json) console.log(text); };

async function bundle() {
  await build({
    configFile: false, logLevel: 'warn', root,
    build: {
      ssr: true, target: 'node16', outDir: folder, emptyOutDir: false, minify: false,
      lib: { entry: { fuzzWorker: join(root, 'electron/epics-ioc-connection/test/fuzz/fuzzWorker.ts') }, formats: ['cjs'], fileName: () => 'fuzzWorker.cjs' },
    },
  });
  return join(folder, 'fuzzWorker.cjs');
}

function fuzz(file, name) {
  const progress = new BigInt64Array(new SharedArrayBuffer(8));
  progress[0] = BigInt(first);
  const failures = [];
  const started = performance.now();
  const worker = new Worker(file, { workerData: { name, first, seeds, milliseconds, progress }, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  return new Promise((resolve) => {
    let [seen, since, told] = [progress[0], Date.now(), Date.now()];
    const finish = (count) => {
      clearInterval(watch);
      const seconds = (performance.now() - started) / 1000;
      resolve({ name, inputs: count * inputsPerSeed, seconds: Number(seconds.toFixed(1)), failures });
      void worker.terminate();
    };
    const fail = (seed, what, hex = '') => {
      failures.push({ seed, what, hex });
      say(`FAIL ${name} seed ${seed}: ${what}${hex ? `\n     ${hex}` : ''}`);
    };
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 0);
      if (now !== seen) [seen, since] = [now, Date.now()];
      else if (Date.now() - since > patience * 1000) {
        fail(Number(now), `no end within ${patience} s`);
        finish(Number(now) - first);
      }
      if (Date.now() - told > 60_000) {
        told = Date.now();
        say(`${name}: ${((Number(now) - first) * inputsPerSeed).toLocaleString('en')} inputs, ${failures.length} failures`);
      }
    }, 1000);
    worker.on('message', (message) => {
      if (message.kind === 'failure') fail(message.seed, message.what, message.hex);
      else finish(message.seeds);
    });
    worker.on('error', (error) => {
      fail(Number(Atomics.load(progress, 0)), `the thread ended: ${error.message}`);
      finish(Number(Atomics.load(progress, 0)) - first);
    });
  });
}

try {
  const file = await bundle();
  const queue = [...chosen];
  const results = [];
  // Two at a time.
  await Promise.all([0, 1].map(async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const result = await fuzz(file, name);
      results.push(result);
      say(`${name}: ${result.inputs.toLocaleString('en')} inputs from seed ${first} in ${result.seconds} s, ${result.failures.length} failures`);
    }
  }));
  if (options.json) console.log(JSON.stringify({ first, results }));
  process.exitCode = results.some(({ failures }) => failures.length > 0) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
