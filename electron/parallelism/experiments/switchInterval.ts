// How often the GIL changes hands, against the interpreter's switch interval.
import { formatCount } from '@shared/countText';
import { numberOf, numbersOf } from '../programLine';
import { figureOf } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

/** Seconds; 0.005 is the standard one. */
const intervals = [
  { name: '10us', seconds: 1e-5 }, { name: '100us', seconds: 1e-4 }, { name: '1ms', seconds: 1e-3 }, { name: '5ms', seconds: 5e-3 }, { name: '50ms', seconds: 5e-2 },
] as const;
/** Handovers a second at least, to be "very often": the mean turn is at most ten times the standard interval. */
const often = 20;
const repeats = 5;

async function measureRuntime(bench: Bench, runtime: Runtime): Promise<void> {
  const { key, title } = runtime.info;
  const points: number[][] = [];
  for (const { name, seconds } of intervals) {
    bench.step();
    const rates: number[] = [];
    const loops: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const line = await bench.run(runtime, 'switch_interval', [bench.quick ? 0.2 : 1, seconds]);
      const wall = numberOf(line, 'wall');
      rates.push(numberOf(line, 'handovers') / wall);
      loops.push(numbersOf(line, 'loops').reduce((sum, n) => sum + n, 0) / wall);
    }
    const rate = figureOf(rates, 'a second');
    const throughput = figureOf(loops, 'loops/s');
    bench.figure(`${key}.handovers.${name}`, rate, runtime);
    bench.figure(`${key}.throughput.${name}`, throughput, runtime);
    points.push([seconds * 1000, rate.value]);
  }
  bench.series({ name: title, x: { title: 'Switch interval', unit: 'ms' }, y: { title: 'GIL handed over', unit: '1/s' }, lines: [key], points });
}

async function measure(bench: Bench): Promise<void> {
  bench.plan(bench.runtimes.flatMap(({ info }) => intervals.map(({ name }) => (
    { label: `${info.title}: switch interval ${name}, ${repeats} times`, seconds: repeats * (bench.quick ? 0.3 : 1.1) }))));
  for (const runtime of bench.runtimes) await bench.row(runtime, () => measureRuntime(bench, runtime));
}

function judge(evidence: Evidence): Judgement {
  const figure = (name: string) => evidence.figures[`cpythonThreads.${name}`];
  const [rate, loops, fast] = [figure('handovers.5ms'), figure('throughput.5ms'), figure('throughput.10us')];
  if (!rate || !loops || !fast) return judgementOf([{ claim: 10, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'CPython threads', evidence) }]);
  const between = rate.value > 0 ? `after ${formatCount(Math.round(loops.value / rate.value))} turns of a short loop` : 'never';
  return judgementOf([{
    claim: 10, verdict: rate.value >= often ? 'holds' : 'fails',
    reason: `At the standard switch interval of 5 ms two threads handed the GIL over ${formatCount(Math.round(rate.value))} times a second, ${between}: often for a person and for most devices, but far from every opcode. `
      + `At 10 µs, ${(100 * fast.value / loops.value).toFixed(0)} % of the work was done.`,
  }]);
}

export const switchInterval: Experiment = {
  id: 'switch-interval',
  title: 'How often the GIL changes hands',
  question: 'How often does the GIL go from one busy thread to the other, and what does that cost?',
  claim: 'The GIL is designed to release itself very frequently, not on every opcode, but close enough.',
  claims: [10],
  method: 'Two Python threads count without a pause; a thread that sees that the other was the last to run has just been given the GIL. '
    + 'Handovers and loops a second at sys.setswitchinterval of 10 µs to 50 ms, five times each. At least 20 handovers a second count as very often.',
  accepts: ({ language, mode }) => language === 'python' && mode === 'threads',
  subject: 'cpython-threads',
  program: 'switch_interval',
  measure,
  judge,
};
