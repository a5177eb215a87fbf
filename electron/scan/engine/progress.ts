// How far a run is, and how long it will still take, measured from the points so far.
import type { RunStart } from '@shared/documents';
import type { EngineStatus } from '@shared/scan';

export class Progress {
  points = 0;
  #run: EngineStatus['run'] = null;
  #of: number | null = null;
  #startedAt: number | null = null;
  /** Milliseconds, without the pauses: until the last point, and the present stretch's beginning. */
  #active = 0;
  #since = 0;
  #atLastPoint = 0;

  begin(uid: string, request: { readonly planName: string; readonly title: string; readonly points: number | null }): void {
    this.points = 0;
    this.#of = request.points;
    this.#run = { uid, scanId: 0, plan: request.planName, title: request.title };
    this.#startedAt = Date.now();
    this.#active = 0;
    this.#atLastPoint = 0;
    this.#since = performance.now();
  }

  opened(start: RunStart): void {
    if (this.#run) this.#run = { ...this.#run, uid: start.uid, scanId: start.scan_id };
    this.#of = start.num_points ?? null;
    this.points = 0;
    this.#active = 0;
    this.#atLastPoint = 0;
    this.#since = performance.now();
  }

  point(): void {
    this.points += 1;
    this.#atLastPoint = this.#active + performance.now() - this.#since;
  }

  rest(): void {
    this.#active += performance.now() - this.#since;
  }

  resume(): void {
    this.#since = performance.now();
  }

  get status(): Pick<EngineStatus, 'run' | 'points' | 'of' | 'startedAt' | 'eta'> {
    const left = this.#of === null ? null : Math.max(0, this.#of - this.points);
    const eta = left === null || this.points === 0 ? null : (this.#atLastPoint / this.points) * left / 1000;
    return { run: this.#run, points: this.points, of: this.#of, startedAt: this.#startedAt, eta };
  }
}
