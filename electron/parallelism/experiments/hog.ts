// Whether one that sleeps lets the other run: coroutines that block, coroutines that await, and threads.
import type { LabTimeline } from '@shared/lab';
import { numbersOf, type ProgramLine } from '../programLine';
import { figureOf } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

interface Case { readonly mode: string; readonly title: string }
const casesOf: Readonly<Record<string, readonly Case[]>> = {
  asyncio: [{ mode: 'block', title: 'time.sleep in a coroutine' }, { mode: 'await', title: 'await asyncio.sleep' }],
  threads: [{ mode: 'threads', title: 'time.sleep in a thread' }],
  main: [{ mode: 'block', title: 'a busy loop' }, { mode: 'await', title: 'await a timer' }],
};
/** Seconds of sleep. */
const articleSleep = 5;
const quickSleep = 0.4;
const repeatsOf = ({ quick }: Pick<Bench, 'quick'>): number => (quick ? 3 : 5);
/** Milliseconds that a tick is shown as. */
const tickShown = 4;

async function measureCase(bench: Bench, runtime: Runtime, { mode, title }: Case): Promise<void> {
  const seconds = bench.quick ? quickSleep : articleSleep;
  const repeats = repeatsOf(bench);
  const gaps: number[] = [];
  const name = `${runtime.info.title}: ${title}`;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const line = await bench.run(runtime, 'hog', [mode, seconds], live(bench, runtime, name));
    const ticks = numbersOf(line, 'ticks');
    const [from = 0, to = 0] = numbersOf(line, 'asleep');
    gaps.push(Math.max(...ticks.map((tick, i) => tick - (ticks[i - 1] ?? 0))));
    if (repeat > 0) continue;
    bench.timeline(timelineOf(name, [from, to], ticks));
  }
  bench.figure(`${runtime.info.key}.${mode}.longestGap`, figureOf(gaps, 'ms'), runtime);
  bench.figure(`${runtime.info.key}.${mode}.sleep`, { value: seconds * 1000, unit: 'ms' }, runtime);
}

function timelineOf(name: string, asleep: readonly [number, number] | null, ticks: readonly number[]): LabTimeline {
  return { name, lanes: [{ title: 'Sleeper asleep', spans: asleep ? [asleep] : [] }, { title: 'Other runs', spans: ticks.map((tick) => [tick, tick + tickShown]) }] };
}

/** Tells the timeline while it grows, ten times a second at most. The sleeper is shown asleep up to the last tick; one that hogs lets none come. */
function live(bench: Bench, runtime: Runtime, name: string): (line: ProgramLine) => void {
  const ticks: number[] = [];
  let asleepFrom: number | null = null;
  let told = 0;
  return (line) => {
    if (typeof line['tick'] === 'number') ticks.push(line['tick']);
    if (typeof line['asleepFrom'] === 'number') asleepFrom = line['asleepFrom'];
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    bench.growing(timelineOf(name, asleepFrom === null ? null : [asleepFrom, Math.max(asleepFrom, ticks.at(-1) ?? 0)], ticks), runtime);
  };
}

async function measure(bench: Bench): Promise<void> {
  const seconds = repeatsOf(bench) * ((bench.quick ? quickSleep : articleSleep) + 0.5);
  bench.plan(bench.runtimes.flatMap(({ info, mode }) => (casesOf[mode] ?? []).map(({ title }) => ({ label: `${info.title}: ${title}`, seconds }))));
  for (const runtime of bench.runtimes) {
    for (const each of casesOf[runtime.mode] ?? []) {
      bench.step();
      await bench.row(runtime, () => measureCase(bench, runtime, each));
    }
  }
}

function judge(evidence: Evidence): Judgement {
  const gap = (name: string) => evidence.figures[`${name}.longestGap`]?.value;
  const sleep = evidence.figures['cpythonAsyncio.block.sleep']?.value;
  const [block, wait, threads] = [gap('cpythonAsyncio.block'), gap('cpythonAsyncio.await'), gap('cpythonThreads.threads')];
  if (sleep === undefined || block === undefined || wait === undefined) {
    return judgementOf([{ claim: 8, verdict: 'not measurable here', reason: whyAbsent('cpythonAsyncio', 'CPython asyncio', evidence) }]);
  }
  const said = `While one coroutine slept ${sleep} ms, the other was kept from running for ${block.toFixed(0)} ms by time.sleep, and for ${wait.toFixed(0)} ms at most by await asyncio.sleep`
    + `${threads === undefined ? '' : `; with time.sleep in a thread, ${threads.toFixed(0)} ms`}.`;
  const hogs = block >= 0.9 * sleep;
  const runs = wait < 0.4 * sleep;
  return judgementOf([{ claim: 8, verdict: hogs && runs ? 'holds' : 'fails', reason: said }]);
}

export const hog: Experiment = {
  id: 'hog',
  title: 'A coroutine that does not await',
  question: 'Does a coroutine that sleeps without await keep the other one from running?',
  claim: 'time.sleep(5) in one coroutine stops the other for 5 seconds; with await asyncio.sleep(5) the other runs.',
  claims: [8],
  method: 'A sleeper sleeps while a ticker notes the time every 20 ms; the longest gap between its ticks is how long it could not run. '
    + 'Python: two coroutines with time.sleep, two with await asyncio.sleep, two threads with time.sleep. Node: a busy loop, and an awaited timer. 5 s as in the article, five times; quick: 0.4 s, three times.',
  accepts: ({ language, mode }) => (language === 'python' && (mode === 'asyncio' || mode === 'threads')) || mode === 'main',
  article: { 'cpythonAsyncio.block.longestGap': { value: 5000, unit: 'ms' } },
  subject: 'cpython-asyncio',
  program: 'hog',
  measure,
  judge,
};
