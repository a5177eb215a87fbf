// Arrays as NumPy's own .npy files (format 1.0 and 2.0, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), one dimension, little-endian.
import { readFile, writeFile } from 'node:fs/promises';

const types = [
  ['<f8', Float64Array], ['<f4', Float32Array], ['<i4', Int32Array], ['<u4', Uint32Array], ['<i2', Int16Array], ['<u2', Uint16Array], ['|u1', Uint8Array], ['|i1', Int8Array],
] as const;
export type NumericArray = InstanceType<(typeof types)[number][1]>;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

export function isNumericArray(value: unknown): value is NumericArray {
  return types.some(([, type]) => value instanceof type);
}

export async function writeNpy(file: string, array: NumericArray): Promise<void> {
  const descr = types.find(([, type]) => array instanceof type)?.[0] ?? '<f8';
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${array.length},), }`;
  // Magic, version and length are 10 bytes; all of the header is a multiple of 64 and ends with a line feed.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.from([...magic, 1, 0, length & 255, length >> 8, ...Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1')]);
  await writeFile(file, Buffer.concat([header, Buffer.from(array.buffer, array.byteOffset, array.byteLength)]));
}

/** Throws where the file is none, is cut off, or has another type. */
export async function readNpy(file: string): Promise<NumericArray> {
  const bytes = await readFile(file);
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) throw new Error(`${file} is not an array of NumPy.`);
  const wide = (bytes[6] ?? 1) > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString('latin1', start, end);
  const descr = /'descr': '([^']+)'/.exec(header)?.[1];
  const type = types.find(([name]) => name === descr)?.[1];
  const shape = /'shape': \((\d*),?\)/.exec(header)?.[1];
  if (!type || !shape) throw new Error(`${file} holds an array that can't be read: ${header.trim()}`);
  const payload = bytes.subarray(end);
  if (payload.length !== Number(shape) * type.BYTES_PER_ELEMENT) throw new Error(`${file} is cut off: ${payload.length} bytes for ${shape} values of ${String(descr)}.`);
  return new type(payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.length));
}
