// A part of an array that one worker gets: of a file only where it is, of shared memory a view, of anything else a copy of that part.
import { isStored, type StoredNumbers } from '@shared/storedNumbers';

export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Uint8Array;

/** Bytes of one value. */
export const itemSizeOf = (values: Numbers | StoredNumbers): number => (isStored(values) ? values.itemSize : values.BYTES_PER_ELEMENT);

/** Whether rows of this many values can be cut out: those of a file only along its slowest axis. */
export function isCuttable(values: Numbers | StoredNumbers, row: number): boolean {
  return !isStored(values) || (values.stored !== 'text' && row % strideOf(values) === 0);
}

/** Rows `from` to `to` (without), of `row` values each. */
export function partOf<T extends Numbers>(values: T | StoredNumbers, row: number, from: number, to: number): T | StoredNumbers {
  if (isStored(values)) {
    const steps = row / strideOf(values);
    return { ...values, first: values.first + from * steps, shape: [(to - from) * steps, ...values.shape.slice(1)] };
  }
  return (values.buffer instanceof SharedArrayBuffer ? values.subarray(from * row, to * row) : values.slice(from * row, to * row)) as T;
}

/** Values of one step along the slowest axis. */
function strideOf({ shape }: StoredNumbers): number {
  return shape.slice(1).reduce((product, n) => product * n, 1);
}
