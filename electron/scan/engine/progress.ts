// How far a run is, and how long it will still take, measured from the points so far.
import type { RunStart } from '@shared/documents';
import type { EngineStatus } from '@shared/scan';

export class Progress {
  points = 0;
  /** Of them, those that were taken before the run was interrupted. */
  #before = 0;
  #run: EngineStatus['run'] = null;
  #of: number | null = null;
  #startedAt: number | null = null;
  /** Milliseconds, without the pauses: until the last point, and the present stretch's beginning. */
  #active = 0;
  #since = 0;
  #atLastPoint = 0;

  begin(uid: string, request: { readonly planName: string; readonly title: string; readonly points: number | null }): void {
    this.points = 0;
    this.#before = 0;
    this.#of = request.points;
    this.#run = { uid, scanId: 0, plan: request.planName, title: request.title };
    this.#startedAt = Date.now();
    this.#active = 0;
    this.#atLastPoint = 0;
    this.#since = performance.now();
  }

  /** `points`: taken already, in a run that goes on. */
  opened(start: RunStart, points = 0): void {
    if (this.#run) this.#run = { ...this.#run, uid: start.uid, scanId: start.scan_id };
    this.#of = start.num_points ?? null;
    this.points = points;
    this.#before = points;
    this.#active = 0;
    this.#atLastPoint = 0;
    this.#since = performance.now();
  }

  /** It is another number now. */
  expect(points: number): void {
    this.#of = points;
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

  /** From the beginning of the run to its last point, without pauses. */
  get seconds(): number { return this.#atLastPoint / 1000; }

  get status(): Pick<EngineStatus, 'run' | 'points' | 'of' | 'startedAt' | 'eta'> {
    const left = this.#of === null ? null : Math.max(0, this.#of - this.points);
    const taken = this.points - this.#before;
    const eta = left === null || taken === 0 ? null : (this.#atLastPoint / taken) * left / 1000;
    return { run: this.#run, points: this.points, of: this.#of, startedAt: this.#startedAt, eta };
  }
}
