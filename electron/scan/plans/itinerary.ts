// The points that a plan has before it, which may be replaced while the scan is paused. PURE.
import { EndstationError } from '@shared/errors';

/** Thrown into a plan whose remaining points were replaced: the point under way is given up. */
export class ReplannedError extends EndstationError {
  constructor() {
    super('REPLANNED', 'The remaining points of the scan were replaced.');
    this.name = 'ReplannedError';
  }
}

export class Itinerary<T> {
  /** Points that were taken to their end. */
  done = 0;
  #rest: Iterator<T>;
  #state: 'waiting' | 'under way' | 'over' = 'waiting';

  constructor(points: Iterable<T>) {
    this.#rest = points[Symbol.iterator]();
  }

  /** Whether a point is begun and not saved. */
  get underWay(): boolean { return this.#state === 'under way'; }
  get over(): boolean { return this.#state === 'over'; }

  next(): T | null {
    const step = this.#rest.next();
    this.#state = step.done === true ? 'over' : 'under way';
    return step.done === true ? null : step.value;
  }

  taken(): void {
    this.done += 1;
    this.#state = 'waiting';
  }

  /** `skip` points of the new ones are left out. */
  replace(points: Iterable<T>, skip: number): void {
    this.#rest = points[Symbol.iterator]();
    for (let index = 0; index < skip; index++) this.#rest.next();
  }
}

/** Runs `point` for each, again from the next one when the rest was replaced meanwhile. `renewed` is called then. */
export function* travel<T, M, R>(itinerary: Itinerary<T>, point: (value: T) => Generator<M, void, R>, renewed: () => void = () => undefined): Generator<M, void, R> {
  for (let value = itinerary.next(); value !== null; value = itinerary.next()) {
    try {
      yield* point(value);
      itinerary.taken();
    } catch (error) {
      if (!(error instanceof ReplannedError)) throw error;
      renewed();
    }
  }
}
