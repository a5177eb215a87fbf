// Updates lost on a value that two threads share, with and without what should protect it.
import { countsIn, countWithUnit, formatCount } from '@shared/countText';
import type { ClaimVerdict, LabOpcode } from '@shared/lab';
import { numberOf, type ProgramLine } from '../programLine';
import { figureOf } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

interface Case { readonly mode: string; readonly figure: string; readonly count: number; readonly title: string }
/** So that the interpreter switches as often as it can, seconds. */
const switchInterval = 1e-6;
const python: readonly Case[] = [
  { mode: 'plain', figure: 'lost', count: 1_000_000, title: 'shared_value += inc' },
  { mode: 'call', figure: 'lostWithCall', count: 200_000, title: 'shared_value += one(inc)' },
  { mode: 'lock', figure: 'lostWithLock', count: 100_000, title: 'with a Lock' },
];
const c: readonly Case[] = [
  { mode: 'plain', figure: 'lost', count: 20_000_000, title: 'plain' },
  { mode: 'atomic', figure: 'lostAtomic', count: 5_000_000, title: 'atomic' },
  { mode: 'mutex', figure: 'lostWithLock', count: 2_000_000, title: 'with a mutex' },
];
/** By the mode of the runtime: each way of JavaScript to share memory is a runtime of its own. */
const others: Readonly<Record<string, readonly Case[]>> = {
  shared: [{ mode: 'plain', figure: 'lost', count: 5_000_000, title: 'shared[0] += 1' }],
  atomics: [{ mode: 'atomic', figure: 'lostAtomic', count: 2_000_000, title: 'Atomics.add' }],
  wasm: [
    { mode: 'wasm-plain', figure: 'lost', count: 20_000_000, title: 'load, add, store' },
    { mode: 'wasm-atomic', figure: 'lostAtomic', count: 5_000_000, title: 'i32.atomic.rmw.add' },
  ],
};
function casesOf({ language, mode }: Runtime): readonly Case[] {
  return language === 'python' ? python : language === 'c' ? c : others[mode] ?? [];
}
const repeats = 5;

async function measureCase(bench: Bench, runtime: Runtime, each: Case): Promise<void> {
  const { key } = runtime.info;
  const count = bench.quick ? each.count / 5 : each.count;
  const lost: number[] = [];
  const nanoseconds: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const line = await bench.run(runtime, 'race', [each.mode, count, ...(runtime.language === 'python' ? [switchInterval] : [])]);
    lost.push(numberOf(line, 'expected') - numberOf(line, 'got'));
    nanoseconds.push((1e9 * numberOf(line, 'wall')) / numberOf(line, 'expected'));
  }
  bench.figure(`${key}.${each.figure}`, figureOf(lost, 'updates'), runtime);
  // The median may be 0 although some were lost.
  bench.figure(`${key}.${each.figure}InAll`, { value: lost.reduce((sum, n) => sum + n, 0), unit: `of ${2 * count * repeats} updates` }, runtime);
  bench.figure(`${key}.${each.mode.replace('wasm-', '')}Cost`, figureOf(nanoseconds, 'ns an update'), runtime);
}

/** The statement as the interpreter runs it: its opcodes, its time, and how often threads take turns beside it. */
async function measureStatement(bench: Bench, runtime: Runtime): Promise<void> {
  const { key, title, version = '' } = runtime.info;
  const count = bench.quick ? 200_000 : 1_000_000;
  const turns = await bench.run(runtime, 'race', ['turns', count, switchInterval]);
  bench.figure(`${key}.turns`, { value: numberOf(turns, 'turns'), unit: `in ${2 * count} updates` }, runtime);
  const line = await bench.run(runtime, 'race', ['window', 300_000]);
  bench.figure(`${key}.window`, { value: numberOf(line, 'window'), unit: 'ns' }, runtime);
  const opcodes = opcodesOf(line);
  const inWindow = opcodes.filter((opcode) => opcode.inWindow);
  bench.figure(`${key}.opcodes`, { value: inWindow.length, unit: inWindow.map(({ name }) => name).join(' ') }, runtime);
  bench.figure(`${key}.switchesInWindow`, { value: inWindow.slice(0, -1).filter(({ switches }) => switches).length, unit: 'of them look for a switch' }, runtime);
  bench.opcodes({ runtime: key, title, version, statement: 'shared_value += inc', opcodes });
}

