// The application itself: how late its host comes back to its events while a job runs on its thread, in a worker, in a process.
import { numberOf, numbersOf } from '../programLine';
import { quantile } from '../statistics';
import { coresInUse } from '../environment';
import { quantileOfBlocks } from './blocks';
import { whyAbsent, type Bench, type Evidence, type Experiment, type Judgement } from './experiment';

const modes = [
  { mode: 'idle', title: 'no job' }, { mode: 'main', title: 'the job on its own thread' },
  { mode: 'worker', title: 'the job in a worker' }, { mode: 'process', title: 'the job in a process' },
] as const;
/** Milliseconds of a frame at 60 a second. */
const frame = 1000 / 60;
/** Cores in use by other programs from which on a late frame says nothing. */
const busy = 0.5;

async function measure(bench: Bench): Promise<void> {
  const seconds = bench.quick ? 2 : 10;
  bench.plan(modes.map(({ title }) => ({ label: `A host of the application: ${title}`, seconds: seconds + 0.8 })));
  for (const runtime of bench.runtimes) {
    for (const { mode } of modes) {
      bench.step();
      await bench.row(runtime, async () => {
        const inUse = coresInUse();
        const line = await bench.run(runtime, 'ui', [mode, seconds]);
        const delays = numbersOf(line, 'delays');
        const name = (part: string) => `${runtime.info.key}.${mode}.${part}`;
        bench.figure(name('p50'), quantileOfBlocks(delays, 0.5, 'ms late'), runtime);
        bench.figure(name('p99'), quantileOfBlocks(delays, 0.99, 'ms late'), runtime);
        bench.figure(name('longest'), { value: quantile(delays, 1), unit: 'ms late' }, runtime);
        const drawn = delays.filter((delay) => delay < frame).length;
        bench.figure(name('dropped'), { value: Math.max(0, 100 * (1 - drawn / numberOf(line, 'frames'))), unit: '% of frames' }, runtime);
        bench.figure(name('others'), { value: Math.max(0, inUse() - (mode === 'idle' ? 0 : 1)), unit: 'cores' }, runtime);
      });
    }
  }
}

function judge(evidence: Evidence): Judgement {
  const at = (name: string) => evidence.figures[`nodeMain.${name}`]?.value;
  const [idle, main, worker, apart] = modes.map(({ mode }) => at(`${mode}.dropped`));
  if (idle === undefined || main === undefined || worker === undefined || apart === undefined) {
    return { verdict: 'not measurable here', reason: whyAbsent('nodeMain', 'The application\'s host', evidence), claims: [], warnings: [] };
  }
  const reason = `Of 60 frames a second ${main.toFixed(0)} % are lost while the job runs on the thread of the events (up to ${(at('main.longest') ?? 0).toFixed(0)} ms late), `
    + `${worker.toFixed(1)} % with it in a worker, ${apart.toFixed(1)} % in a process, ${idle.toFixed(1)} % without a job.`;
  const small = 5;
  const others = Math.max(...modes.map(({ mode }) => at(`${mode}.others`) ?? 0));
  if (main >= 10 * small && Math.max(worker, apart) <= idle + small) return { verdict: 'holds', reason, claims: [], warnings: [] };
  if (others > busy) return { verdict: 'not measurable here', reason: `${reason} Other programs used up to ${others.toFixed(1)} cores: too busy to judge.`, claims: [], warnings: [] };
  return { verdict: 'fails', reason, claims: [], warnings: [] };
}

export const ui: Experiment = {
  id: 'ui',
  title: 'The application itself',
  question: 'Does the application come back to its events in time while it computes?',
  claim: 'Computing belongs in workers or processes: on the thread of the events it keeps the window from being drawn.',
  claims: [15],
  method: 'A host as the application\'s own, in a child process so that this window stays as it is, has to come back 60 times a second, for 10 s (quick: 2 s): without a job, with jobs of 150 rounds of primes on its own thread, '
    + 'with the same work in a worker, and in a process. A frame is lost when it comes a whole frame late. It holds where at least half of the frames are lost on its own thread, and in a worker and a process at most 5 % more than without a job. '
    + 'This is a claim of ours, not of the article.',
  accepts: ({ mode }) => mode === 'main',
  subject: 'node-main',
  program: 'ui',
  measure,
  judge,
};
