// One reduction job over a stack of frames: what threads, processes, dask and MPI gain, and what they move for it.
import type { ClaimVerdict } from '@shared/lab';
import { coresInUse } from '../environment';
import { numberOf } from '../programLine';
import { figureOf, median } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

const ids = ['cpython-threads', 'cpython-processes', 'cpython-dask', 'cpython-dask-threads', 'cpython-mpi'];
const apart = [{ key: 'cpythonProcesses', title: 'processes' }, { key: 'cpythonDask', title: 'dask' }, { key: 'cpythonMpi', title: 'MPI' }];
/** Work in Python statements, which is what the article speaks of; and with NumPy, which lets go of the GIL within some of its loops. Frames, and pixels on a side. */
const kinds = [
  { kind: 'statements', title: 'in Python statements', quick: { frames: 16, size: 192 }, full: { frames: 64, size: 384 } },
  { kind: 'numpy', title: 'with NumPy', quick: { frames: 12, size: 512 }, full: { frames: 32, size: 1024 } },
] as const;
type Kind = (typeof kinds)[number];
/** At least so much faster than serial: it scales. At most that: it does not. */
const scales = 1.4;
const scalesNot = 1.3;
/** On a busy machine nothing gains as much: then so much faster than threads, beside the same others. */
const fasterThanThreads = 1.5;
/** Results are equal when they differ by less. */
const equal = 1e-9;
const busy = 0.5;
/** A spread above this part of the gain is noise. */
const noisy = 0.25;

async function measureRuntime(bench: Bench, runtime: Runtime, workers: number, { kind, ...sizes }: Kind): Promise<void> {
  const { frames, size } = bench.quick ? sizes.quick : sizes.full;
  const repeats = bench.quick ? 3 : 5;
  const name = (part: string) => `${runtime.info.key}.${kind}.${part}`;
  const walls: number[] = [];
  const gains: number[] = [];
  const others: number[] = [];
  const differences: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const serial = coresInUse();
    const line = await bench.run(runtime, 'hpc', [runtime.mode, workers, frames, size, kind]);
    const wall = numberOf(line, 'wall');
    walls.push(wall);
    // Serial in the same process, right after: what else the machine does weighs on both.
    gains.push(numberOf(line, 'serial') / wall);
    others.push(Math.max(0, serial() - 1));
    bench.figure(name('time'), figureOf(walls, 's'), runtime);
    bench.figure(name('gain'), figureOf(gains, 'x serial'), runtime);
    bench.figure(name('moved'), { value: numberOf(line, 'moved') / 1e6, unit: 'MB' }, runtime);
    differences.push(numberOf(line, 'difference'));
    // Every repeat has to give what serial gives.
    bench.figure(name('difference'), { value: Math.max(...differences), unit: '' }, runtime);
    bench.figure(name('throughput'), { value: numberOf(line, 'pixels') / 1e6 / median(walls), unit: 'megapixels/s' }, runtime);
  }
  bench.figure(name('workers'), { value: workers, unit: '' }, runtime);
  bench.figure(name('beside'), figureOf(others, 'cores'), runtime);
}

async function measure(bench: Bench): Promise<void> {
  const workers = Math.max(2, Math.min(4, bench.cores));
  bench.plan(kinds.flatMap(({ title }) => bench.runtimes.map(({ info }) => ({ label: `${info.title}: a stack of frames ${title}, ${workers} workers`, seconds: bench.quick ? 4 : 35 }))));
  for (const kind of kinds) {
    for (const runtime of bench.runtimes) {
      bench.step();
      await bench.row(runtime, () => measureRuntime(bench, runtime, workers, kind));
    }
  }
}

interface Gain { readonly key: string; readonly title: string; readonly value: number; readonly moved: number; readonly wrong: boolean; readonly beside: number; readonly spread: number }

function gainsOf({ figures }: Evidence, kind: Kind['kind']): Gain[] {
  return [{ key: 'cpythonThreads', title: 'threads' }, ...apart].flatMap(({ key, title }) => {
    const at = (part: string) => figures[`${key}.${kind}.${part}`];
    const gain = at('gain');
    if (!gain) return [];
    return [{ key, title, value: gain.value, spread: gain.spread ?? 0, moved: at('moved')?.value ?? 0, wrong: (at('difference')?.value ?? 0) > equal, beside: at('beside')?.value ?? 0 }];
  });
}

