// A program that computes beside its callbacks: what the GIL, or a single JavaScript thread, does to how late they come.
import type { ClaimVerdict } from '@shared/lab';
import { coresInUse } from '../environment';
import { LabError } from '../labError';
import { numberOf, numbersOf } from '../programLine';
import { quantile } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { quantileOfBlocks } from './blocks';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

interface Case { readonly mode: string; readonly title: string }
const cases: Readonly<Partial<Record<Runtime['language'], readonly Case[]>>> = {
  python: [
    { mode: 'alone', title: 'PyEpics alone' },
    { mode: 'devices', title: 'PyEpics, eight threads that wait for devices' },
    { mode: 'thread', title: 'PyEpics, a thread computes' },
    { mode: 'process', title: 'PyEpics, a process computes' },
  ],
  typescript: [
    { mode: 'alone', title: 'Endstation\'s client alone' },
    { mode: 'worker', title: 'Endstation\'s client, a worker computes' },
    { mode: 'main', title: 'Endstation\'s client, its own thread computes' },
  ],
};
/** Changes a second of the one value. */
const rate = 100;
/** Threads that wait may add this much to the median, ms, or double it, and can still be ignored. */
const ignored = 1;
/** Cores that other programs may use before a late callback can't be blamed on the program. */
const busy = 0.5;

async function measureCase(bench: Bench, runtime: Runtime, port: number, { mode, title }: Case): Promise<void> {
  const name = (part: string) => `${runtime.info.key}.${mode}.${part}`;
  const inUse = coresInUse();
  const line = await bench.run(runtime, 'callbacks', [mode, port, bench.quick ? 1.8 : 10]);
  const latencies = numbersOf(line, 'latencies');
  if (latencies.length === 0) throw new LabError('PROGRAM_OUTPUT', `${runtime.info.title}: not one change was noticed (${title}). See that nothing on this machine blocks loopback connections, then run it again.`);
  const used = (100 * numberOf(line, 'cpu')) / numberOf(line, 'wall');
  // What computes in a process of its own takes a core that is not in the program's own figure.
  bench.figure(name('others'), { value: Math.max(0, inUse() - used / 100 - (mode === 'process' ? 1 : 0)), unit: 'cores' }, runtime);
  bench.figure(name('p50'), quantileOfBlocks(latencies, 0.5, 'ms'), runtime);
  bench.figure(name('p99'), quantileOfBlocks(latencies, 0.99, 'ms'), runtime);
  bench.figure(name('longest'), { value: quantile(latencies, 1), unit: 'ms' }, runtime);
  bench.figure(name('noticed'), { value: latencies.length, unit: 'changes' }, runtime);
  bench.figure(name('missed'), { value: numberOf(line, 'missed'), unit: 'changes' }, runtime);
  bench.figure(name('cpu'), { value: used, unit: '% of a core' }, runtime);
}

async function measure(bench: Bench): Promise<void> {
  const casesOf = (runtime: Runtime) => cases[runtime.language] ?? [];
  bench.plan(bench.runtimes.flatMap((runtime) => casesOf(runtime).map(({ title }) => ({ label: title, seconds: bench.quick ? 2.8 : 11 }))));
  const source = bench.runtimes.find(({ mode }) => mode === 'main');
  if (!source) return;
  const server = await bench.start(source, 'polling', ['source', 1, rate]);
  try {
    for (const runtime of bench.runtimes) {
      for (const each of casesOf(runtime)) {
        bench.step();
        await bench.row(runtime, () => measureCase(bench, runtime, numberOf(server.first, 'port'), each));
      }
    }
  } finally {
    await server.stop();
  }
}

function judge(evidence: Evidence): Judgement {
  const at = (name: string) => evidence.figures[`${name}`]?.value;
  const p50 = (name: string) => at(`${name}.p50`);
  const [alone, devices, thread, other] = ['alone', 'devices', 'thread', 'process'].map((mode) => p50(`cpythonThreads.${mode}`));
  const own = ourSentence(evidence);
  if (alone === undefined || devices === undefined || !Number.isFinite(alone) || !Number.isFinite(devices)) {
    return judgementOf([{ claim: 16, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'PyEpics', evidence) }], own);
  }
  const missed = at('cpythonThreads.devices.missed') ?? 0;
  const said = `A PyEpics callback came ${alone.toFixed(2)} ms after the change (median), and with eight threads that wait for devices ${devices.toFixed(2)} ms`
    + `${missed > 0 ? `, with ${missed} changes missed` : ', with no change missed'}.`;
  const beside = thread === undefined ? '' : ` Beside a thread that computes it is ${thread.toFixed(2)} ms (99 %: ${(at('cpythonThreads.thread.p99') ?? 0).toFixed(1)} ms)`
    + `${other === undefined ? '' : `, and ${other.toFixed(2)} ms with the same work in a process`}: what can't ignore the GIL is computing.`;
  const others = Math.max(at('cpythonThreads.alone.others') ?? 0, at('cpythonThreads.devices.others') ?? 0);
  const reason = `${said}${beside}`;
  const claim = ((): ClaimVerdict => {
    if (missed === 0 && devices <= Math.max(alone + ignored, 2 * alone)) return { claim: 16, verdict: 'holds', reason };
    if (others > busy) return { claim: 16, verdict: 'not measurable here', reason: `${said} Other programs used ${others.toFixed(1)} cores: too busy to judge. Run it again when the machine is quiet.` };
    return { claim: 16, verdict: 'fails', reason };
  })();
  return judgementOf([claim], own);
}

/** Our own client's rows are no claim of the article's, but the same warning. */
function ourSentence({ figures }: Evidence): string[] {
  const [alone, worker, main] = ['alone', 'worker', 'main'].map((mode) => figures[`nodeMain.${mode}.p50`]?.value);
  if (alone === undefined || worker === undefined || main === undefined) return [];
  return [`Endstation's client noticed a change after ${alone.toFixed(2)} ms, with the work in a worker after ${worker.toFixed(2)} ms, and with jobs on its own thread after ${main.toFixed(1)} ms. `
    + 'Computing does not belong on the thread that hears the devices.'];
}

export const callbacks: Experiment = {
  id: 'callbacks',
  title: 'Callbacks beside computing',
  question: 'How late does a callback come while the same program computes, or controls other devices?',
  claim: 'For device control with threads the GIL can generally be ignored.',
  claims: [16],
  method: `A Channel Access server of ours, in a process of its own, changes one value ${rate} times a second; each carries the time of its change. `
    + 'Latency from change to callback with PyEpics alone, with eight threads that wait for the values, with a thread that computes primes without a pause, and with the same in a process; '
    + 'with Endstation\'s client alone, with the work in a worker, and as a warning in jobs on its own thread (of a child process). Each for 10 s (quick: 1.8 s), in five blocks: median and half the range. '
    + `The claim holds where no change is missed and the waiting threads do not double the median, or add at most ${ignored} ms.`,
  accepts: ({ info, mode }) => info.id === 'cpython-threads' || mode === 'main',
  subject: 'cpython-threads',
  program: 'callbacks',
  measure,
  judge,
};
