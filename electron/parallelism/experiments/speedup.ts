// One thread against two, of the same work each: which runtimes get twice the work done in the same time.
import type { ClaimVerdict, Figure } from '@shared/lab';
import { coresInUse } from '../environment';
import { numberOf } from '../programLine';
import { figureOf, median } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement, type Step } from './experiment';

/** The article's rounds for each thread. */
export const articleRounds = 500;
/** Seconds that one thread should take at least with --quick. */
const quickSeconds = 0.2;
/** And at most in full, where the runtime isn't the article's own. */
const fullSeconds = 2;
const repeats = 5;
/** While other programs are running, pairs that should run in parallel are measured again, for at most so many seconds. */
const patience = { quick: 3, full: 20 };
/** At least this many times the throughput with two threads: it scales. At most that: it does not. */
const scales = 1.6;
const scalesNot = 1.3;
/** A spread above this part of the scaling is noise. */
const noisy = 0.25;
/** Cores that other programs may use before two threads can't be judged any more. */
const busy = 0.4;

interface Repeat { readonly t1: number; readonly t2: number; readonly cpu1: number; readonly cpu2: number; readonly others: number }

interface Run { readonly wall: number; readonly cpu: number; /** Cores that other programs used meanwhile. */ readonly others: number }

async function once(bench: Bench, runtime: Runtime, threads: number, rounds: number): Promise<Run> {
  const inUse = coresInUse();
  const line = await bench.run(runtime, 'cpu_intense', [runtime.mode, threads, rounds]);
  const all = inUse();
  const wall = numberOf(line, 'wall');
  const cpu = numberOf(line, 'cpu');
  return { wall, cpu, others: Math.max(0, all - cpu / wall) };
}

/** Seconds that one thread should take: the article's own program as long as it needs. */
function secondsOf(bench: Bench, { info }: Runtime): number {
  if (bench.quick) return quickSeconds;
  return info.id === 'cpython-threads' ? Number.POSITIVE_INFINITY : fullSeconds;
}

/** Rounds for each thread, and the seconds that one thread should take for them. */
async function calibrate(bench: Bench, runtime: Runtime): Promise<{ rounds: number; seconds: number }> {
  // By CPU time, which other programs can't stretch; a compiler of JavaScript needs some rounds to warm up.
  const trial = runtime.language === 'python' ? 20 : 200;
  const each = (await once(bench, runtime, 1, trial)).cpu / trial;
  const rounds = Math.min(articleRounds, Math.max(20, Math.ceil(secondsOf(bench, runtime) / each)));
  return { rounds, seconds: rounds * each };
}

/** More threads than two, in full; one JavaScript thread or event loop has nothing to show there. */
function threadsOf(bench: Bench, { mode }: Runtime): number[] {
  return bench.quick || mode === 'main' || mode === 'asyncio' ? [] : Array.from({ length: Math.max(0, bench.cores * 2 - 2) }, (_, index) => index + 3).slice(0, 6);
}

/** The quietest pairs: chosen by what other programs did, never by what was measured. */
function quietest(all: readonly Repeat[]): Repeat[] {
  return [...all].sort((a, b) => a.others - b.others).slice(0, repeats);
}

/** Waits for a moment in which other programs leave the cores alone, for at most so many seconds; returns how long it waited. */
async function untilQuiet({ signal }: Bench, atMost: number): Promise<number> {
  const look = 0.2;
  for (let waited = 0; ; waited += look) {
    if (waited >= atMost || signal.aborted) return waited;
    const inUse = coresInUse();
    await new Promise((resolve) => setTimeout(resolve, look * 1000));
    if (inUse() <= busy) return waited + look;
  }
}

