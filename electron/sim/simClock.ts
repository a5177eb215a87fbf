// Simulated time: a queue of tasks that runs only when told how late it is. PURE: the shell passes the time in.

export interface Scheduled { cancel(): void }

interface Task { due: number; order: number; run: () => void; cancelled: boolean }

export class SimClock {
  private time = 0;
  private order = 0;
  private readonly tasks: Task[] = [];

  /** Seconds since the simulation began. Within a task: the moment for which it was due. */
  get now(): number {
    return this.time;
  }

  /** When the next task is due, in seconds; Infinity when there is none. */
  get nextDue(): number {
    return this.tasks[0]?.due ?? Infinity;
  }

  /** Runs `run` at `due` seconds, never before now. Tasks of the same moment run in the order of their making. */
  at(due: number, run: () => void): Scheduled {
    const task: Task = { due: Math.max(due, this.time), order: this.order++, run, cancelled: false };
    let index = this.tasks.length;
    while (index > 0 && this.tasks[index - 1]!.due > task.due) index--;
    this.tasks.splice(index, 0, task);
    return {
      cancel: () => {
        if (task.cancelled) return;
        task.cancelled = true;
        const position = this.tasks.indexOf(task);
        if (position >= 0) this.tasks.splice(position, 1);
      },
    };
  }

  after(seconds: number, run: () => void): Scheduled {
    return this.at(this.time + seconds, run);
  }

  /** Runs `run` each `period` seconds, first after one period. */
  every(period: number, run: () => void): Scheduled {
    let stopped = false;
    const repeat = (): void => {
      const due = this.time;
      run();
      if (!stopped) next = this.at(due + period, repeat);
    };
    let next = this.after(period, repeat);
    return {
      cancel: () => {
        stopped = true;
        next.cancel();
      },
    };
  }

  /** Resolves after so many simulated seconds. */
  delay(seconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(seconds, resolve));
  }

  /** Moves time on to `to` seconds and runs what became due, in order. */
  advance(to: number): void {
    for (let task = this.tasks[0]; task && task.due <= to; task = this.tasks[0]) {
      this.tasks.shift();
      task.cancelled = true;
      this.time = task.due;
      task.run();
    }
    this.time = Math.max(this.time, to);
  }
}
