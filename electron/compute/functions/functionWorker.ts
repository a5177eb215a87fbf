// A process in which functions of users run, one after the other: a heap that is full ends its whole process, and so it must not be the
// application's. Its first thread watches the memory; the function runs in the second one, which may be busy for ever.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { toErrorData } from '@shared/errors';
import { transferables } from '../transferables';
import type { FunctionAnswer, FunctionLimits, FunctionOrder } from './functionMessages';
import { userFunction } from './userFunction';

/** Milliseconds between two looks at the memory: in that time a few hundred megabytes can be filled. */
const pace = 10;
/** Milliseconds without a function after which the process ends. */
const idle = 30_000;
/** The part of its limit that may be left behind by a function for the next one. */
const litter = 0.25;

function watch(): void {
  let thread: Worker | null = null;
  let watching: ReturnType<typeof setInterval> | undefined;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  let [base, most, busy, ends] = [0, Infinity, false, false];
  const used = () => process.memoryUsage.rss() - base;
  const leave = () => process.kill(process.pid, 'SIGKILL');
  const tell = (answer: FunctionAnswer, then?: () => void) => { process.send?.(answer, undefined, undefined, then); };
  const rest = () => {
    busy = false;
    clearInterval(watching);
    leaving = setTimeout(leave, idle);
  };
  /** What comes after its answer is none to the next function. */
  const end = (answer: FunctionAnswer) => {
    clearInterval(watching);
    ends = true;
    if (busy) tell(answer, leave);
    else leave();
  };
  const begin = ({ heap }: FunctionLimits): Worker => {
    const made = new Worker(__filename, { workerData: { function: true }, resourceLimits: { maxOldGenerationSizeMb: heap } });
    made.on('message', (answer: FunctionAnswer) => {
      rest();
      ends = used() > litter * most;
      try {
        tell(answer, ends ? leave : undefined);
      } catch (error) {
        tell({ kind: 'failed', error: toErrorData(error) });
      }
    });
    made.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { kind: 'memory' } : { kind: 'failed', error: toErrorData(error) });
    });
    return made;
  };
  process.on('message', ({ input, limits }: FunctionOrder) => {
    if (ends) return;
    clearTimeout(leaving);
    most = limits.all * 1e6;
    if (!thread) base = process.memoryUsage.rss();
    thread ??= begin(limits);
    busy = true;
    watching = setInterval(() => { if (used() > most) end({ kind: 'memory' }); }, pace);
    tell({ kind: 'began' });
    thread.postMessage(input, transferables(input));
  });
  // Whoever wants the result is gone.
  process.on('disconnect', leave);
  rest();
}

function serve(): void {
  // A promise that fails after the function has returned concerns nobody: it must not end the thread, and the next function with it.
  process.on('unhandledRejection', () => undefined);
  const say = (answer: FunctionAnswer, output: unknown = null) => parentPort?.postMessage(answer, transferables(output));
  parentPort?.on('message', (input: FunctionOrder['input']) => {
    try {
      const output = userFunction(input);
      say({ kind: 'done', output }, output);
    } catch (error) {
      say({ kind: 'failed', error: toErrorData(error) });
    }
  });
}

if (!isMainThread && (workerData as { function?: true } | null)?.function) serve();
else if (isMainThread) watch();
