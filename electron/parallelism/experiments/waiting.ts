// A program that waits for events: the CPU it uses with PyEpics, with libca in C, and with Endstation's client.
import { formatCount } from '@shared/countText';
import type { ClaimVerdict } from '@shared/lab';
import { coresInUse } from '../environment';
import { LabError } from '../labError';
import { numberOf, type ProgramLine } from '../programLine';
import { figureOf, median } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

interface Load { readonly name: string; readonly title: string; readonly channels: number; readonly rate: number }
const loads: readonly Load[] = [
  { name: 'idle', title: '1,000 that never change', channels: 1000, rate: 0 },
  { name: 'control', title: '10 at 10 Hz', channels: 10, rate: 10 },
  { name: 'many', title: '1,000 at 10 Hz', channels: 1000, rate: 10 },
];
/** As efficient: this many percent of a core more than C at most, while nothing happens, and with as many events as device control has. */
const asIdle = 1;
const asEfficient = 5;
/** Part of the cores that other programs may use: beside more, the same work takes several times the CPU time. */
const busy = 0.5;
/** Events a second of the load that is judged; who hears less than this part of them is idle for another reason. */
const sent = 100;
const heardAtLeast = 0.5;

function partsOf(line: ProgramLine): readonly (readonly [cpu: number, wall: number, events: number])[] {
  const { parts } = line;
  if (!Array.isArray(parts)) throw new LabError('PROGRAM_OUTPUT', `The program's line has no "parts": ${JSON.stringify(line)}`);
  return parts.map((part: unknown) => {
    const [cpu, wall, events]: unknown[] = Array.isArray(part) ? part : [];
    if (typeof cpu !== 'number' || typeof wall !== 'number' || typeof events !== 'number') throw new LabError('PROGRAM_OUTPUT', `A part of the program's line has no three numbers: ${JSON.stringify(line)}`);
    return [cpu, wall, events] as const;
  });
}

/** Where the C library is: asked of Python, whose packages bring it; the system's own otherwise. */
async function libcaOf(bench: Bench): Promise<string> {
  const python = bench.runtimes.find(({ language }) => language === 'python');
  const found = python ? await bench.run(python, 'waiting', ['libca']).then(({ libca }) => libca, () => null) : null;
  return typeof found === 'string' ? found : 'libca.so';
}

async function measureLoad(bench: Bench, runtime: Runtime, port: number, load: Load, libca: string): Promise<void> {
  const seconds = bench.quick ? 0.3 : 2;
  const inUse = coresInUse();
  const line = await bench.run(runtime, 'waiting', [runtime.language === 'c' ? libca : 'monitor', port, load.channels, seconds]);
  const parts = partsOf(line);
  const name = (part: string) => `${runtime.info.key}.${load.name}.${part}`;
  bench.figure(name('cpu'), figureOf(parts.map(([cpu, wall]) => (100 * cpu) / wall), '% of a core'), runtime);
  bench.figure(name('events'), figureOf(parts.map(([, wall, events]) => events / wall), 'a second'), runtime);
  if (load.rate > 0) bench.figure(name('cost'), { value: (1e6 * parts.reduce((sum, [cpu]) => sum + cpu, 0)) / Math.max(1, parts.reduce((sum, [, , events]) => sum + events, 0)), unit: 'µs an event' }, runtime);
  bench.figure(name('memory'), { value: numberOf(line, 'memory'), unit: 'MB' }, runtime);
  bench.figure(name('others'), { value: Math.max(0, inUse() - median(parts.map(([cpu, wall]) => cpu / wall))), unit: 'cores' }, runtime);
}

async function measure(bench: Bench): Promise<void> {
  bench.plan(loads.flatMap(({ title }) => bench.runtimes.map(({ info }) => ({ label: `${info.title}: monitors, ${title}`, seconds: bench.quick ? 2.8 : 11.5 }))));
  const source = bench.runtimes.find(({ mode }) => mode === 'main');
  if (!source) return;
  const libca = await libcaOf(bench);
  for (const load of loads) {
    const server = await bench.start(source, 'polling', ['source', load.channels, load.rate]);
    try {
      for (const runtime of bench.runtimes) {
        bench.step();
        await bench.row(runtime, () => measureLoad(bench, runtime, numberOf(server.first, 'port'), load, libca));
      }
    } finally {
      await server.stop();
    }
  }
}

