// The queue on disk: one JSON file. A damaged one is put aside, never overwritten.
import { promises as fs } from 'node:fs';
import { checkPlan } from '@shared/plans';
import type { QueueEnded, QueueItem, QueueState } from '@shared/queue';
import { writeWhole } from '../../files/writeWhole';

const version = 1;

export const emptyQueue: QueueState = { items: [], express: [], running: null, state: 'idle', loop: false, lock: null, halted: null, history: [] };

export interface LoadedQueue { readonly state: QueueState; /** What the user is to know; null where all is well. */ readonly problem: string | null }

/** Never fails: where nothing can be read the queue is empty, and `problem` says where the old file is. */
export async function loadQueue(path: string): Promise<LoadedQueue> {
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { state: emptyQueue, problem: code === 'ENOENT' ? null : `The queue was not read from ${path}: ${message}. It begins empty; mend the file's permissions and start again.` };
  }
  try {
    return { state: restored(JSON.parse(text)), problem: null };
  } catch {
    const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    const kept = await fs.rename(path, aside).then(() => `It is kept as ${aside}.`, () => 'It could not be put aside.');
    return { state: emptyQueue, problem: `The queue's file ${path} is damaged; the queue begins empty. ${kept}` };
  }
}

/** Errors: those of the system. */
export function saveQueue(path: string, state: QueueState): Promise<void> {
  return writeWhole(path, `${JSON.stringify({ version, ...state })}\n`);
}

/** As it was, but at rest: what ran when the program ended waits again, with the reason. */
function restored(value: unknown): QueueState {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== version) throw new Error('not a queue');
  const saved = { ...emptyQueue, ...(value as Partial<QueueState>) };
  if (![saved.items, saved.express, saved.history].every(Array.isArray)) throw new Error('not a queue');
  const begun = saved.running ? [{ ...saved.running, trouble: 'Endstation ended while this ran. Its run is in Runs, as interrupted: resume it there and remove this, or run this anew.' }] : [];
  const items = [...begun, ...saved.express, ...saved.items].map(checkedItem);
  const wasRunning = saved.state !== 'idle' || saved.running !== null;
  return {
    items, express: [], running: null, state: 'idle', loop: saved.loop === true, lock: saved.lock ?? null, history: saved.history.filter(isEnded),
    halted: wasRunning && items.length > 0 ? 'Endstation was started anew while the queue ran. It goes on when you start it.' : saved.halted ?? null,
  };
}

/** A plan whose schema changed since then stays, with what is wrong with it. */
function checkedItem(item: QueueItem): QueueItem {
  if (typeof item?.id !== 'string' || typeof item.request?.plan !== 'string') throw new Error('not a queue item');
  const checked = checkPlan(item.request.plan, item.request.args);
  return checked.ok ? { ...item, request: checked.request } : { ...item, trouble: checked.problems.map((problem) => problem.message).join(' ') };
}

function isEnded(value: QueueEnded): boolean {
  return typeof value?.id === 'string' && typeof value.result === 'string' && typeof value.request?.plan === 'string';
}
