// The scan benchmark: time a point of our scans beside bluesky's, both with a record on disk that is synced; and how long preflight takes.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPython, root } from '../provision.mjs';
import { printRow, spread } from './statistics.mjs';

const execute = promisify(execFile);
const points = 2000;
const many = 10_000;

/** Signals in the memory of the process on both sides: what is measured is the engine and its record. */
const plans = {
  count: { ours: (num) => ['count', 'loc://detector(1.5)', '--num', String(num)], peer: 'count' },
  scan: { ours: (num) => ['scan', 'loc://detector(1.5)', '--', 'loc://motor(0)', '0', '1', String(num)], peer: 'scan' },
};

/** The built command line, as a user runs it. Milliseconds a point between the first and the last record, and the peak of memory. */
async function ours(plan, num) {
  const folder = mkdtempSync(join(tmpdir(), 'endstation-bench-'));
  try {
    const env = { ...process.env, ENDSTATION_HOME: join(folder, 'home'), EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO' };
    const args = [join(root, 'out', 'main', 'cli.cjs'), 'scan', ...plans[plan].ours(num), '--data', folder, '--json'];
    const { stdout } = await execute(process.execPath, ['-r', join(root, 'build', 'bench', 'peakMemory.cjs'), ...args], { env: { ...env, BENCH_MEMORY: join(folder, 'memory') }, maxBuffer: 1e9 });
    const times = stdout.split('\n').filter((line) => line.startsWith('{"name":"event"')).map((line) => JSON.parse(line).doc.time);
    if (times.length !== num) throw new Error(`${plan} took ${times.length} of ${num} points.`);
    const memory = JSON.parse(readFileSync(join(folder, 'memory'), 'utf8'));
    return { perPoint: ((times.at(-1) - times[0]) * 1000) / (num - 1), memory };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds for the preflight sheets of 100 plans, in one process. */
async function preflight() {
  const folder = mkdtempSync(join(tmpdir(), 'endstation-bench-'));
  try {
    const file = join(folder, 'plan.json');
    const scan = (index) => ({ plan: 'scan', args: { detectors: ['loc://detector(1.5)'], num: 1000, axes: [{ motor: 'loc://motor(0)', start: 0, stop: index + 1 }] } });
    writeFileSync(file, JSON.stringify({ plan: 'sequence', args: { plans: Array.from({ length: 100 }, (_, index) => scan(index)) } }));
    const one = join(folder, 'one.json');
    writeFileSync(one, JSON.stringify(scan(0)));
    const seconds = async (plan) => {
      const began = performance.now();
      await execute(process.execPath, [join(root, 'out', 'main', 'cli.cjs'), 'scan', '--file', plan, '--preflight', '--data', folder, '--json'], { env: { ...process.env, ENDSTATION_HOME: join(folder, 'home'), EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO' } });
      return (performance.now() - began) / 1000;
    };
    // The start of the program is in both.
    return await seconds(file) - await seconds(one);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchScan({ repeats = 5, json = false }) {
  if (!existsSync(join(root, 'out', 'main', 'cli.cjs'))) throw new Error('Nothing is built. Run `npm run build` first.');
  const python = installPython(join(root, 'build', 'bench', 'scanRequirements.txt'));
  for (const [plan, { peer }] of Object.entries(plans)) {
    const samples = { ours: [], bluesky: [] };
    let version = '';
    for (let index = 0; index < repeats; index += 1) {
      samples.ours.push((await ours(plan, points)).perPoint);
      const told = JSON.parse((await execute(python, [join(root, 'build', 'bench', 'blueskyScan.py'), peer, String(points / 4)])).stdout);
      samples.bluesky.push(told.perPoint);
      version = told.version;
    }
    printRow({
      bench: 'scan', metric: `${plan}, a point with its synced record`, unit: 'ms', better: 'lower', ours: spread(samples.ours), peers: { bluesky: { ...spread(samples.bluesky), version } }, wanted: { bluesky: 0.1 },
    }, json);
  }
  const grown = [];
  for (let index = 0; index < Math.min(repeats, 3); index += 1) grown.push((await ours('count', many)).memory.grown / 1e6);
  printRow({ bench: 'scan', metric: `${many} points: heap after them, over that after ${many / 10}`, unit: 'MB', better: 'lower', ours: spread(grown), peers: {} }, json);
  const sheets = [];
  for (let index = 0; index < repeats; index += 1) sheets.push(await preflight());
  printRow({ bench: 'scan', metric: 'preflight of 100 plans', unit: 's', better: 'lower', ours: spread(sheets), peers: {} }, json);
}
