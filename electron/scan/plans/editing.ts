// Changing the remaining points of a plan that runs: which plans can, and what may change. PURE.
import { EndstationError } from '@shared/errors';
import type { PlanRequest } from '@shared/plans';
import { energyPoints } from './energies';
import type { Itinerary } from './itinerary';
import { patternOf } from './patterns';
import { readingsOf } from './times';

export interface Editing {
  /** As it is now. */
  readonly request: PlanRequest;
  /** Points taken to their end. */
  readonly done: number;
  /** Whether a point is begun that is not saved: the plan is to be told by a `ReplannedError`. */
  readonly underWay: boolean;
  /** Points of the whole, the taken ones included. `saved`: the point under way is taken, which its plan has not heard of yet. Errors: `NOT_EDITABLE`. */
  replace(request: PlanRequest, skip: number, saved: boolean): { readonly points: number };
}

function refuse(why: string): never {
  throw new EndstationError('NOT_EDITABLE', `The remaining points were not changed: ${why}.`);
}

/** All the points of a plan that visits them in order, whatever their kind; null for one that does not. */
function pointsOf(request: PlanRequest, origin: readonly number[]): Iterable<unknown> | null {
  const pattern = patternOf(request);
  if (pattern) return origin.length > 0 ? shifted(pattern.positions(), origin) : pattern.positions();
  if (request.plan === 'count') return readingsOf(request.args);
  return request.plan === 'xanes' ? energyPoints(request.args.regions) : null;
}

export function* shifted(positions: Iterable<readonly number[]>, origin: readonly number[]): Generator<number[], void, undefined> {
  for (const row of positions) yield row.map((position, column) => (origin[column] ?? 0) + position);
}

function devicesOf({ args }: PlanRequest): string {
  const { detectors, axes, timer, delay } = args as { detectors?: unknown; axes?: readonly { motor: string }[]; timer?: unknown; delay?: unknown };
  return JSON.stringify([detectors, axes?.map((axis) => axis.motor), timer, delay]);
}

export class PlanEditing implements Editing {
  #itinerary: Itinerary<unknown> | null = null;
  #origin: readonly number[] = [];

  constructor(public request: PlanRequest) {}

  get done(): number { return this.#itinerary?.done ?? 0; }
  get underWay(): boolean { return this.#itinerary?.underWay ?? false; }

  /** The plan is about to visit its points. */
  begin<T>(itinerary: Itinerary<T>, origin: readonly number[] = []): Itinerary<T> {
    this.#itinerary = itinerary as Itinerary<unknown>;
    this.#origin = origin;
    return itinerary;
  }

  replace(request: PlanRequest, skip: number, saved: boolean): { points: number } {
    const itinerary = this.#itinerary;
    if (!itinerary) refuse('the plan did not come to its points yet. Wait until the first one is taken, or start it anew');
    if (itinerary.over) refuse('its last point is taken');
    if (request.plan !== this.request.plan) refuse(`the scan that runs is ${this.request.plan}, not ${request.plan}`);
    if (devicesOf(request) !== devicesOf(this.request)) refuse('detectors and motors must stay as they are. Stop the scan, and start another with them');
    const points = pointsOf(request, this.#origin);
    if (!points) refuse(`${request.plan} finds its points by itself`);
    let all = 0;
    for (const _ of points) all += 1;
    if (all <= skip) refuse(`the new path has ${all} points, and ${skip} count as taken: none is left. Give it more points, or stop the scan`);
    if (saved) itinerary.taken();
    itinerary.replace(pointsOf(request, this.#origin) ?? [], skip);
    this.request = request;
    return { points: itinerary.done + all - skip };
  }
}
