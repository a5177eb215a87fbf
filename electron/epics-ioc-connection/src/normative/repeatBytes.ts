// A copy of what was written before, as LZ4, BloscLZ and Snappy refer to it. Pure.

/** `length` bytes at `to` are those `distance` before; where the copy overlaps itself it repeats. Both ends are within `out`. */
export function repeatBytes(out: Uint8Array, to: number, distance: number, length: number): void {
  if (distance >= length) out.copyWithin(to, to - distance, to - distance + length);
  else if (distance === 1) out.fill(out[to - 1] as number, to, to + length);
  else for (let i = to; i < to + length; i += 1) out[i] = out[i - distance] as number;
}
