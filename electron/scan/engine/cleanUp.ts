// The end of a plan, whatever ended it: motors stopped, devices unstaged, the run closed; each step has its limit.
import type { CommandName } from '@shared/messages';
import { abortable } from '../../devices/abortable';
import { toldLeft } from './changedSettings';
import { carryOut } from './commandTable';
import { limitedSignal, within } from './limits';
import type { PlanRunner } from './planRunner';
import type { Session } from './session';
import { stopDevices } from './stopDevices';

export interface Ending { readonly kind: 'done' | 'stop' | 'abort' | 'halt' | 'fail'; readonly status: 'success' | 'abort' | 'fail'; readonly reason: string }

/** Milliseconds for each step. Those of an abort add up to less than one second. */
const limits = {
  done: { stop: 0, plan: 0, unstage: 5000, close: Infinity },
  stop: { stop: 1000, plan: 10_000, unstage: 5000, close: 10_000 },
  fail: { stop: 1000, plan: 10_000, unstage: 5000, close: 10_000 },
  abort: { stop: 250, plan: 100, unstage: 100, close: 250 },
  halt: { stop: 250, plan: 0, unstage: 100, close: 250 },
} as const;

/** Gives what went wrong, as sentences. `onCleaning` gets the means to hurry it, as an abort during a slow end does. */
export async function cleanUp(session: Session, plan: PlanRunner, ending: Ending, onCleaning: (cleaning: { abort(): void }) => void): Promise<string[]> {
  const limit = limits[ending.kind];
  const problems: string[] = [];
  const hurry = new AbortController();
  onCleaning({ abort: () => hurry.abort() });
  const unlessHurried = (promise: Promise<unknown>): Promise<unknown> => abortable(promise, hurry.signal, 'Cleaning up').catch(() => undefined);
  if (ending.kind !== 'done') {
    // No detector is told to count any more.
    session.flight?.hold();
    const { failed } = await stopDevices(session.stoppable, session.context.writer, limit.stop);
    if (failed.length > 0) problems.push(`${failed.join(', ')} could not be stopped: look at ${failed.length === 1 ? 'it' : 'them'}.`);
    session.actions.clear();
    if (ending.kind !== 'halt') await endPlan(session, plan, ending.kind, limit.plan, hurry.signal);
  }
  session.flight?.dispose();
  const putBack = putAllBack(session, limit.unstage, hurry.signal);
  if (ending.kind !== 'halt') await unlessHurried(unstageAll(session, limit.unstage));
  await putBack;
  problems.push(...session.settings.left(session), ...session.changedByStaging.flatMap((change) => toldLeft(change, session, ending.kind === 'halt' ? 'the scan was halted.' : undefined) ?? []));
  if (!session.run) return problems;
  const { file } = session.run;
  if (!session.run.stopped && (ending.kind === 'stop' || ending.kind === 'fail')) await unlessHurried(within(closingBaseline(session, limit.stop), limit.stop));
  session.stopRun(ending.status, ending.reason);
  const closing = file.close(limit.close);
  await unlessHurried(within(closing, limit.close + 50));
  if (hurry.signal.aborted) await within(file.close(limits.abort.close), limits.abort.close + 50);
  if (file.pending > 0) problems.push('The end of the run could not be written to disk: it will be listed as interrupted, with all points that were shown.');
  session.run = null;
  return problems;
}

/** Not of a plan's end after an abort: then nothing is set in motion any more. */
const motions: ReadonlySet<CommandName> = new Set<CommandName>(['set', 'trigger', 'stage']);

/**
 * Lets the plan's own `finally` parts act, each step within the limit. Only what it moves back takes its time, until an abort hurries it;
 * what then still moves is stopped.
 */
async function endPlan(session: Session, plan: PlanRunner, kind: Ending['kind'], milliseconds: number, hurry: AbortSignal): Promise<void> {
  const over = new AbortController();
  const giveUp = (): void => over.abort();
  hurry.addEventListener('abort', giveUp, { once: true });
  if (hurry.aborted) giveUp();
  const whole = kind === 'abort' ? setTimeout(giveUp, milliseconds) : undefined;
  const { signal } = over;
  session.context = { ...session.context, signal };
  const inTime = async <T>(promise: Promise<T>, what: string): Promise<T> => {
    const limit = limitedSignal(milliseconds);
    return abortable(abortable(promise, limit.signal, what), signal, what).finally(limit.end);
  };
  try {
    plan.end();
    for (;;) {
      const message = await inTime(Promise.resolve(plan.next(signal)), 'The plan');
      if (message === null || signal.aborted) return;
      if (message.command === 'pause' || message.command === 'open_run' || message.command === 'close_run') continue;
      if (kind === 'abort' && motions.has(message.command)) continue;
      const what = `\`${message.command}\``;
      const done = Promise.resolve(carryOut(message, session));
      await (message.command === 'wait' ? abortable(done, signal, what) : inTime(done, what));
    }
  } catch {
    // The plan's own cleaning failed or took too long: the engine's follows in any case.
  } finally {
    clearTimeout(whole);
    hurry.removeEventListener('abort', giveUp);
    const { busy } = session.actions;
    giveUp();
    if (busy.length > 0) await stopDevices(busy, session.context.writer, limits.abort.stop);
    session.actions.clear();
  }
}

async function closingBaseline(session: Session, milliseconds: number): Promise<void> {
  const limit = limitedSignal(milliseconds);
  session.context = { ...session.context, signal: limit.signal };
  await session.closing().finally(limit.end);
}

/** Never fails. Once it is hurried, it has as long as an abort gives it. */
async function putAllBack(session: Session, milliseconds: number, hurry: AbortSignal): Promise<void> {
  if (session.settings.none) return;
  const limit = limitedSignal(milliseconds);
  const hurried = (): void => { setTimeout(limit.abort, limits.abort.unstage); };
  if (hurry.aborted) hurried();
  else hurry.addEventListener('abort', hurried, { once: true });
  // Of the session too: a device that the plan had not used yet is looked for with it.
  session.context = { ...session.context, signal: limit.signal };
  await within(abortable(session.settings.putBack(session, session.context), limit.signal, 'Putting settings back'), milliseconds);
  limit.end();
}

async function unstageAll(session: Session, milliseconds: number): Promise<void> {
  const limit = limitedSignal(milliseconds);
  session.context = { ...session.context, signal: limit.signal };
  await Promise.all([...session.staged].map((device) => within(session.unstage(device), milliseconds)));
  limit.end();
}