async function measurePairs(bench: Bench, runtime: Runtime, rounds: number): Promise<Repeat[]> {
  const { key, title } = runtime.info;
  const all: Repeat[] = [];
  const until = runtime.parallel ? (bench.quick ? patience.quick : patience.full) : 0;
  let again = 0;
  while (all.length < repeats || (again < until && all.filter(({ others }) => others <= busy).length < repeats)) {
    if (all.length < repeats) bench.step();
    else {
      bench.note(`${title}: again, because other programs were running`);
      again += await untilQuiet(bench, until - again);
    }
    const one = await once(bench, runtime, 1, rounds);
    const two = await once(bench, runtime, 2, rounds);
    all.push({ t1: one.wall, t2: two.wall, cpu1: one.cpu, cpu2: two.cpu, others: Math.max(one.others, two.others) });
    if (all.length > repeats) again += one.wall + two.wall;
    const kept = quietest(all);
    bench.figure(`${key}.t1`, figureOf(kept.map(({ t1 }) => t1), 's'), runtime);
    bench.figure(`${key}.t2`, figureOf(kept.map(({ t2 }) => t2), 's'), runtime);
    // Each pair was measured within the same moments, so that what else the machine does weighs on both.
    bench.figure(`${key}.scaling`, figureOf(kept.map(({ t1, t2 }) => (2 * t1) / t2), 'x'), runtime);
    bench.figure(`${key}.ratio`, figureOf(kept.map(({ t1, t2 }) => t2 / t1), 'x'), runtime);
  }
  return quietest(all);
}

async function measureRuntime(bench: Bench, runtime: Runtime, rounds: number): Promise<number> {
  const { key } = runtime.info;
  const all = await measurePairs(bench, runtime, rounds);
  bench.figure(`${key}.rounds`, { value: rounds, unit: 'rounds a thread' }, runtime);
  bench.figure(`${key}.cpu1`, figureOf(all.map(({ t1, cpu1 }) => cpu1 / t1), 'cores'), runtime);
  bench.figure(`${key}.cpu2`, figureOf(all.map(({ t2, cpu2 }) => cpu2 / t2), 'cores'), runtime);
  bench.figure(`${key}.others`, figureOf(all.map(({ others }) => others), 'cores'), runtime);
  bench.figure(`${key}.efficiency`, figureOf(all.map(({ t1, t2 }) => (100 * t1) / t2), '%'), runtime);
  const throughput = figureOf(all.map(({ t1 }) => rounds / t1), 'rounds/s');
  bench.figure(`${key}.throughput`, throughput, runtime);
  const curve = [[1, 1], [2, median(all.map(({ t1, t2 }) => (2 * t1) / t2))]];
  for (const threads of threadsOf(bench, runtime)) {
    bench.step();
    const { wall } = await once(bench, runtime, threads, rounds);
    const factor = (threads * median(all.map(({ t1 }) => t1))) / wall;
    curve.push([threads, factor]);
    bench.figure(`${key}.scaling${threads}`, { value: factor, unit: 'x' }, runtime);
  }
  bench.series({ name: runtime.info.title, x: { title: 'Threads', unit: '' }, y: { title: 'Throughput against one thread', unit: 'x' }, lines: [key], points: curve });
  return throughput.value;
}

async function measure(bench: Bench): Promise<void> {
  const stepsOf = (runtime: Runtime, seconds: number): Step[] => [
    ...Array.from({ length: repeats }, (_, i) => ({ label: `${runtime.info.title}: one and two threads, ${i + 1} of ${repeats}`, seconds: seconds * 2.6 })),
    ...threadsOf(bench, runtime).map((threads) => ({ label: `${runtime.info.title}: ${threads} threads`, seconds: seconds * threads * 0.7 })),
  ];
  const expected = bench.quick ? quickSeconds : 3;
  bench.plan([
    ...bench.runtimes.map((runtime) => ({ label: `${runtime.info.title}: calibrating`, seconds: 0.3 })),
    ...bench.runtimes.flatMap((runtime) => stepsOf(runtime, expected)),
  ]);
  const calibrated = new Map<Runtime, { rounds: number; seconds: number }>();
  for (const runtime of bench.runtimes) {
    bench.step();
    await bench.row(runtime, async () => { calibrated.set(runtime, await calibrate(bench, runtime)); });
  }
  const throughput = new Map<Runtime, number>();
  const waiting = new Map(calibrated);
  for (const [runtime, { rounds }] of calibrated) {
    bench.plan([...waiting].flatMap(([other, { seconds }]) => stepsOf(other, seconds)));
    await bench.row(runtime, async () => { throughput.set(runtime, await measureRuntime(bench, runtime, rounds)); });
    waiting.delete(runtime);
  }
  const c = [...throughput].find(([runtime]) => runtime.info.key === 'cThreads')?.[1];
  if (c === undefined) return;
  for (const [runtime, value] of throughput) bench.figure(`${runtime.info.key}.relativeToC`, { value: value / c, unit: 'x' }, runtime);
}

