// The type of an array's numbers as numpy writes it, for data keys: little-endian, as all machines that this runs on are.
import type { NumericArray } from '@shared/pv';

export function numpyType(values: NumericArray): string {
  if (values instanceof Float64Array) return '<f8';
  if (values instanceof Float32Array) return '<f4';
  if (values instanceof Int32Array) return '<i4';
  if (values instanceof Int16Array) return '<i2';
  return values instanceof Uint16Array ? '<u2' : '|u1';
}
