// Whether time.sleep(0) lets another thread have the GIL.
import { formatCount } from '@shared/countText';
import { numberOf } from '../programLine';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

/** Seconds, for sys.setswitchinterval: the standard one, and ten times that. */
const intervals = [{ name: '5ms', seconds: 0.005 }, { name: '50ms', seconds: 0.05 }] as const;

async function measureRuntime(bench: Bench, runtime: Runtime): Promise<void> {
  const { key } = runtime.info;
  for (const { name, seconds } of intervals) {
    const looks = Math.round((bench.quick ? 0.5 : 2) / seconds);
    for (const mode of ['sleep0', 'nothing'] as const) {
      bench.step();
      const line = await bench.run(runtime, 'sleep0', [mode, looks, seconds]);
      const calls = numberOf(line, 'calls');
      bench.figure(`${key}.${mode}.calls.${name}`, { value: calls, unit: 'calls' }, runtime);
      bench.figure(`${key}.${mode}.advanced.${name}`, { value: (100 * numberOf(line, 'advanced')) / calls, unit: '% of calls' }, runtime);
      bench.figure(`${key}.${mode}.time.${name}`, { value: 1000 * numberOf(line, 'median'), unit: 'ms' }, runtime);
      bench.figure(`${key}.${mode}.longest.${name}`, { value: 1000 * numberOf(line, 'longest'), unit: 'ms' }, runtime);
    }
  }
}

async function measure(bench: Bench): Promise<void> {
  bench.plan(bench.runtimes.flatMap(({ info }) => intervals.flatMap(({ name }) => ['time.sleep(0)', 'a call that does nothing'].map((what) => (
    { label: `${info.title}: ${what}, switch interval ${name}`, seconds: bench.quick ? 1.2 : 4.5 })))));
  for (const runtime of bench.runtimes) await bench.row(runtime, () => measureRuntime(bench, runtime));
}

function judge(evidence: Evidence): Judgement {
  const value = (name: string) => evidence.figures[`cpythonThreads.${name}`]?.value;
  const [slept, nothing, longest, longestNothing] = ['sleep0.advanced.5ms', 'nothing.advanced.5ms', 'sleep0.longest.50ms', 'nothing.longest.50ms'].map(value);
  const typical = value('sleep0.time.50ms');
  if (slept === undefined || nothing === undefined || longest === undefined || longestNothing === undefined || typical === undefined) {
    return judgementOf([{ claim: 11, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'CPython threads', evidence) }]);
  }
  const calls = value('sleep0.calls.5ms');
  const said = `Another thread went on within ${percent(slept)} % of the ${calls === undefined ? '' : `${formatCount(calls)} `}calls of time.sleep(0), and within ${percent(nothing)} % of calls that do nothing`;
  const oftenReleased = slept >= nothing + 5;
  // As long as the switch interval: the other thread had the GIL, and kept it until it was asked for.
  const aTurn = [[4, value('sleep0.longest.5ms'), value('nothing.longest.5ms')], [40, longest, longestNothing]].some(([interval = 0, sleeping = 0, still = Infinity]) => sleeping >= interval && still < interval);
  const seldomReleased = slept > nothing && aTurn;
  const turn = longest >= 40
    ? `at a switch interval of 50 ms its calls take up to ${longest.toFixed(0)} ms (half of them ${typical.toFixed(typical < 1 ? 3 : 0)} ms)`
    : `at a switch interval of 5 ms its calls take up to ${(value('sleep0.longest.5ms') ?? longest).toFixed(1)} ms`;
  if (oftenReleased || seldomReleased) {
    return judgementOf([{
      claim: 11, verdict: 'fails',
      reason: `${said}; ${turn}, so the other thread had the GIL until it was asked for. `
        + `time.sleep(0) does release the GIL here${oftenReleased ? '' : ', though it mostly has it back before the other thread woke up'}: CPython lets go of it around every sleep, even one of no length.`,
    }]);
  }
  if (nothing > 20) return judgementOf([{ claim: 11, verdict: 'not measurable here', reason: `${said}: the machine is too busy to tell them apart. Run it again when it is quiet.` }]);
  return judgementOf([{ claim: 11, verdict: 'holds', reason: `${said}: no more than by chance, so the GIL was kept.` }]);
}

/** Small ones with a digit more: one in a thousand is not none. */
function percent(value: number): string { return value > 0 && value < 10 ? value.toPrecision(2) : value.toFixed(0); }

export const sleep0: Experiment = {
  id: 'sleep0',
  title: 'time.sleep(0)',
  question: 'Does time.sleep(0) release the GIL, so that a thread that waits for it goes on?',
  claim: 'time.sleep(0) hands control to the scheduler of the system, but the GIL remains held by the interpreter.',
  claims: [11],
  method: 'One thread counts without a pause. The main thread, which has just been given the GIL, calls time.sleep(0), up to 20 times, until the counter went on meanwhile; '
    + 'for comparison it calls a function that does nothing. Without a release the counter can only go on after the switch interval. '
    + 'With the interval at 5 ms and at 50 ms: where the GIL was handed over, the call takes as long as the interval.',
  accepts: ({ language, mode }) => language === 'python' && mode === 'threads',
  subject: 'cpython-threads',
  program: 'sleep0',
  measure,
  judge,
};
