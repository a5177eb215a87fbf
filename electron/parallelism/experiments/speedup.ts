// One thread against two, of the same work each: which runtimes get twice the work done in the same time.
import type { ClaimVerdict, Figure } from '@shared/lab';
import { coresInUse } from '../environment';
import { LabError } from '../labError';
import { numberOf, numbersOf } from '../programLine';
import { figureOf, median } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement, type Step } from './experiment';

/** The article's rounds for each thread. */
export const articleRounds = 500;
/** Seconds that one thread should take at least with --quick. */
const quickSeconds = 0.2;
/** And at most in full, where the runtime isn't the article's own. */
const fullSeconds = 1.5;
/** For the curve of more threads than two, a thread. */
const curveSeconds = 1;
const repeats = 5;
/** Those that start a cluster for each run. */
const clusters: readonly string[] = ['dask', 'dask-threads', 'mpi'];
/** With --quick, of what the claims do not speak of. */
const quickRepeats = 3;
/** Points of the curve beside one and two threads, at most. */
const curvePoints = 6;
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
  if (numbersOf(line, 'counts').some((count) => count !== rounds)) {
    throw new LabError('PROGRAM_FAILED', `${runtime.info.title} left rounds undone: ${numbersOf(line, 'counts').join(', ')} of ${rounds} each. One of its threads or processes ended early; run the experiment again.`);
  }
  return { wall, cpu, others: Math.max(0, all - cpu / wall) };
}

/** Seconds that one thread should take: the article's own program as long as it needs. */
function secondsOf(bench: Bench, { info }: Runtime): number {
  if (bench.quick) return quickSeconds;
  return info.id === 'cpython-threads' ? Number.POSITIVE_INFINITY : fullSeconds;
}

/** CPU seconds of a round: other programs can't stretch them. A compiler of JavaScript needs some rounds to warm up. */
async function secondsOfRound(bench: Bench, runtime: Runtime): Promise<number> {
  const trial = runtime.language === 'python' ? 20 : 200;
  return (await once(bench, runtime, 1, trial)).cpu / trial;
}

/** Seconds until a run begins. */
function overheadOf({ mode, language }: Runtime): number { return clusters.includes(mode) ? 2 : language === 'python' ? 0.1 : 0.05; }

/** More threads than two, up to twice the cores, in full; one JavaScript thread or event loop has nothing to show there, and of other interpreters two are enough. */
export function threadsOf(bench: Pick<Bench, 'quick' | 'cores'>, { mode, info }: Runtime): number[] {
  if (bench.quick || mode === 'main' || mode === 'asyncio' || /^cpython-3\.\d+t?-/.test(info.id)) return [];
  const most = bench.cores * 2;
  const all = Array.from({ length: Math.max(0, most - 2) }, (_, index) => index + 3);
  if (all.length <= curvePoints) return all;
  const chosen = Array.from({ length: curvePoints }, (_, index) => 3 + Math.round(((most - 3) * index) / (curvePoints - 1)));
  // Where all cores are used is what one looks for.
  const nearest = chosen.reduce((best, each) => (Math.abs(each - bench.cores) < Math.abs(best - bench.cores) ? each : best));
  return [...new Set(chosen.map((each) => (each === nearest && each !== most ? bench.cores : each)))].filter((each) => each > 2);
}

function repeatsOf(bench: Bench, { info }: Runtime): number { return bench.quick && !info.standard ? quickRepeats : repeats; }

