// The queue of plans: what waits, what runs, what was run. Kept on disk; it goes on after a restart only when told to.
import type { PlanRequest } from './plans';

export interface QueueItem {
  readonly id: string;
  readonly request: PlanRequest;
  /** e.g. `scan SIM:M1`. */
  readonly title: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly addedBy: string;
  /** ISO 8601 with zone. */
  readonly addedAt: string;
  /** Why it waits again after it was begun; null: it was not begun yet. */
  readonly trouble: string | null;
}

/** `refused`: the preflight found errors, nothing moved. `stopped`: ended early by Stop, its points kept as a success. */
export type QueueResult = 'success' | 'stopped' | 'abort' | 'fail' | 'refused';

export interface QueueEnded {
  readonly id: string;
  readonly request: PlanRequest;
  readonly title: string;
  /** The run; null where none was opened. */
  readonly uid: string | null;
  readonly result: QueueResult;
  readonly reason: string;
  readonly points: number;
  /** ISO 8601 with zone. */
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface QueueState {
  readonly items: readonly QueueItem[];
  /** Runs before the next item, and leaves the queue as it is. */
  readonly express: readonly QueueItem[];
  readonly running: QueueItem | null;
  /** `finishing`: ends with the item that runs. */
  readonly state: 'idle' | 'running' | 'finishing';
  /** What ended well goes to the end of the queue again. */
  readonly loop: boolean;
  /** While set nothing of the queue can be changed. */
  readonly lock: { readonly by: string; readonly note: string; readonly since: string } | null;
  /** Why it stopped by itself; null where it did not. */
  readonly halted: string | null;
  /** The newest first, at most 200. */
  readonly history: readonly QueueEnded[];
}

/** What a preflight says of an item now. */
export interface QueueCheck {
  readonly id: string;
  readonly ok: boolean;
  /** The errors; empty where it can run. */
  readonly problem: string;
  /** Seconds and points, estimated; null where they can't be known. */
  readonly duration: number | null;
  readonly points: number | null;
}
