// Asking again and again against being told: how late a change is noticed, what that costs, and what is missed.
import type { ClaimVerdict } from '@shared/lab';
import { numberOf, numbersOf, type ProgramLine } from '../programLine';
import { figureOf, quantile } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

interface Load { readonly name: string; readonly channels: number; readonly rate: number }
const quickLoads: readonly Load[] = [{ name: '1x20Hz', channels: 1, rate: 20 }, { name: '100x10Hz', channels: 100, rate: 10 }];
const fullLoads: readonly Load[] = [...quickLoads, { name: '1x200Hz', channels: 1, rate: 200 }, { name: '1000x1Hz', channels: 1000, rate: 1 }];
const modes = ['poll', 'monitor'] as const;
const repeats = 5;
/** Percent of the values read that had not changed, from which on asking for them was a waste. */
const unchangedAtLeast = 20;

function figures(bench: Bench, runtime: Runtime, prefix: string, lines: readonly ProgramLine[]): void {
  const name = (part: string) => `${runtime.info.key}.${prefix}.${part}`;
  const latencies = lines.map((line) => numbersOf(line, 'latencies')).filter((each) => each.length > 0);
  const per = (count: string, of: (line: ProgramLine) => number, scale: number) => lines.map((line) => (scale * numberOf(line, count)) / Math.max(1e-9, of(line)));
  const seen = (line: ProgramLine) => numberOf(line, 'missed') + numberOf(line, 'reads') - numberOf(line, 'unchanged');
  const wall = (line: ProgramLine) => numberOf(line, 'wall');
  if (latencies.length > 0) {
    bench.figure(name('p50'), figureOf(latencies.map((each) => quantile(each, 0.5)), 'ms'), runtime);
    bench.figure(name('p99'), figureOf(latencies.map((each) => quantile(each, 0.99)), 'ms'), runtime);
  }
  bench.figure(name('cpu'), figureOf(per('cpu', wall, 100), '% of a core'), runtime);
  bench.figure(name('requests'), figureOf(per('requests', wall, 1), 'a second'), runtime);
  bench.figure(name('unchanged'), figureOf(per('unchanged', (line) => numberOf(line, 'reads'), 100), '% of values read'), runtime);
  bench.figure(name('missed'), figureOf(per('missed', seen, 100), '% of changes'), runtime);
}

async function measureRuntime(bench: Bench, source: Runtime, runtime: Runtime, load: Load): Promise<void> {
  const server = await bench.start(source, 'polling', ['source', load.channels, load.rate]);
  try {
    const port = numberOf(server.first, 'port');
    for (const mode of modes) {
      bench.step();
      const lines: ProgramLine[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) lines.push(await bench.run(runtime, 'polling', [mode, port, load.channels, bench.quick ? 1 : 3]));
      figures(bench, runtime, `${mode}.${load.name}`, lines);
      if (mode === 'monitor' || load !== quickLoads[0]) continue;
      bench.figure(`${runtime.info.key}.tenRounds`, figureOf(lines.map((line) => numberOf(line, 'tenRounds')), 'ms'), runtime);
      bench.figure(`${runtime.info.key}.answering`, figureOf(lines.map((line) => numberOf(line, 'answering')), 'ms'), runtime);
    }
  } finally {
    await server.stop();
  }
}

async function measure(bench: Bench): Promise<void> {
  const loads = bench.quick ? quickLoads : fullLoads;
  bench.plan(bench.runtimes.flatMap(({ info }) => loads.flatMap(({ name }) => modes.map((mode) => (
    { label: `${info.title}: ${mode} ${name}, ${repeats} times`, seconds: repeats * (bench.quick ? 1.6 : 3.8) })))));
  // Whichever client is measured, the values come from our own server in a process of its own.
  const source = bench.runtimes.find(({ mode }) => mode === 'main');
  if (!source) return;
  for (const runtime of bench.runtimes) {
    for (const load of loads) await bench.row(runtime, () => measureRuntime(bench, source, runtime, load));
  }
}