/** The quietest pairs: chosen by what other programs did, never by what was measured. */
function quietest(all: readonly Repeat[], wanted: number): Repeat[] {
  return [...all].sort((a, b) => a.others - b.others).slice(0, wanted);
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
  const wanted = repeatsOf(bench, runtime);
  const until = runtime.parallel ? (bench.quick ? patience.quick : patience.full) : 0;
  let again = 0;
  while (all.length < wanted || (again < until && all.filter(({ others }) => others <= busy).length < wanted)) {
    if (all.length < wanted) bench.step();
    else {
      bench.note(`${title}: again, because other programs were running`);
      again += await untilQuiet(bench, until - again);
    }
    const one = await once(bench, runtime, 1, rounds);
    const two = await once(bench, runtime, 2, rounds);
    all.push({ t1: one.wall, t2: two.wall, cpu1: one.cpu, cpu2: two.cpu, others: Math.max(one.others, two.others) });
    if (all.length > wanted) again += one.wall + two.wall;
    const kept = quietest(all, wanted);
    bench.figure(`${key}.t1`, figureOf(kept.map(({ t1 }) => t1), 's'), runtime);
    bench.figure(`${key}.t2`, figureOf(kept.map(({ t2 }) => t2), 's'), runtime);
    // Each pair was measured within the same moments, so that what else the machine does weighs on both.
    bench.figure(`${key}.scaling`, figureOf(kept.map(({ t1, t2 }) => (2 * t1) / t2), 'x'), runtime);
    bench.figure(`${key}.ratio`, figureOf(kept.map(({ t1, t2 }) => t2 / t1), 'x'), runtime);
  }
  return quietest(all, wanted);
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
  const pair = figureOf(all.map(({ t1, t2 }) => (2 * t1) / t2), 'x');
  const curve = [[1, 1], [2, pair.value]];
  const spreads: (number | null)[][] = [[null], [pair.spread ?? null]];
  for (const threads of threadsOf(bench, runtime)) {
    bench.step();
    const point = await measurePoint(bench, runtime, threads, rounds, median(all.map(({ t1 }) => t1)));
    curve.push([threads, point.value]);
    spreads.push([point.spread ?? null]);
  }
  bench.series({ name: runtime.info.title, x: { title: 'Threads', unit: '' }, y: { title: 'Throughput against one thread', unit: 'x' }, lines: [key], points: curve, spreads });
  return throughput.value;
}

/** Throughput of so many threads against one, of as many rounds as one thread does in a second. */
async function measurePoint(bench: Bench, runtime: Runtime, threads: number, rounds: number, t1: number): Promise<Figure> {
  const { key } = runtime.info;
  const each = Math.max(1, Math.min(rounds, Math.ceil((curveSeconds * rounds) / t1)));
  const one = (t1 * each) / rounds;
  const runs: Run[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) runs.push(await once(bench, runtime, threads, each));
  const factor = figureOf(runs.map(({ wall }) => (threads * one) / wall), 'x');
  bench.figure(`${key}.scaling${threads}`, factor, runtime);
  bench.figure(`${key}.cpu${threads}`, figureOf(runs.map(({ wall, cpu }) => cpu / wall), 'cores'), runtime);
  bench.figure(`${key}.efficiency${threads}`, figureOf(runs.map(({ wall }) => (100 * one) / wall), '%'), runtime);
  return factor;
}