function opcodesOf({ opcodes }: ProgramLine): LabOpcode[] {
  if (!Array.isArray(opcodes)) return [];
  return opcodes.map((opcode: unknown) => {
    const [name, argument, inWindow, switches]: unknown[] = Array.isArray(opcode) ? opcode : [];
    return { name: String(name), argument: String(argument), inWindow: inWindow === true, switches: switches === true };
  });
}

async function measure(bench: Bench): Promise<void> {
  bench.plan(bench.runtimes.flatMap((runtime) => casesOf(runtime).map(({ title }) => (
    { label: `${runtime.info.title}: ${title}, ${repeats} times`, seconds: bench.quick ? 1 : 2.5 }))));
  for (const runtime of bench.runtimes) {
    for (const each of casesOf(runtime)) {
      bench.step();
      await bench.row(runtime, () => measureCase(bench, runtime, each));
    }
    if (runtime.language === 'python' && !runtime.info.id.startsWith('pypy')) await bench.row(runtime, () => measureStatement(bench, runtime));
  }
}

function judgeAtomicity(evidence: Evidence): ClaimVerdict {
  const { figures } = evidence;
  const plain = figures['cpythonThreads.lostInAll'];
  const call = figures['cpythonThreads.lostWithCallInAll'];
  if (!plain || !call) return { claim: 2, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'CPython threads', evidence) };
  const elsewhere = elsewhereSentence(figures);
  if (plain.value > 0) return { claim: 2, verdict: 'holds', reason: `shared_value += inc lost ${countWithUnit(plain)}.${elsewhere}` };
  const turns = figures['cpythonThreads.turns'];
  // Why, only where it was seen in the opcodes: an older interpreter may merely have had luck.
  const shut = figures['cpythonThreads.switchesInWindow']?.value === 0;
  const none = `shared_value += inc itself lost none ${countsIn(plain.unit)}${turns ? ` (the threads took turns ${formatCount(turns.value)} times ${countsIn(turns.unit)})` : ''}`
    + `${shut ? ': since CPython 3.10 the interpreter looks for a switch only at calls and where a loop jumps back, and there is neither between its load and its store' : ''}`;
  if (call.value > 0) {
    return {
      claim: 2, verdict: 'holds',
      reason: `A single statement is not atomic: shared_value += one(inc), with a call in it, lost ${countWithUnit(call)}. But ${none}. ${shut ? 'That is how this version happens to work, not a promise; the article\'s program always stops on it.' : 'That is no more than chance: this version may switch there.'}${elsewhere}`,
    };
  }
  return { claim: 2, verdict: 'fails', reason: `No update was lost here: ${none}; the same statement with a call in it lost none ${countsIn(call.unit)} either.` };
}

/** What the very statement of the article does in other interpreters that were measured beside it. */
function elsewhereSentence(figures: Evidence['figures']): string {
  const lost = Object.entries(figures).flatMap(([name, figure]) => {
    const key = /^(cpython(?:FreeThreaded|3\d+t?Threads))\.lostInAll$/.exec(name)?.[1];
    if (key === undefined) return [];
    const title = key === 'cpythonFreeThreaded' ? 'CPython without its GIL' : `CPython 3.${key.replace(/^cpython3(\d+)t?Threads$/, '$1')}`;
    return [`${title} lost ${countWithUnit(figure)}`];
  });
  return lost.length > 0 ? ` The same statement elsewhere: ${lost.join('; ')}.` : '';
}