interface Row { readonly idle: number; readonly control: number; readonly many: number; readonly cost: number; /** A second, of the 100 that there were. */ readonly heard: number }
function rowOf({ figures }: Evidence, key: string): Row | null {
  const [idle, control, many, cost, heard] = ['idle.cpu', 'control.cpu', 'many.cpu', 'many.cost', 'control.events'].map((name) => figures[`${key}.${name}`]?.value);
  return idle === undefined || control === undefined || many === undefined || cost === undefined || heard === undefined ? null : { idle, control, many, cost, heard };
}
const deaf = ({ heard }: Row): boolean => heard < heardAtLeast * sent;

function judge(evidence: Evidence): Judgement {
  const python = rowOf(evidence, 'cpythonThreads');
  const measuredC = rowOf(evidence, 'cThreads');
  const c = measuredC && !deaf(measuredC) ? measuredC : null;
  const own = rowOf(evidence, 'nodeMain');
  if (!python) return judgementOf([{ claim: 14, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'PyEpics', evidence) }]);
  // Without a C library there is nothing less than no CPU at all.
  const beside = c ?? { idle: 0, control: 0, many: 0, cost: 0 };
  const cText = (load: 'idle' | 'control' | 'many') => (c ? `, C ${c[load].toFixed(2)} %` : '');
  const reason = `PyEpics used ${python.idle.toFixed(2)} % of a core for 1,000 monitors that wait${cText('idle')}; ${python.control.toFixed(2)} % with 100 events a second${cText('control')}. `
    + `The limit: with 10,000 events a second it is ${python.many.toFixed(0)} %${cText('many')}, ${python.cost.toFixed(1)} µs an event${c ? ` against ${c.cost.toFixed(1)} µs` : ''}.`
    + `${c ? ` Waiting is what is alike; to hear of an event costs ${c.cost > 0 ? `${(python.cost / c.cost).toFixed(0)} times as much` : 'more than could be measured in C'}.` : ''}`;
  const like = python.idle - beside.idle <= asIdle && python.control - beside.control <= asEfficient;
  const others = Math.max(...['idle', 'control'].map((load) => evidence.figures[`cpythonThreads.${load}.others`]?.value ?? 0));
  const claim = ((): ClaimVerdict => {
    if (deaf(python)) return { claim: 14, verdict: 'not measurable here', reason: `PyEpics heard ${formatCount(Math.round(python.heard))} of ${formatCount(sent)} events a second: what it uses while it hears nothing says nothing. Run it again.` };
    if (like) return { claim: 14, verdict: 'holds', reason };
    if (others > busy * evidence.cores) return { claim: 14, verdict: 'not measurable here', reason: `${reason} Other programs used ${others.toFixed(1)} of ${evidence.cores} cores: too busy to judge. Run it again when the machine is quiet.` };
    return { claim: 14, verdict: 'fails', reason };
  })();
  const warnings = [
    ...(c ? [] : [`Not compared with C: ${measuredC ? `libca in C heard ${formatCount(Math.round(measuredC.heard))} of ${formatCount(sent)} events a second.` : whyAbsent('cThreads', 'libca in C', evidence)} The bounds are ${asIdle} % and ${asEfficient} % of a core instead.`]),
    ...(own ? [`Endstation's client used ${own.idle.toFixed(2)} %, ${own.control.toFixed(2)} % and ${own.many.toFixed(1)} % (${own.cost.toFixed(1)} µs an event).`] : []),
  ];
  return judgementOf([claim], warnings);
}

export const waiting: Experiment = {
  id: 'waiting',
  title: 'Waiting for events',
  question: 'What does a program use while it only waits for monitors?',
  claim: 'While it waits for events a Python program is like any other: device control in Python can be as efficient as in C.',
  claims: [14],
  method: 'A Channel Access server of ours, in a process of its own. A client has 1,000 monitors of values that never change; 10 of values that change 10 times a second, as much as a program that controls devices hears; '
    + 'and 1,000 at 10 Hz. CPU time of the client process, five times 2 s (quick: 0.3 s), after all are connected. PyEpics with callbacks; C with libca, which is opened where PyEpics or epicscorelibs bring it; Endstation\'s own client. '
    + `The claim holds where PyEpics takes at most ${asIdle} % of a core more than C while nothing changes, and at most ${asEfficient} % with 100 events a second; what an event costs, and 10,000 a second, is said beside it.`,
  accepts: ({ info, mode }) => info.id === 'cpython-threads' || info.id === 'c-threads' || mode === 'main',
  subject: 'cpython-threads',
  program: 'waiting',
  measure,
  judge,
};
