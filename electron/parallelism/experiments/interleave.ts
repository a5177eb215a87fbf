// The article's first program: two Python threads that share the interpreter both advance, ones and millions alike.
import { formatCount } from '@shared/countText';
import { LabError } from '../labError';
import { numberOf, numbersOf, type ProgramLine } from '../programLine';
import { figureOf } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { articleRounds } from './speedup';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

const quickRounds = 60;
/** Seconds of the timeline. */
const watched = { quick: 0.2, full: 0.5 };
const cutShort = 400;
/** The slower thread is never behind by more than this part of the way. */
const together = 0.25;

async function measure(bench: Bench): Promise<void> {
  const rounds = bench.quick ? quickRounds : articleRounds;
  bench.plan(bench.runtimes.map((runtime) => ({ label: `${runtime.info.title}: ones and millions, ${rounds} rounds each`, seconds: (rounds / articleRounds) * 9 })));
  for (const runtime of bench.runtimes) {
    const { key, title } = runtime.info;
    bench.step();
    await bench.row(runtime, async () => {
      const points: number[][] = [[0, 0, 0]];
      const last = await bench.run(runtime, 'cpu_intense', [runtime.mode, 2, rounds], (line) => {
        const [ones = 0, millions = 0] = numbersOf(line, 'counts');
        if ('at' in line) points.push([numberOf(line, 'at') / 1000, ones, millions]);
      });
      points.push([numberOf(last, 'wall'), ...numbersOf(last, 'counts')]);
      // Before one of them is done: afterwards the other is alone.
      const both = points.filter(([, ones = 0, millions = 0]) => Math.max(ones, millions) < rounds && Math.max(ones, millions) > 0);
      const gaps = both.map(([, ones = 0, millions = 0]) => (100 * Math.abs(ones - millions)) / rounds);
      bench.figure(`${key}.total`, { value: numberOf(last, 'total'), unit: '' }, runtime);
      bench.figure(`${key}.expected`, { value: rounds * 1_000_001, unit: '' }, runtime);
      bench.figure(`${key}.rounds`, { value: rounds, unit: 'rounds a thread' }, runtime);
      bench.figure(`${key}.wall`, { value: numberOf(last, 'wall'), unit: 's' }, runtime);
      bench.figure(`${key}.samples`, { value: both.length, unit: 'samples' }, runtime);
      if (gaps.length > 0) {
        bench.figure(`${key}.gap`, figureOf(gaps, '%'), runtime);
        bench.figure(`${key}.largestGap`, { value: Math.max(...gaps), unit: '%' }, runtime);
      }
      await measureTimeline(bench, runtime);
      bench.series({ name: title, x: { title: 'Time', unit: 's' }, y: { title: 'Rounds done', unit: '' }, lines: ['ones', 'millions'], points });
    });
  }
}

/** Who ran when, for a moment: where two take turns, and where both run at once. */
async function measureTimeline(bench: Bench, runtime: Runtime): Promise<void> {
  if (runtime.mode !== 'threads' && runtime.mode !== 'workers') return;
  const { key, title } = runtime.info;
  const line = await bench.run(runtime, 'cpu_intense', ['timeline', 2, bench.quick ? watched.quick : watched.full]);
  const lanes = spansOf(line);
  const timeline = { name: `${title}: who ran when`, lanes: lanes.map((spans, index) => ({ title: index === 0 ? 'ones' : 'millions', spans: spans.slice(0, cutShort) })) };
  bench.growing(timeline, runtime);
  bench.timeline(timeline);
  const [ones = [], millions = []] = lanes;
  const end = Math.min(ones.at(-1)?.[1] ?? 0, millions.at(-1)?.[1] ?? 0);
  bench.figure(`${key}.atOnce`, { value: end > 0 ? (100 * overlap(ones, millions)) / end : 0, unit: '% of the time both run' }, runtime);
  bench.figure(`${key}.turn`, figureOf(lanes.flat().map(([from, to]) => to - from), 'ms a turn'), runtime);
}

