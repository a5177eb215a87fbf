// Runs functions of users in a process beside this worker; the process is kept for the next one, and ends with the worker.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { UserFunctionInput, UserValue } from '@shared/compute';
import { fromErrorData } from '@shared/errors';
import { ComputeError } from '../computeError';
import type { FunctionAnswer, FunctionLimits, FunctionOrder } from './functionMessages';

export interface FunctionContext {
  /** Folder of the built files. */
  readonly folder: string;
  readonly limits: FunctionLimits;
  readonly cancelled: boolean;
}

/** Milliseconds between two looks whether it is cancelled. */
const pace = 5;
const keptErrors = 4000;
/** What V8 says last where it finds no memory. */
const outOfMemory = /out of memory|allocation failed|oom/i;

let kept: ChildProcess | null = null;
const lives = ({ exitCode, signalCode, connected }: ChildProcess): boolean => exitCode === null && signalCode === null && connected;

/** Rejects with what `userFunction` throws, and with MEMORY_LIMIT, WORKER_CRASHED and JOB_CANCELLED; each of these three has ended the process. */
export async function runFunction(input: UserFunctionInput, context: FunctionContext): Promise<UserValue> {
  for (;;) {
    const old = kept && lives(kept) ? kept : null;
    kept = null;
    const child = old ?? start(context.folder);
    const end = await ask(child, { input, limits: context.limits }, context);
    // One that had nothing to do may have ended meanwhile.
    if (end !== 'gone' || !old) return outcome(end, child, context.limits);
  }
}

function start(folder: string): ChildProcess {
  const child = fork(join(folder, 'functionWorker.cjs'), [], {
    // Electron is a Node then.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // How it ends is what counts.
  child.on('error', () => undefined);
  return child;
}

type End = Exclude<FunctionAnswer, { kind: 'began' }> | 'gone' | 'cancelled' | { readonly kind: 'ended'; readonly how: string; readonly said: string };

function ask(child: ChildProcess, order: FunctionOrder, context: FunctionContext): Promise<End> {
  return new Promise((resolve) => {
    let began = false;
    let said = '';
    const hear = (text: Buffer) => { said = (said + text.toString()).slice(-keptErrors); };
    const settle = (end: End) => {
      clearInterval(looking);
      child.removeAllListeners('message').removeAllListeners('close');
      child.stderr?.removeListener('data', hear);
      resolve(end);
    };
    const looking = setInterval(() => {
      if (!context.cancelled) return;
      child.kill('SIGKILL');
      settle('cancelled');
    }, pace);
    child.stderr?.on('data', hear);
    child.once('close', (code, by) => settle(began ? { kind: 'ended', how: by ?? `code ${String(code)}`, said } : 'gone'));
    child.on('message', (answer: FunctionAnswer) => {
      if (answer.kind === 'began') began = true;
      else settle(answer);
    });
    child.send(order, (error) => { if (error) child.kill('SIGKILL'); });
  });
}

function outcome(end: End, child: ChildProcess, { heap, all }: FunctionLimits): UserValue {
  if (end === 'cancelled') throw new ComputeError('JOB_CANCELLED', 'userFunction was cancelled.');
  if (end === 'gone') throw new ComputeError('WORKER_CRASHED', 'userFunction was not started: a process for it could not be started. Close other programs, then try again.');
  if (end.kind === 'ended' && !outOfMemory.test(end.said)) {
    throw new ComputeError('WORKER_CRASHED', `userFunction failed: its process was ended by ${end.how}. Other jobs go on. Try it again, with less data if it ran out of memory.`);
  }
  if (end.kind === 'ended' || end.kind === 'memory') {
    throw new ComputeError('MEMORY_LIMIT', `userFunction was ended: it reached its limit of ${heap} MB of memory, or of ${all} MB with its arrays of numbers. Other jobs go on. Give it less data at once, or a function that keeps less.`);
  }
  kept = child;
  if (end.kind === 'failed') throw fromErrorData(end.error);
  return whole(end.output);
}

/** With arrays of their own, which can be handed on: what came is a view on one message. */
function whole(value: UserValue): UserValue {
  if (value instanceof Float64Array) return value.slice();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(whole);
  return Object.fromEntries(Object.entries(value).map(([name, member]: [string, UserValue]) => [name, whole(member)]));
}