function judgeWindow(evidence: Evidence): ClaimVerdict {
  const window = evidence.figures['cpythonThreads.window'];
  const opcodes = evidence.figures['cpythonThreads.opcodes'];
  if (!window || !opcodes) return { claim: 3, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'CPython threads', evidence) };
  const said = `From load to store there are ${opcodes.value} opcodes (${opcodes.unit}), and the whole statement takes ${window.value.toFixed(0)} ns`;
  // "About": within a factor of ten, as processors differ.
  const near = window.value > 200 / 10 && window.value < 200 * 10;
  return { claim: 3, verdict: opcodes.value === 3 && near ? 'holds' : 'fails', reason: `${said}; the article says three opcodes and about 200 ns.` };
}

function judgeLock(evidence: Evidence): ClaimVerdict {
  const without = evidence.figures['cpythonThreads.lostWithCallInAll'];
  const locked = evidence.figures['cpythonThreads.lostWithLockInAll'];
  if (!without || !locked) return { claim: 4, verdict: 'not measurable here', reason: whyAbsent('cpythonThreads', 'CPython threads', evidence) };
  if (locked.value > 0) return { claim: 4, verdict: 'fails', reason: `With a Lock ${countWithUnit(locked)} were lost.` };
  if (without.value === 0) return { claim: 4, verdict: 'not measurable here', reason: 'Nothing was lost without a Lock either, so it can\'t be seen what the Lock does. Run it again.' };
  return { claim: 4, verdict: 'holds', reason: `The statement that lost ${countWithUnit(without)} lost none ${countsIn(locked.unit)} within a Lock.` };
}

function judge(evidence: Evidence): Judgement {
  const claims = [judgeAtomicity(evidence), judgeWindow(evidence), judgeLock(evidence)];
  const warnings = [['cThreads', 'C threads'], ['nodeShared', 'Node worker threads'], ['wasmWorkers', 'WebAssembly'], ['cpythonFreeThreaded', 'CPython without its GIL']].flatMap(([key = '', title = '']) => {
    const lost = evidence.figures[`${key}.lostInAll`];
    return lost?.value === 0 ? [`${title} lost none ${countsIn(lost.unit)} on a plain variable: the two threads did not run at the same time, the machine is too busy.`] : [];
  });
  return judgementOf(claims, warnings);
}

export const race: Experiment = {
  id: 'race',
  title: 'Lost updates',
  question: 'Are updates lost when two threads add to the same value without protection, and does a lock mend it?',
  claim: 'The GIL does not make shared_value += inc atomic; the window is three opcodes, about 200 ns; a Lock mends it.',
  claims: [2, 3, 4],
  method: 'Two threads add 1 to a shared value, a fixed number of times each; what is missing at the end was lost. Five repeats; the sum over them is judged, as a median would hide the rare ones. '
    + 'Python with a switch interval of 1 µs, so that it switches as often as it can: the article\'s statement, the same with a call in it, and within a Lock. '
    + 'C with a plain variable, an atomic one and a mutex; Node with a SharedArrayBuffer, plain and with Atomics. '
    + 'Beside them CPython 3.9 or earlier and one without its GIL, where they are here. The window: opcodes by dis, and how often the threads take turns; the CPU time of the statement against an empty loop, the best of seven each, which is an upper limit.',
  accepts: (runtime) => casesOf(runtime).length > 0 && (runtime.language !== 'python' || runtime.mode === 'threads'),
  // Without a GIL, and before 3.10, the statement itself loses updates.
  also: ({ info, mode }, quick) => mode in others || info.id === 'cpython-free-threaded' || (quick ? /^cpython-3\.9-/ : /^cpython-3\.[789]-/).test(info.id),
  article: { 'cpythonThreads.window': { value: 200, unit: 'ns' }, 'cpythonThreads.opcodes': { value: 3, unit: '' } },
  subject: 'cpython-threads',
  program: 'race',
  measure,
  judge,
};