function turnText(figures: Evidence['figures']): string {
  const [atOnce, turn] = [figures['cpythonThreads.atOnce'], figures['cpythonThreads.turn']];
  return atOnce && turn ? `, in turns of ${turn.value.toFixed(1)} ms; both ran at once ${atOnce.value.toFixed(1)} % of the time` : '';
}

type Span = readonly [from: number, to: number];
function spansOf({ spans }: ProgramLine): Span[][] {
  if (!Array.isArray(spans)) throw new LabError('PROGRAM_OUTPUT', 'The program did not say who ran when.');
  return spans.map((lane: unknown) => (Array.isArray(lane) ? lane.map((span: unknown): Span => {
    const [from, to]: unknown[] = Array.isArray(span) ? span : [];
    return [Number(from), Number(to)];
  }) : []));
}

/** Milliseconds in which both ran. */
export function overlap(a: readonly Span[], b: readonly Span[]): number {
  return a.reduce((sum, [from, to]) => sum + b.reduce((own, [start, end]) => own + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0), 0);
}

function judge(evidence: Evidence): Judgement {
  const { figures, cores } = evidence;
  const key = 'cpythonThreads';
  const [total, expected, gap, rounds, samples] = ['total', 'expected', 'largestGap', 'rounds', 'samples'].map((name) => figures[`${key}.${name}`]?.value);
  if (total === undefined || expected === undefined || rounds === undefined) {
    const reason = whyAbsent(key, 'CPython threads', evidence);
    return judgementOf([{ claim: 1, verdict: 'not measurable here', reason }, { claim: 9, verdict: 'not measurable here', reason }]);
  }
  const warnings = [
    ...(rounds === articleRounds ? [] : [`Quick: ${formatCount(rounds)} rounds a thread instead of the article's ${formatCount(articleRounds)}, so the sum to reach is ${formatCount(expected)}.`]),
    ...(total === expected ? [] : [`The sum is ${formatCount(total)} instead of ${formatCount(expected)}: an update was lost, which the article says can happen.`]),
  ];
  if (gap === undefined || samples === undefined || samples < 5) {
    const reason = 'The program ended before its counters could be looked at five times. Run it in full.';
    return judgementOf([{ claim: 1, verdict: 'not measurable here', reason }, { claim: 9, verdict: 'not measurable here', reason }], warnings);
  }
  const advance = gap <= 100 * together;
  const said = `In ${formatCount(samples)} looks at the counters the slower thread was never more than ${gap.toFixed(1)} % of the way behind; the sum at the end was ${formatCount(total)}.`;
  return judgementOf([
    { claim: 1, verdict: advance ? 'holds' : 'fails', reason: said },
    {
      claim: 9, verdict: advance ? 'holds' : 'fails',
      reason: advance
        ? `Neither thread gives way by itself, and yet both went on, on ${cores} ${cores === 1 ? 'core' : 'cores'} and one interpreter${turnText(figures)}.`
        : 'One of the threads was kept from running.',
    },
  ], warnings);
}

export const interleave: Experiment = {
  id: 'interleave',
  title: 'Ones and millions',
  question: 'Do two Python threads that compute without a pause advance together?',
  claim: 'shared_value increases in the ones and in the millions place at the same time, up to 500000500.',
  claims: [1, 9],
  method: 'The article\'s cpu_intense.py with its two threads, each 500 rounds; the main thread reads the counters 20 times a second. '
    + 'The gap is how far the two are apart, in percent of the rounds, while both run. Who ran when: the same primes with a look at the clock after each number, for half a second. Quick: 60 rounds.',
  accepts: ({ mode }) => ['threads', 'lock', 'subinterpreters', 'processes', 'workers', 'shared', 'atomics', 'wasm'].includes(mode),
  article: { 'cpythonThreads.total': { value: 500_000_500, unit: '' } },
  subject: 'cpython-threads',
  program: 'cpu_intense',
  measure,
  judge,
};
