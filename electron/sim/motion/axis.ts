// One simulated axis: follows trajectories in simulated time and tells where it is while it moves and once it rests.
import type { Scheduled, SimClock } from '../simClock';
import { Trajectory } from './trajectory';

export interface AxisOptions {
  clock: SimClock;
  position: number;
  /** Units per second. */
  speed: number;
  /** Seconds from rest to `speed` (the motor record's ACCL). */
  accelerationTime: number;
  /** Each `updatePeriod` while moving. */
  onMove?: () => void;
  /** Once at rest, before the promises of `moveTo` resolve. */
  onRest: () => void;
}

/** Seconds between two readbacks of a moving axis. */
const updatePeriod = 0.1;

export class Axis {
  speed: number;
  accelerationTime: number;
  private path: Trajectory | null = null;
  private pathStart = 0;
  private restPosition: number;
  private tasks: Scheduled[] = [];
  private waiting: (() => void)[] = [];

  constructor(private readonly options: AxisOptions) {
    this.restPosition = options.position;
    this.speed = options.speed;
    this.accelerationTime = options.accelerationTime;
  }

  get moving(): boolean {
    return this.path !== null;
  }

  get position(): number {
    return this.state.position;
  }

  /** Units per second, signed. */
  get velocity(): number {
    return this.state.velocity;
  }

  /** Where it will come to rest. */
  get target(): number {
    return this.path?.target ?? this.restPosition;
  }

  /** Starts or redirects a move; resolves when the axis rests, wherever that is. */
  moveTo(target: number): Promise<void> {
    this.follow(Trajectory.toTarget(this.position, this.velocity, target, this.limits));
    return this.whenAtRest();
  }

  /** Brakes; resolves when the axis rests. */
  stop(): Promise<void> {
    if (!this.moving) return Promise.resolve();
    this.follow(Trajectory.toRest(this.position, this.velocity, this.limits));
    return this.whenAtRest();
  }

  whenAtRest(): Promise<void> {
    return this.moving ? new Promise((resolve) => void this.waiting.push(resolve)) : Promise.resolve();
  }

  private get limits(): { speed: number; acceleration: number } {
    return { speed: this.speed, acceleration: this.speed / Math.max(this.accelerationTime, 1e-3) };
  }

  private get state(): { position: number; velocity: number } {
    if (!this.path) return { position: this.restPosition, velocity: 0 };
    return this.path.at(this.options.clock.now - this.pathStart);
  }

  private follow(path: Trajectory): void {
    const { clock, onMove } = this.options;
    this.cancelTasks();
    this.path = path;
    this.pathStart = clock.now;
    if (onMove) this.tasks.push(clock.every(updatePeriod, onMove));
    this.tasks.push(clock.after(path.duration, () => this.rest(path)));
  }

  private rest(path: Trajectory): void {
    this.cancelTasks();
    this.restPosition = path.target;
    this.path = null;
    this.options.onRest();
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  private cancelTasks(): void {
    for (const task of this.tasks) task.cancel();
    this.tasks = [];
  }
}