function text(figure: Figure): string {
  return `${figure.value.toFixed(2)}${figure.spread === undefined ? '' : ` ± ${figure.spread.toFixed(2)}`}`;
}

/** Whether a runtime's throughput should grow with a second thread, or should not; as a claim. */
function judgeRow(claim: number, evidence: Evidence, row: { key: string; title: string; parallel: boolean }): ClaimVerdict {
  const { figures, cores } = evidence;
  const scaling = figures[`${row.key}.scaling`];
  const t1 = figures[`${row.key}.t1`];
  const t2 = figures[`${row.key}.t2`];
  if (!scaling || !t1 || !t2) return { claim, verdict: 'not measurable here', reason: whyAbsent(row.key, row.title, evidence) };
  const said = `${row.title}: two take ${t2.value.toFixed(3)} s where one takes ${t1.value.toFixed(3)} s (${text(scaling)} times the throughput)`;
  if (cores < 2) return { claim, verdict: 'not measurable here', reason: `${said}; with one core nothing can run in parallel.` };
  const { parallel } = row;
  const given = figures[`${row.key}.cpu2`]?.value ?? 0;
  const others = figures[`${row.key}.others`]?.value ?? 0;
  if (parallel ? scaling.value >= scales : scaling.value <= scalesNot) return { claim, verdict: 'holds', reason: `${said}.` };
  // Other programs take cores away: what it got of them it used, and more than one at a time.
  if (parallel && given >= 1.2 && scaling.value >= 0.8 * given) {
    return { claim, verdict: 'holds', reason: `${said}; other programs were running, and it used all of the ${given.toFixed(1)} cores that it got.` };
  }
  const unclear = parallel ? scaling.value > scalesNot || others > busy || (scaling.spread ?? 0) > noisy * scaling.value : scaling.value < scales;
  if (unclear) return { claim, verdict: 'not measurable here', reason: `${said}, while other programs used ${others.toFixed(1)} cores: too busy to judge. Run it again when the machine is quiet.` };
  return { claim, verdict: 'fails', reason: `${said}.` };
}

function judge(evidence: Evidence): Judgement {
  const claims = [
    judgeRow(5, evidence, { key: 'cpythonThreads', title: 'CPython threads', parallel: false }),
    judgeRow(6, evidence, { key: 'cThreads', title: 'C threads', parallel: true }),
    judgeRow(7, evidence, { key: 'cpythonProcesses', title: 'CPython processes', parallel: true }),
  ];
  const warnings = Object.entries(evidence.figures)
    .filter(([name, figure]) => name.endsWith('.scaling') && (figure.spread ?? 0) > noisy * figure.value)
    .map(([name, figure]) => `${name} is ${text(figure)}: the machine is noisy.`);
  const others = Object.entries(evidence.figures).filter(([name]) => name.endsWith('.others')).map(([, figure]) => figure.value);
  if (Math.max(0, ...others) > busy) warnings.push(`Other programs used up to ${Math.max(...others).toFixed(1)} of ${evidence.cores} cores during the measurement.`);
  return judgementOf(claims, warnings);
}

export const speedup: Experiment = {
  id: 'speedup',
  title: 'One thread against two',
  question: 'Does a second thread with the same work take the same time again, or none?',
  claim: 'Two Python threads take twice as long as one, because they do not run in parallel; a C program scales linearly; processes scale.',
  claims: [5, 6, 7],
  method: 'Each runtime runs the article\'s cpu_intense with one thread, then with two threads of the same work each, several times in turn. '
    + 'Scaling is the throughput of two against one, 2·t1/t2, of each pair; median and half the range of five pairs. Pairs of parallel runtimes beside which other programs used more than 0.4 cores are measured again, and the five quietest kept. CPU is what the process used a second of wall time. '
    + 'In full, CPython threads do 500 rounds as in the article, the others 500 or as many as take two seconds, and there are up to twice as many threads as cores; quick, as many rounds as take a fifth of a second.',
  accepts: () => true,
  article: { 'cpythonThreads.t1': { value: 2.366, unit: 's' }, 'cpythonThreads.t2': { value: 4.418, unit: 's' }, 'cpythonThreads.ratio': { value: 1.87, unit: 'x' } },
  subject: 'cpython-threads',
  program: 'cpu_intense',
  measure,
  judge,
};
