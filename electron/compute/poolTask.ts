// A job as the pool keeps it until it has ended, and the line in which those wait that have not begun.
import type { ComputeError } from './computeError';
import type { PoolJobName } from './jobs/registry';

export type Priority = 'interactive' | 'normal' | 'background';
const rank: Readonly<Record<Priority, number>> = { interactive: 0, normal: 1, background: 2 };

/** What the caller of a job may say. */
export interface JobOptions {
  /** Default `normal`. What a user waits for is `interactive`. */
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  /** Called when it leaves the queue. */
  readonly onStart?: () => void;
  /** 0..1 of the work, as the job says it. */
  readonly onProgress?: (done: number) => void;
  /** Keep the input's arrays: they are copied. Otherwise they are handed over, and may be empty for the caller afterwards. */
  readonly keepInput?: boolean;
}

export interface PoolTask {
  readonly job: PoolJobName;
  /** Makes the input when its turn has come: of a large one, only the parts under way are in memory. */
  readonly input: () => unknown;
  /** Its arrays are handed over, not copied. */
  readonly transfer: boolean;
  /** Short and small: several are sent to one worker at once, and it can be sent again where its worker is lost. */
  readonly light: boolean;
  readonly priority: Priority;
  readonly signal: AbortSignal | undefined;
  /** It stands in the line, for the first time or again. */
  onWait(): void;
  onStart(): void;
  onProgress(done: number): void;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

export class TaskLine {
  readonly #lines: PoolTask[][] = [[], [], []];
  readonly #heads = [0, 0, 0];
  readonly #left = new Set<PoolTask>();
  length = 0;

  push(task: PoolTask): void {
    task.onWait();
    this.#lines[rank[task.priority]]!.push(task);
    this.length += 1;
  }

  /** Before all others of its priority: it had begun already. */
  pushBack(task: PoolTask): void {
    const at = rank[task.priority];
    task.onWait();
    this.#lines[at]!.splice(this.#heads[at]!, 0, task);
    this.length += 1;
  }

  /** The most urgent one that waits longest; it stays. */
  peek(): PoolTask | undefined {
    for (const [at, line] of this.#lines.entries()) {
      let task = line[this.#heads[at]!];
      while (task && this.#left.delete(task)) task = line[++this.#heads[at]!];
      if (task) return task;
      line.length = 0;
      this.#heads[at] = 0;
    }
    return undefined;
  }

  shift(): PoolTask | undefined {
    const task = this.peek();
    if (!task) return undefined;
    const at = rank[task.priority];
    this.#heads[at] = this.#heads[at]! + 1;
    this.length -= 1;
    const line = this.#lines[at]!;
    if (this.#heads[at] > 1000) {
      line.splice(0, this.#heads[at]);
      this.#heads[at] = 0;
    }
    return task;
  }

  leave(task: PoolTask): void {
    this.#left.add(task);
    this.length -= 1;
  }

  /** Refuses all that wait. */
  close(error: () => ComputeError): void {
    for (let task = this.shift(); task; task = this.shift()) task.reject(error());
  }
}
