// What can be done to the queue, as pure functions from state to state.
import { EndstationError } from '@shared/errors';
import type { QueueEnded, QueueItem, QueueState } from '@shared/queue';

/** Entries of the history that are kept. */
const longestHistory = 200;
const mostItems = 1000;

function indexOf(state: QueueState, id: string): number {
  const index = state.items.findIndex((item) => item.id === id);
  if (index < 0) throw new EndstationError('QUEUE_NO_ITEM', 'That plan is not in the queue any more: it runs, was run, or was removed.');
  return index;
}

const inserted = <T>(items: readonly T[], item: T, at: number): T[] => [...items.slice(0, at), item, ...items.slice(at)];

/** `at`: its place from 0; left out: the end. Errors: `QUEUE_FULL`. */
export function insert(state: QueueState, item: QueueItem, at = state.items.length): QueueState {
  if (state.items.length >= mostItems) throw new EndstationError('QUEUE_FULL', `The queue holds at most ${mostItems} plans. Remove some first.`);
  return { ...state, items: inserted(state.items, item, at) };
}

export function replace(state: QueueState, id: string, change: Partial<QueueItem>): QueueState {
  const index = indexOf(state, id);
  return { ...state, items: state.items.map((item, at) => (at === index ? { ...item, ...change } : item)) };
}

export function remove(state: QueueState, ids: readonly string[]): QueueState {
  for (const id of ids) indexOf(state, id);
  return { ...state, items: state.items.filter((item) => !ids.includes(item.id)) };
}

/** `to`: the place that it has afterwards, from 0; beyond the end is the end. */
export function move(state: QueueState, id: string, to: number): QueueState {
  const index = indexOf(state, id);
  const item = state.items[index];
  if (!item) return state;
  return { ...state, items: inserted(state.items.filter((_, at) => at !== index), item, to) };
}

/** The copy comes right after it. */
export function duplicate(state: QueueState, id: string, own: Pick<QueueItem, 'id' | 'addedBy' | 'addedAt'>): QueueState {
  const index = indexOf(state, id);
  const item = state.items[index];
  return item ? insert(state, { ...item, ...own, trouble: null }, index + 1) : state;
}

/** An item of the queue (by its id), or one that is in no queue, is to run before all others. */
export function express(state: QueueState, wanted: string | QueueItem): QueueState {
  if (typeof wanted !== 'string') return { ...state, express: [...state.express, wanted] };
  const item = state.items[indexOf(state, wanted)];
  return item ? { ...remove(state, [wanted]), express: [...state.express, item] } : state;
}

/** Takes the next to run, where there is one; a queue that is worked off comes to rest. */
export function take(state: QueueState): QueueState {
  const [first, ...rest] = state.express;
  if (first) return { ...state, express: rest, running: first };
  const [next, ...items] = state.items;
  if (state.state !== 'running') return state;
  return next ? { ...state, items, running: next } : { ...state, state: 'idle' };
}

/** Back to where it was taken from. */
export function putBack(state: QueueState, item: QueueItem, isExpress: boolean, trouble: string | null): QueueState {
  const again = { ...item, trouble };
  return isExpress ? { ...state, running: null, express: [again, ...state.express] } : { ...state, running: null, items: [again, ...state.items] };
}

/**
 * What ended well is history, and with `loop` waits at the end again. What failed, was aborted or refused waits at the front with its reason, and
 * the queue rests; Stop by the user lets the queue rest too. What ran apart from the queue changes nothing of it, but an abort (STOP) does.
 */
export function end(state: QueueState, item: QueueItem, ended: QueueEnded, isExpress: boolean): QueueState {
  const history = [ended, ...state.history].slice(0, longestHistory);
  const base: QueueState = { ...state, running: null, history };
  if (ended.result === 'success') {
    const again = state.loop && !isExpress ? [...state.items, { ...item, trouble: null }] : state.items;
    const isOver = state.state === 'finishing' || again.length === 0;
    return { ...base, items: again, state: isOver && !isExpress ? 'idle' : state.state };
  }
  const rests = state.state === 'idle' ? state.halted : haltReason(ended);
  if (isExpress) return ended.result === 'abort' ? { ...base, express: [], items: [...state.express, ...state.items], state: 'idle', halted: rests } : base;
  const items = ended.result === 'stopped' ? state.items : [{ ...item, trouble: ended.reason }, ...state.items];
  return { ...base, items, state: 'idle', halted: rests };
}

function haltReason({ title, result, reason }: QueueEnded): string {
  const what = { stopped: 'was stopped', abort: 'was aborted', fail: 'failed', refused: 'was not started', success: 'ended' }[result];
  return `The queue rests: ${title} ${what}${reason ? `: ${reason}` : '.'} ${result === 'stopped' ? 'It goes on with the next plan when you start it.' : 'Mend it, or remove that plan; then start the queue.'}`;
}
