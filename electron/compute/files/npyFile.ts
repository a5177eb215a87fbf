// A part of an array in one of NumPy's .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), read where it is.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { StoredNumbers } from '@shared/storedNumbers';
import { ComputeError } from '../computeError';

export type NumericArray = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

const types = {
  '<f8': Float64Array, '<f4': Float32Array, '<i4': Int32Array, '<u4': Uint32Array, '<i2': Int16Array, '<u2': Uint16Array, '|i1': Int8Array, '|u1': Uint8Array, '|b1': Uint8Array,
  '<i8': BigInt64Array, '<u8': BigUint64Array,
} as const;
const magic = '\x93NUMPY';

function readBytes(file: number, length: number, position: number, path: string): Buffer {
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const more = readSync(file, bytes, got, length - got, position + got);
    if (more === 0) throw new ComputeError('JOB_FAILED', `${path} is cut off: it ends at byte ${position + got}.`);
    got += more;
  }
  return bytes;
}

function header(file: number, path: string): { readonly start: number; readonly type: keyof typeof types; readonly shape: readonly number[] } {
  const head = readBytes(file, Math.min(12, fstatSync(file).size), 0, path);
  if (head.length < 12 || head.toString('latin1', 0, 6) !== magic) throw new ComputeError('JOB_FAILED', `${path} is no array of NumPy: it does not begin like one.`);
  const wide = head[6]! > 1;
  const start = (wide ? 12 : 10) + (wide ? head.readUInt32LE(8) : head.readUInt16LE(8));
  const text = readBytes(file, start, 0, path).toString('latin1', wide ? 12 : 10);
  const type = /'descr': *'([^']+)'/.exec(text)?.[1] ?? '';
  const shape = /'shape': *\(([\d, ]*)\)/.exec(text)?.[1]?.split(',').map((n) => n.trim()).filter((n) => n !== '').map(Number);
  if (!Object.hasOwn(types, type) || !shape) throw new ComputeError('JOB_FAILED', `${path} holds no array that can be read here (${text.trim()}). Numbers in little-endian order can: numpy.save(file, array.astype("<f8")).`);
  if (/'fortran_order': *True/.test(text)) throw new ComputeError('JOB_FAILED', `${path} is in Fortran's order. Save it in C's: numpy.save(file, numpy.ascontiguousarray(array)).`);
  return { start, type: type as keyof typeof types, shape: shape.length > 0 ? shape : [1] };
}

function withFile<T>(path: string, look: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return look(file);
  } finally {
    closeSync(file);
  }
}

export function describeNpy(path: string): StoredNumbers {
  const { type, shape } = withFile(path, (file) => header(file, path));
  return { stored: 'npy', path, shape, first: 0, itemSize: types[type].BYTES_PER_ELEMENT };
}

export function readNpyPart({ path, first, shape }: StoredNumbers): NumericArray {
  return withFile(path, (file) => {
    const { start, type } = header(file, path);
    const row = shape.slice(1).reduce((product, n) => product * n, 1);
    const { BYTES_PER_ELEMENT: size } = types[type];
    const bytes = readBytes(file, row * shape[0]! * size, start + first * row * size, path);
    const values = new types[type](bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / size);
    return values instanceof BigInt64Array || values instanceof BigUint64Array ? Float64Array.from(values as BigInt64Array, Number) : values;
  });
}
