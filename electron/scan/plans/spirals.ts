// Spirals over an area of two axes, after bluesky's plan_patterns: the same points in the same order.
import type { Positions } from './positions';

export interface Area { readonly center: readonly [x: number, y: number]; readonly range: readonly [x: number, y: number] }
/** `dr`: radial step in units of x; `aspect`: that of y to that of x; `tilt`: radians. */
export interface Winding { readonly dr: number; readonly aspect: number; readonly tilt: number }

/** Rings `dr` apart, `nth` points on the first, twice as many on the second, ...; those inside the area. */
export function* spiralPositions({ center, range }: Area, { dr, aspect, tilt }: Winding, nth: number): Positions {
  const halfX = range[0] / 2;
  const halfY = range[1] / (2 * aspect);
  const rings = 1 + Math.trunc(Math.sqrt(halfX ** 2 + halfY ** 2) / dr);
  const slope = Math.tan(tilt + Math.PI / 2);
  for (let ring = 1; ring < rings + 2; ring++) {
    const radius = ring * dr;
    const step = (2 * Math.PI) / (ring * nth);
    for (let index = 0; index < Math.trunc(ring * nth); index++) {
      const x = radius * Math.cos(index * step);
      const y = radius * Math.sin(index * step) * aspect;
      if (Math.abs(x - y / aspect / slope) <= halfX && Math.abs(y / aspect) <= halfY) yield [center[0] + x, center[1] + y];
    }
  }
}

/** Points at the golden angle from one another, at the square root of their number; those inside the area. */
export function* fermatPositions({ center, range }: Area, { dr, aspect, tilt }: Winding, factor: number): Positions {
  const golden = (137.508 * Math.PI) / 180;
  const halfX = range[0] / 2;
  const halfY = range[1] / (2 * aspect);
  const slope = Math.tan(tilt + Math.PI / 2);
  const diagonal = Math.sqrt(halfX ** 2 + halfY ** 2);
  const seeds = Math.trunc(((1.5 * diagonal) / (dr / factor)) ** 2);
  for (let seed = 1; seed < seeds; seed++) {
    const radius = (Math.sqrt(seed) * dr) / factor;
    const x = radius * Math.cos(golden * seed);
    const y = radius * Math.sin(golden * seed) * aspect;
    if (Math.abs(x - y / aspect / slope) <= halfX && Math.abs(y) <= halfY) yield [center[0] + x, center[1] + y];
  }
}

interface Side { readonly size: number; readonly offset: number; readonly center: number; readonly delta: number }
function at({ center, delta, offset }: Side, cell: number): number {
  return center - delta * offset + delta * cell;
}
function has({ size, offset }: Side, cell: number): boolean {
  return Math.abs(cell - offset) < size / 2;
}

/** The points of a grid, from the middle outwards: up the right side, back along the bottom, and so on round. */
export function* squarePositions({ center, range }: Area, num: readonly [x: number, y: number]): Positions {
  const x: Side = { size: num[0], offset: num[0] % 2 === 0 ? 0.5 : 0, center: center[0], delta: range[0] / (num[0] - 1) };
  const y: Side = { size: num[1], offset: num[1] % 2 === 0 ? -0.5 : 0, center: center[1], delta: range[1] / (num[1] - 1) };
  const cells = ringCells(x, y, Math.max(num[0], num[1]));
  yield [center[0] - x.delta * x.offset, center[1] - y.delta * y.offset];
  let left = num[0] * num[1] - 1;
  for (const [column, row] of cells) {
    if (left-- <= 0) return;
    yield [at(x, column), at(y, row)];
  }
}

/** The four sides of each ring, as bluesky goes round; cells outside the grid are left out. */
function* ringCells(x: Side, y: Side, rings: number): Generator<readonly [column: number, row: number], void, undefined> {
  for (let ring = 2; ring <= rings; ring++) {
    const edge = ring - 1;
    if (Math.abs(edge - x.offset) <= x.size / 2) for (let row = edge - 1; row > -ring; row--) if (has(y, row)) yield [edge, row];
    if (has(y, -edge)) for (let column = edge - 1; column > -ring; column--) if (has(x, column)) yield [column, -edge];
    if (has(x, -edge)) for (let row = 1 - edge; row < ring; row++) if (has(y, row)) yield [-edge, row];
    if (has(y, edge)) for (let column = 1 - edge; column < ring; column++) if (has(x, column)) yield [column, edge];
  }
}
