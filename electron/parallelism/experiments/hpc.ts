// One reduction job over a stack of frames: what threads, processes, dask and MPI gain, and what they move for it.
import type { ClaimVerdict } from '@shared/lab';
import { coresInUse } from '../environment';
import { numberOf } from '../programLine';
import { figureOf, median } from '../statistics';
import type { Runtime } from '../runtimes/runtime';
import { judgementOf, whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

const ids = ['cpython-threads', 'cpython-processes', 'cpython-dask', 'cpython-mpi'];
const apart = [{ key: 'cpythonProcesses', title: 'processes' }, { key: 'cpythonDask', title: 'dask' }, { key: 'cpythonMpi', title: 'MPI' }];
/** Pixels on a side and frames. */
const sizes = { quick: { frames: 12, size: 512 }, full: { frames: 48, size: 1024 } };
/** At least so much faster than serial: it scales. At most that: it does not. */
const scales = 1.4;
const scalesNot = 1.3;
/** Results are equal when they differ by less. */
const equal = 1e-9;
const busy = 0.5;
/** A spread above this part of the gain is noise. */
const noisy = 0.25;

async function measureRuntime(bench: Bench, runtime: Runtime, workers: number): Promise<void> {
  const { frames, size } = bench.quick ? sizes.quick : sizes.full;
  const repeats = bench.quick ? 3 : 5;
  const name = (part: string) => `${runtime.info.key}.${part}`;
  const walls: number[] = [];
  const gains: number[] = [];
  const others: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const serial = coresInUse();
    const line = await bench.run(runtime, 'hpc', [runtime.mode, workers, frames, size]);
    const wall = numberOf(line, 'wall');
    walls.push(wall);
    // Serial in the same process, right after: what else the machine does weighs on both.
    gains.push(numberOf(line, 'serial') / wall);
    others.push(Math.max(0, serial() - 1));
    bench.figure(name('time'), figureOf(walls, 's'), runtime);
    bench.figure(name('gain'), figureOf(gains, 'x serial'), runtime);
    bench.figure(name('moved'), { value: numberOf(line, 'moved') / 1e6, unit: 'MB' }, runtime);
    bench.figure(name('difference'), { value: numberOf(line, 'difference'), unit: '' }, runtime);
    bench.figure(name('throughput'), { value: numberOf(line, 'pixels') / 1e6 / median(walls), unit: 'megapixels/s' }, runtime);
  }
  bench.figure(name('workers'), { value: workers, unit: '' }, runtime);
  bench.figure(name('beside'), figureOf(others, 'cores'), runtime);
}

async function measure(bench: Bench): Promise<void> {
  const workers = Math.max(2, Math.min(4, bench.cores));
  bench.plan(bench.runtimes.map(({ info }) => ({ label: `${info.title}: a stack of frames, ${workers} workers`, seconds: bench.quick ? 5 : 60 })));
  for (const runtime of bench.runtimes) {
    bench.step();
    await bench.row(runtime, () => measureRuntime(bench, runtime, workers));
  }
}

function judge(evidence: Evidence): Judgement {
  const { figures, cores } = evidence;
  const gain = (key: string) => figures[`${key}.gain`]?.value;
  const threads = gain('cpythonThreads');
  const rows = apart.flatMap(({ key, title }) => {
    const value = gain(key);
    return value === undefined ? [] : [{ key, title, value, moved: figures[`${key}.moved`]?.value ?? 0 }];
  });
  const absent = apart.filter(({ key }) => gain(key) === undefined).map(({ key, title }) => whyAbsent(key, title, evidence)).filter((why) => !why.endsWith('was not chosen.'));
  const none = (reason: string) => judgementOf([{ claim: 15, verdict: 'not measurable here', reason }], absent);
  if (threads === undefined) return none(whyAbsent('cpythonThreads', 'NumPy in threads', evidence));
  const best = [...rows].sort((a, b) => b.value - a.value)[0];
  if (!best) return none(absent.join(' ') || 'Neither processes nor dask nor MPI were chosen.');
  const said = `Against serial, threads are ${threads.toFixed(2)} times as fast; ${rows.map(({ title, value, moved }) => `${title} ${value.toFixed(2)} (${moved.toFixed(0)} MB moved)`).join(', ')}.`;
  const wrong = [{ key: 'cpythonThreads', title: 'threads' }, ...rows].filter(({ key }) => (figures[`${key}.difference`]?.value ?? 0) > equal);
  const claim = ((): ClaimVerdict => {
    if (cores < 2) return { claim: 15, verdict: 'not measurable here', reason: `${said} With one core nothing can run in parallel.` };
    if (wrong.length > 0) return { claim: 15, verdict: 'fails', reason: `${said} The results of ${wrong.map(({ title }) => title).join(', ')} differ from serial ones.` };
    const beside = Math.max(0, ...Object.entries(figures).filter(([name]) => name.endsWith('.beside')).map(([, figure]) => figure.value));
    const unclear = beside > busy && (figures['cpythonThreads.gain']?.spread ?? 0) > noisy * threads;
    if (threads >= scales && !unclear) return { claim: 15, verdict: 'fails', reason: `${said} NumPy lets go of the GIL within its loops, so that threads do gain here; work in Python statements (experiment "One thread against two") does not.` };
    if (threads <= scalesNot && best.value >= scales) return { claim: 15, verdict: 'holds', reason: said };
    if (beside > busy || threads > scalesNot) return { claim: 15, verdict: 'not measurable here', reason: `${said} Too close or too busy to judge: run it again, in full, when the machine is quiet.` };
    return { claim: 15, verdict: 'fails', reason: `${said} None of them gains enough to pay for what it moves.` };
  })();
  return judgementOf([claim], absent);
}

export const hpc: Experiment = {
  id: 'hpc',
  title: 'A stack of frames',
  question: 'What do threads, processes, dask and MPI gain on a real reduction, and how many bytes do they move for it?',
  claim: 'Computing in parallel on EPICS data needs multiprocessing, dask or MPI; Python threading is the wrong tool.',
  claims: [15],
  method: 'Azimuthal integration with NumPy, outliers left out in four rounds, of 48 frames of 1024 x 1024 pixels (quick: 12 of 512 x 512), by as many workers as cores, four at most. The frames are in the program and the curves come back to it; '
    + 'workers are started before the clock. Gain is the time of the same work one after the other, in the same process right afterwards, against it; five repeats (quick: three). Bytes moved are the frames and curves that go from one process to another. '
    + `It holds where threads gain at most ${scalesNot} and one of the others at least ${scales}; results must be equal to ${equal}.`,
  accepts: ({ info }) => ids.includes(info.id),
  also: ['cpython-dask', 'cpython-mpi'],
  subject: 'cpython-threads',
  program: 'hpc',
  measure,
  judge,
};