/** PyEpics, which the article speaks of, where it was measured; else our own client. */
function subjectOf({ figures: all }: Evidence): { key: string; title: string } | null {
  const candidates = [{ key: 'cpythonThreads', title: 'PyEpics' }, { key: 'nodeMain', title: 'Endstation\'s client' }];
  return candidates.find(({ key }) => all[`${key}.poll.1x20Hz.p50`] && all[`${key}.monitor.1x20Hz.p50`]) ?? null;
}

function judge(evidence: Evidence): Judgement {
  const subject = subjectOf(evidence);
  if (!subject) {
    const reason = `${whyAbsent('cpythonThreads', 'PyEpics', evidence)} ${whyAbsent('nodeMain', 'Endstation\'s client', evidence)}`;
    return judgementOf([{ claim: 12, verdict: 'not measurable here', reason }, { claim: 13, verdict: 'not measurable here', reason }]);
  }
  const value = (name: string) => evidence.figures[`${subject.key}.${name}`]?.value ?? Number.NaN;
  const [poll, monitor] = modes.map((mode) => ({
    p50: value(`${mode}.1x20Hz.p50`), cpu: value(`${mode}.1x20Hz.cpu`), unchanged: value(`${mode}.1x20Hz.unchanged`), missed: value(`${mode}.1x20Hz.missed`), requests: value(`${mode}.1x20Hz.requests`),
  }));
  if (!poll || !monitor) return judgementOf([]);
  const [tenRounds, answering] = [value('tenRounds'), value('answering')];
  const wasteful = poll.p50 > 2 * monitor.p50 && poll.unchanged > unchangedAtLeast && poll.cpu > monitor.cpu && tenRounds >= 100;
  const claims: ClaimVerdict[] = [{
    claim: 12, verdict: wasteful ? 'holds' : 'fails',
    reason: `${subject.title}, one value that changes 20 times a second: polled, a change is noticed after ${poll.p50.toFixed(2)} ms, with ${poll.cpu.toFixed(1)} % of a core and ${poll.requests.toFixed(0)} requests a second, `
      + `${poll.unchanged.toFixed(0)} % of whose values had not changed; by monitor after ${monitor.p50.toFixed(2)} ms with ${monitor.cpu.toFixed(1)} %. `
      + `Ten rounds took ${tenRounds.toFixed(0)} ms, of which the answers took ${answering.toFixed(1)} ms.`,
  }, {
    claim: 13, verdict: monitor.missed === 0 && monitor.unchanged === 0 && monitor.p50 < poll.p50 ? 'holds' : 'fails',
    reason: `By callback ${monitor.missed === 0 ? 'no change was missed' : `${monitor.missed.toFixed(1)} % of the changes were missed`}, and ${monitor.unchanged === 0 ? 'each brought a new value' : `${monitor.unchanged.toFixed(1)} % brought an old value`}.`,
  }];
  const error = evidence.errors['cpythonThreads'];
  return judgementOf(claims, error && subject.key !== 'cpythonThreads' ? [`PyEpics was not measured: ${error.message}`] : []);
}

export const polling: Experiment = {
  id: 'polling',
  title: 'Polling against callbacks',
  question: 'What does asking for values every 10 ms cost, against being told when they change?',
  claim: 'Polling is inefficient, adds latency, blocks 100 ms in ten rounds although the devices answer at once, and asks for values that have not changed; callbacks bring new data when it is there.',
  claims: [12, 13],
  method: 'A Channel Access server of ours, in a process of its own on loopback, changes values that carry their time and number. A client polls them (get all, wait 10 ms) or monitors them. '
    + 'Latency from change to notice, CPU of the client, requests, values that had not changed, changes missed; five repeats. PyEpics with caget_many and with callbacks, as the "CPython threads" row; Endstation\'s own client as the "Node main thread" row. '
    + 'One value at 20 Hz, 100 at 10 Hz; in full also one at 200 Hz and 1,000 at 1 Hz.',
  accepts: ({ info, mode }) => info.id === 'cpython-threads' || mode === 'main',
  article: { 'cpythonThreads.tenRounds': { value: 100, unit: 'ms' } },
  subject: 'cpython-threads',
  program: 'polling',
  measure,
  judge,
};
