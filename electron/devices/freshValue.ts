// Values that were measured after a moment. The order is the server's own: a record that has another time stamp in a get than in the get
// before was processed between the two. When an update arrives here, and what our clock says then, proves nothing: after a program was held
// up, updates of before the moment come after it.
import type { PvState, Timestamp } from '@shared/pv';
import { isLater, isSameTime, type PvHandle } from './pvHandle';

/** Milliseconds: a PV that updates by itself more slowly is taken as it is. */
const longestPeriod = 2500;
/** Milliseconds for updates that are on their way, where the server has a newer value than we heard of. */
const catchUp = 50;

/** `isNew`: the record was processed after the call; else its value is what it holds when all the time is over. */
export interface Fresh { readonly state: PvState; readonly isNew: boolean }

/**
 * Waits for the record's next processing. An update tells when to look; where none comes (a dead band keeps it), it is looked every
 * `lookEvery` milliseconds, and at the end of `milliseconds`. `before`: what a get after the moment gave. Errors: `DisconnectedError`, `InterruptedError`.
 */
export async function valueAfter(handle: PvHandle, milliseconds: number, lookEvery: number, signal: AbortSignal, before?: PvState): Promise<Fresh> {
  const { timestamp: known } = before ?? await handle.get(signal);
  const end = performance.now() + milliseconds;
  for (let heard = known; ;) {
    // Timers count whole milliseconds.
    const wait = Math.max(0, Math.ceil(Math.min(lookEvery, end - performance.now())));
    const update = await handle.until(({ timestamp }) => isLater(timestamp, known) && !isSameTime(timestamp, heard), wait, signal);
    heard = update?.timestamp ?? heard;
    const isDue = performance.now() >= end;
    const state = await handle.get(signal);
    const isNew = !isSameTime(state.timestamp, known);
    if (isNew || isDue) return { state, isNew };
  }
}

/** A PV of which only its updates tell whether and how often it is measured. */
export class SelfUpdating {
  /** The time of the value after which nothing came when something was due. */
  #still: Timestamp | null = null;

  constructor(private readonly handle: PvHandle) {}

  /** Of one that updates by itself, a value of after the call; of any other what it holds. Errors: `DisconnectedError`, `InterruptedError`. */
  async value(signal: AbortSignal): Promise<PvState> {
    const { handle } = this;
    const now = await handle.get(signal);
    const { timestamp } = now;
    if (isLater(timestamp, handle.state.timestamp)) await handle.until((state) => !isLater(timestamp, state.timestamp), catchUp, signal);
    const { period } = handle;
    if (period === null || period > longestPeriod || (timestamp !== null && isSameTime(timestamp, this.#still))) return now;
    const { state, isNew } = await valueAfter(handle, 1.5 * period + 50, Infinity, signal, now);
    this.#still = isNew ? null : state.timestamp;
    return state;
  }
}