function judge(evidence: Evidence): Judgement {
  const statements = gainsOf(evidence, 'statements');
  const threads = statements.find(({ key }) => key === 'cpythonThreads');
  const rows = statements.filter(({ key }) => key !== 'cpythonThreads');
  const absent = apart.filter(({ key }) => !rows.some((row) => row.key === key)).map(({ key, title }) => whyAbsent(key, title, evidence)).filter((why) => !why.endsWith(': not chosen.'));
  const none = (reason: string) => judgementOf([{ claim: 15, verdict: 'not measurable here', reason }], absent);
  if (!threads) return none(whyAbsent('cpythonThreads', 'A stack of frames in threads', evidence));
  const best = [...rows].sort((a, b) => b.value - a.value)[0];
  if (!best) return none(absent.join(' ') || 'Neither processes nor dask nor MPI were chosen.');
  const said = `In Python statements threads are ${threads.value.toFixed(2)} times as fast as one after the other; ${rows.map(({ title, value, moved }) => `${title} ${value.toFixed(2)} (${moved.toFixed(0)} MB moved)`).join(', ')}.${numpySentence(evidence)}`;
  return judgementOf([{ claim: 15, ...verdictOf(evidence.cores, threads, rows, best, said) }], absent);
}

function verdictOf(cores: number, threads: Gain, rows: readonly Gain[], best: Gain, said: string): Omit<ClaimVerdict, 'claim'> {
  if (cores < 2) return { verdict: 'not measurable here', reason: `${said} With one core nothing can run in parallel.` };
  const wrong = [threads, ...rows].filter((row) => row.wrong);
  if (wrong.length > 0) return { verdict: 'fails', reason: `${said} The results of ${wrong.map(({ title }) => title).join(', ')} differ from serial ones.` };
  const beside = Math.max(threads.beside, ...rows.map((row) => row.beside));
  if (threads.value <= scalesNot && best.value >= scales) return { verdict: 'holds', reason: said };
  if (threads.value <= scalesNot && beside > busy && best.value >= 1.1 && best.value >= fasterThanThreads * threads.value) return { verdict: 'holds', reason: `${said} Other programs were running, and had part of the cores.` };
  const noise = beside > busy && threads.spread > noisy * threads.value;
  if (threads.value >= scales && !noise) return { verdict: 'fails', reason: `${said} Threads gain here.` };
  if (beside > busy || threads.value > scalesNot) return { verdict: 'not measurable here', reason: `${said} Too close or too busy to judge: run it again, in full, when the machine is quiet.` };
  return { verdict: 'fails', reason: `${said} None of them gains enough to pay for what it moves.` };
}

/** Where the article is too short: work within a library that lets go of the GIL. */
function numpySentence(evidence: Evidence): string {
  const rows = gainsOf(evidence, 'numpy');
  if (rows.length === 0) return '';
  const threads = rows.find(({ key }) => key === 'cpythonThreads')?.value ?? 0;
  return ` With NumPy ${rows.map(({ title, value }) => `${title} ${value.toFixed(2)}`).join(', ')}${threads > scalesNot ? ': it lets go of the GIL within its loops, so that threads do gain, and move nothing' : ''}.`;
}

export const hpc: Experiment = {
  id: 'hpc',
  title: 'A stack of frames',
  question: 'What do threads, processes, dask and MPI gain on a real reduction, and how many bytes do they move for it?',
  claim: 'Computing in parallel on EPICS data needs multiprocessing, dask or MPI; Python threading is the wrong tool.',
  claims: [15],
  method: 'Azimuthal integration of a stack of frames by as many workers as cores, four at most: in Python statements (64 frames of 384 x 384 pixels; quick: 16 of 192 x 192), and with NumPy, outliers left out in four rounds '
    + '(32 of 1024 x 1024; quick: 12 of 512 x 512). The frames are in the program and the curves come back to it; workers are started before the clock. Gain is the time of the same work one after the other, in the same process right afterwards, '
    + 'against it; five repeats (quick: three). Bytes moved are the frames and curves that go from one process to another. '
    + `It is judged by the work in Python statements, and holds where threads gain at most ${scalesNot} and one of the others at least ${scales} (beside other programs, ${fasterThanThreads} times what threads gain); results must be equal to ${equal}.`,
  accepts: ({ info }) => ids.includes(info.id),
  also: () => true,
  subject: 'cpython-threads',
  program: 'hpc',
  measure,
  judge,
};
