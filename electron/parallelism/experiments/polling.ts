// Asking again and again against being told: how late a change is noticed, what that costs, and what is missed.
import { formatCount } from '@shared/countText';
import type { ClaimVerdict } from '@shared/lab';
import { LabError } from '../labError';
import { numberOf, numbersOf, type ProgramLine } from '../programLine';
import { figureOf, quantile } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

type Place = 'lab' | 'beamline' | 'ioc';
interface Load { readonly name: string; readonly channels: number; readonly rate: number; readonly place: Place }
const places: readonly Load[] = [
  { name: '1x20Hz', channels: 1, rate: 20, place: 'lab' },
  { name: 'beamline', channels: 1, rate: 20, place: 'beamline' },
  { name: 'ioc', channels: 1, rate: 20, place: 'ioc' },
];
const fullLoads: readonly Load[] = [
  ...places, { name: '100x10Hz', channels: 100, rate: 10, place: 'lab' }, { name: '1x200Hz', channels: 1, rate: 200, place: 'lab' }, { name: '1000x1Hz', channels: 1000, rate: 1, place: 'lab' },
];
const titles: Readonly<Record<Place, string>> = { lab: 'the lab\'s server', beamline: 'the simulated beamline', ioc: 'a real IOC' };
/** Of the simulated beamline: a waveform that becomes what one writes. */
const beamlinePv = 'SIM:TEST:WAVE';
const modes = ['poll', 'monitor'] as const;
/** How often, and how many seconds each. */
const repeated = { quick: { repeats: 3, seconds: 0.7 }, full: { repeats: 5, seconds: 3 } };
/** Percent of the values read that had not changed, from which on asking for them was a waste. */
const unchangedAtLeast = 20;

function figures(bench: Bench, runtime: Runtime, prefix: string, lines: readonly ProgramLine[]): void {
  const name = (part: string) => `${runtime.info.key}.${prefix}.${part}`;
  const latencies = lines.map((line) => numbersOf(line, 'latencies')).filter((each) => each.length > 0);
  // Who hears nothing has missed nothing that it could count: that is no measurement.
  if (latencies.length < lines.length) throw new LabError('PROGRAM_OUTPUT', `${runtime.info.title}: in ${lines.length - latencies.length} of ${lines.length} repeats not one change was noticed (${prefix}). Run it again.`);
  const per = (count: string, of: (line: ProgramLine) => number, scale: number) => lines.map((line) => (scale * numberOf(line, count)) / Math.max(1e-9, of(line)));
  const seen = (line: ProgramLine) => numberOf(line, 'missed') + numberOf(line, 'reads') - numberOf(line, 'unchanged');
  const wall = (line: ProgramLine) => numberOf(line, 'wall');
  bench.figure(name('p50'), figureOf(latencies.map((each) => quantile(each, 0.5)), 'ms'), runtime);
  bench.figure(name('p99'), figureOf(latencies.map((each) => quantile(each, 0.99)), 'ms'), runtime);
  bench.figure(name('cpu'), figureOf(per('cpu', wall, 100), '% of a core'), runtime);
  bench.figure(name('requests'), figureOf(per('requests', wall, 1), 'a second'), runtime);
  bench.figure(name('unchanged'), figureOf(per('unchanged', (line) => numberOf(line, 'reads'), 100), '% of values read'), runtime);
  bench.figure(name('missed'), figureOf(per('missed', seen, 100), '% of changes'), runtime);
}

interface Source { readonly port: number; /** Name of its one PV, where it is not the lab's own. */ readonly pv: readonly string[]; stop(): Promise<void> }

/** Starts what the values come from: whichever client is measured, in processes of their own. */
async function startSource(bench: Bench, node: Runtime, python: Runtime | undefined, load: Load): Promise<Source> {
  if (load.place === 'lab') {
    const server = await bench.start(node, 'polling', ['source', load.channels, load.rate]);
    return { port: numberOf(server.first, 'port'), pv: [], stop: () => server.stop() };
  }
  if (load.place === 'beamline') {
    const server = await bench.start(node, 'polling', ['beamline', load.rate]);
    return { port: numberOf(server.first, 'port'), pv: [beamlinePv], stop: () => server.stop() };
  }
  if (!python) throw new LabError('RUNTIME_MISSING', 'A real IOC needs Python with epicscorelibs. Install it: endstation lab setup.');
  const ioc = await bench.start(python, 'soft_ioc', ['serve', load.channels]);
  const port = numberOf(ioc.first, 'port');
  const driver = await bench.start(node, 'polling', ['drive', port, 'LAB:POLLING:0', load.rate]).catch(async (error: unknown) => {
    await ioc.stop();
    throw error;
  });
  return { port, pv: [], stop: async () => { await driver.stop(); await ioc.stop(); } };
}

async function measureRuntime(bench: Bench, node: Runtime, runtime: Runtime, load: Load): Promise<void> {
  const { repeats, seconds } = bench.quick ? repeated.quick : repeated.full;
  const source = await startSource(bench, node, bench.runtimes.find(({ language }) => language === 'python'), load);
  try {
    for (const mode of modes) {
      bench.step();
      const lines: ProgramLine[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) lines.push(await bench.run(runtime, 'polling', [mode, source.port, load.channels, seconds, ...source.pv]));
      figures(bench, runtime, `${mode}.${load.name}`, lines);
      if (mode === 'monitor' || load !== places[0]) continue;
      bench.figure(`${runtime.info.key}.tenRounds`, figureOf(lines.map((line) => numberOf(line, 'tenRounds')), 'ms'), runtime);
      bench.figure(`${runtime.info.key}.answering`, figureOf(lines.map((line) => numberOf(line, 'answering')), 'ms'), runtime);
    }
  } finally {
    await source.stop();
  }
}

