// Trapezoid motion: where an axis is at a time. PURE. Units: the axis's own, and seconds.

interface Segment { start: number; duration: number; position: number; velocity: number; acceleration: number }

export interface MotionLimits {
  /** Largest speed, > 0. */
  speed: number;
  /** Magnitude of acceleration and deceleration, > 0. */
  acceleration: number;
}

export class Trajectory {
  private readonly segments: Segment[] = [];
  private end: { position: number; velocity: number };
  /** Seconds from the start to rest. */
  duration = 0;

  private constructor(position: number, velocity: number) {
    this.end = { position, velocity };
  }

  /** From a position and velocity to rest at `target`; an axis that moves the wrong way or cannot stop in time first brakes. */
  static toTarget(position: number, velocity: number, target: number, { speed, acceleration }: MotionLimits): Trajectory {
    const path = new Trajectory(position, velocity);
    const overshoots = velocity !== 0 && (target - position) * Math.sign(velocity) < velocity ** 2 / (2 * acceleration);
    if (overshoots) path.changeVelocity(0, acceleration);
    const direction = Math.sign(target - path.end.position);
    if (direction === 0) return path;
    const distance = Math.abs(target - path.end.position);
    const initial = Math.abs(path.end.velocity);
    const peak = Math.min(speed, Math.sqrt(acceleration * distance + initial ** 2 / 2));
    path.changeVelocity(direction * peak, acceleration);
    const braking = peak ** 2 / (2 * acceleration);
    const cruise = Math.max(0, Math.abs(target - path.end.position) - braking);
    if (cruise > 0 && peak > 0) path.push(cruise / peak, 0);
    path.changeVelocity(0, acceleration);
    path.end.position = target;
    return path;
  }

  /** From a position and velocity to rest as soon as the deceleration allows. */
  static toRest(position: number, velocity: number, { acceleration }: MotionLimits): Trajectory {
    const path = new Trajectory(position, velocity);
    path.changeVelocity(0, acceleration);
    return path;
  }

  get target(): number {
    return this.end.position;
  }

  at(time: number): { position: number; velocity: number } {
    if (time >= this.duration) return this.end;
    const segment = this.segments.find(({ start, duration }) => time < start + duration);
    if (!segment) return this.end;
    const t = Math.max(0, time - segment.start);
    return {
      position: segment.position + segment.velocity * t + (segment.acceleration * t ** 2) / 2,
      velocity: segment.velocity + segment.acceleration * t,
    };
  }

  private changeVelocity(velocity: number, acceleration: number): void {
    const change = velocity - this.end.velocity;
    if (change !== 0) this.push(Math.abs(change) / acceleration, Math.sign(change) * acceleration);
    this.end.velocity = velocity;
  }

  private push(duration: number, acceleration: number): void {
    const { position, velocity } = this.end;
    this.segments.push({ start: this.duration, duration, position, velocity, acceleration });
    this.duration += duration;
    this.end = {
      position: position + velocity * duration + (acceleration * duration ** 2) / 2,
      velocity: velocity + acceleration * duration,
    };
  }
}