async function measure(bench: Bench): Promise<void> {
  const stepsOf = (runtime: Runtime, seconds: number): Step[] => [
    ...Array.from({ length: repeatsOf(bench, runtime) }, (_, i) => ({
      label: `${runtime.info.title}: one and two threads, ${i + 1} of ${repeatsOf(bench, runtime)}`, seconds: 2 * overheadOf(runtime) + seconds * (runtime.parallel ? 2.1 : 3.1),
    })),
    ...threadsOf(bench, runtime).map((threads) => ({
      label: `${runtime.info.title}: ${threads} threads, ${repeats} times`, seconds: repeats * (overheadOf(runtime) + Math.min(curveSeconds, seconds) * (runtime.parallel ? Math.max(1, threads / bench.cores) : threads)),
    })),
  ];
  const expected = bench.quick ? quickSeconds : 3;
  bench.plan([
    ...bench.runtimes.map((runtime) => ({ label: `${runtime.info.title}: calibrating`, seconds: 0.3 })),
    ...bench.runtimes.flatMap((runtime) => stepsOf(runtime, expected)),
  ]);
  const calibrated = new Map<Runtime, { rounds: number; seconds: number }>();
  // The same program in the same interpreter takes the same time for a round, however its threads are made.
  const known = new Map<string, number>();
  for (const runtime of bench.runtimes) {
    bench.step();
    await bench.row(runtime, async () => {
      const program = `${runtime.language} ${runtime.info.path ?? ''}`;
      const each = known.get(program) ?? await secondsOfRound(bench, runtime);
      known.set(program, each);
      const rounds = Math.min(articleRounds, Math.max(20, Math.ceil(secondsOf(bench, runtime) / each)));
      calibrated.set(runtime, { rounds, seconds: rounds * each });
    });
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

/** Beside other programs, whatever gains nothing may only have got no core: then one that runs in parallel must have got more than one in the same run. */
function secondCoreWasFree(figures: Evidence['figures']): boolean {
  return ['cThreads', 'cpythonProcesses', 'nodeWorkers', 'wasmWorkers'].some((key) => (figures[`${key}.cpu2`]?.value ?? 0) >= 1.2 && (figures[`${key}.scaling`]?.value ?? 0) > scalesNot);
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
  if (parallel ? scaling.value >= scales : scaling.value <= scalesNot && (others <= busy || secondCoreWasFree(figures))) return { claim, verdict: 'holds', reason: `${said}.` };
  // Other programs take cores away: what it got of them it used, and more than one at a time.
  if (parallel && given >= 1.2 && scaling.value >= 0.8 * given) {
    return { claim, verdict: 'holds', reason: `${said}; other programs were running, and it used all of the ${given.toFixed(1)} cores that it got.` };
  }
  const unclear = parallel ? scaling.value > scalesNot || others > busy || (scaling.spread ?? 0) > noisy * scaling.value : scaling.value < scales || others > busy;
  if (unclear) return { claim, verdict: 'not measurable here', reason: `${said}, while other programs used ${others.toFixed(1)} cores: too busy to judge. Run it again when the machine is quiet.` };
  return { claim, verdict: 'fails', reason: `${said}.` };
}

function judge(evidence: Evidence): Judgement {
  const claims = [
    judgeRow(5, evidence, { key: 'cpythonThreads', title: 'CPython threads', parallel: false }),
    judgeRow(6, evidence, { key: 'cThreads', title: 'C threads', parallel: true }),
    judgeRow(7, evidence, { key: 'cpythonProcesses', title: 'CPython processes', parallel: true }),
  ];
  const rowWarnings = rowsOf(evidence);
  const noisyRows = Object.entries(rowWarnings).flatMap(([key, warnings]) => warnings.map((warning) => `${key}: ${warning}`));
  return { ...judgementOf(claims, noisyRows), rowWarnings };
}

/** What makes a row less trustworthy, by its key: each is judged by what was going on beside it. */
function rowsOf({ figures, cores }: Evidence): Record<string, string[]> {
  const keys = Object.keys(figures).filter((name) => name.endsWith('.scaling')).map((name) => name.slice(0, -'.scaling'.length));
  return Object.fromEntries(keys.flatMap((key) => {
    const scaling = figures[`${key}.scaling`];
    const others = figures[`${key}.others`]?.value ?? 0;
    const warnings = [
      ...(scaling && (scaling.spread ?? 0) > noisy * scaling.value ? [`its scaling is ${text(scaling)}: the machine is noisy.`] : []),
      ...(others > busy ? [`other programs used ${others.toFixed(1)} of ${cores} cores beside it.`] : []),
      ...(cores < 2 ? ['this machine has one core only: nothing can run in parallel.'] : []),
    ];
    return warnings.length > 0 ? [[key, warnings]] : [];
  }));
}

export const speedup: Experiment = {
  id: 'speedup',
  title: 'One thread against two',
  question: 'Does a second thread with the same work take the same time again, or none?',
  claim: 'Two Python threads take twice as long as one, because they do not run in parallel; a C program scales linearly; processes scale.',
  claims: [5, 6, 7],
  method: 'Each runtime runs the article\'s cpu_intense with one thread, then with two threads of the same work each, several times in turn. '
    + 'Scaling is the throughput of two against one, 2·t1/t2, of each pair; median and half the range of five pairs. Pairs of parallel runtimes beside which other programs used more than 0.4 cores are measured again, and the five quietest kept. CPU is what the process used a second of wall time. '
    + 'In full, CPython threads do 500 rounds as in the article, the others 500 or as many as take 1.5 seconds, and there are up to twice as many threads as cores, five times each with as many rounds as one thread does in a second; '
    + 'quick, as many rounds as take a fifth of a second, and three times only what no claim speaks of. Clusters and workers are started before the clock; what takes part is every runtime that is here.',
  accepts: () => true,
  // Of the other ordinary CPythons in full only: they all have the same GIL.
  also: (runtime, quick) => !quick || !/^cpython-3\.\d+-/.test(runtime.info.id),
  article: { 'cpythonThreads.t1': { value: 2.366, unit: 's' }, 'cpythonThreads.t2': { value: 4.418, unit: 's' }, 'cpythonThreads.ratio': { value: 1.87, unit: 'x' } },
  subject: 'cpython-threads',
  program: 'cpu_intense',
  measure,
  judge,
};