/** A real IOC may be missing where the client is not: then that place alone is. */
function placeRow(runtime: Runtime, { place }: Load): Runtime {
  if (place === 'lab') return runtime;
  return { ...runtime, info: { ...runtime.info, key: `${runtime.info.key}.${place}` } };
}

async function measure(bench: Bench): Promise<void> {
  const loads = bench.quick ? places : fullLoads;
  const { repeats, seconds } = bench.quick ? repeated.quick : repeated.full;
  bench.plan(bench.runtimes.flatMap(({ info }) => loads.flatMap(({ name, place }) => modes.map((mode) => (
    { label: `${info.title}: ${mode} ${place === 'lab' ? name : titles[place]}, ${repeats} times`, seconds: repeats * (seconds + 0.7) })))));
  const node = bench.runtimes.find(({ mode }) => mode === 'main');
  if (!node) return;
  for (const runtime of bench.runtimes) {
    for (const load of loads) await bench.row(placeRow(runtime, load), () => measureRuntime(bench, node, runtime, load));
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
  const at = ({ name, place }: Load) => {
    const of = (mode: string) => ({
      p50: value(`${mode}.${name}.p50`), cpu: value(`${mode}.${name}.cpu`), unchanged: value(`${mode}.${name}.unchanged`), missed: value(`${mode}.${name}.missed`), requests: value(`${mode}.${name}.requests`),
    });
    const [poll, monitor] = [of('poll'), of('monitor')];
    return {
      place, poll, monitor, wasteful: poll.p50 > 2 * monitor.p50 && poll.unchanged > unchangedAtLeast && poll.cpu > monitor.cpu,
      told: monitor.missed === 0 && monitor.unchanged === 0 && monitor.p50 < poll.p50,
    };
  };
  const [first, ...more] = places.map(at).filter(({ poll, monitor }) => Number.isFinite(poll.p50) && Number.isFinite(monitor.p50));
  if (!first) return judgementOf([]);
  const { poll, monitor } = first;
  const [tenRounds, answering] = [value('tenRounds'), value('answering')];
  const all = [first, ...more];
  const elsewhere = more.map((each) => ` On ${titles[each.place]} ${each.poll.p50.toFixed(2)} ms polled (${each.poll.unchanged.toFixed(0)} % unchanged, ${each.poll.missed.toFixed(1)} % of the changes missed) against ${each.monitor.p50.toFixed(2)} ms.`).join('');
  const missed = Math.max(...all.map((each) => each.monitor.missed));
  const old = Math.max(...all.map((each) => each.monitor.unchanged));
  const where = all.map((each) => titles[each.place]).join(', ');
  const claims: ClaimVerdict[] = [{
    claim: 12, verdict: all.every(({ wasteful }) => wasteful) && tenRounds >= 100 ? 'holds' : 'fails',
    reason: `${subject.title}, one value that changes 20 times a second: polled, a change is noticed after ${poll.p50.toFixed(2)} ms, with ${poll.cpu.toFixed(1)} % of a core and ${formatCount(Math.round(poll.requests))} requests a second, `
      + `${poll.unchanged.toFixed(0)} % of whose values had not changed; by monitor after ${monitor.p50.toFixed(2)} ms with ${monitor.cpu.toFixed(1)} % and no request. `
      + `Ten rounds took ${tenRounds.toFixed(0)} ms, of which the answers took ${answering.toFixed(1)} ms: the rest are the ten sleeps of 10 ms.${elsewhere}`,
  }, {
    claim: 13, verdict: all.every(({ told }) => told) ? 'holds' : 'fails',
    reason: `By callback ${missed === 0 ? 'no change was missed' : `${missed.toFixed(1)} % of the changes were missed`}, and ${old === 0 ? 'each brought a new value' : `${old.toFixed(1)} % brought an old value`}, on ${where}.`,
  }];
  const absent = Object.entries(evidence.errors).flatMap(([key, { message }]) => (key === `${subject.key}.ioc` || key === `${subject.key}.beamline` ? [message] : []));
  const error = evidence.errors['cpythonThreads'];
  return judgementOf(claims, error && subject.key !== 'cpythonThreads' ? [`PyEpics was not measured: ${error.message}`, ...absent] : absent);
}

export const polling: Experiment = {
  id: 'polling',
  title: 'Polling against callbacks',
  question: 'What does asking for values every 10 ms cost, against being told when they change?',
  claim: 'Polling is inefficient, adds latency, blocks 100 ms in ten rounds although the devices answer at once, and asks for values that have not changed; callbacks bring new data when it is there.',
  claims: [12, 13],
  method: 'A Channel Access server of ours, in a process of its own on loopback, changes values that carry their time and number. A client polls them (get all, wait 10 ms) or monitors them. '
    + 'Latency from change to notice, CPU of the client, requests, values that had not changed, changes missed; five repeats of 3 s (quick: three of 0.7 s). PyEpics with caget_many and with callbacks, as the "CPython threads" row; Endstation\'s own client as the "Node main thread" row. '
    + 'One value at 20 Hz, on the lab\'s server, on the simulated beamline and on a real IOC (EPICS base by epicscorelibs), whose values a client of ours writes; in full also 100 at 10 Hz, one at 200 Hz and 1,000 at 1 Hz. '
    + 'Claim 12 holds where on all of them polling notices at least twice as late, with more CPU and at least 20 % unchanged values, and ten rounds take 100 ms; claim 13 where by callback nothing is missed and nothing comes twice.',
  accepts: ({ info, mode }) => info.id === 'cpython-threads' || mode === 'main',
  article: { 'cpythonThreads.tenRounds': { value: 100, unit: 'ms' } },
  subject: 'cpython-threads',
  program: 'polling',
  measure,
  judge,
};
