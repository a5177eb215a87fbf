// Writes images or spectra as one dataset, chunked and compressed, a part at a time: memory holds one part, however many there are.
import { Dataset, type Group } from 'h5wasm/node';
import { bytesOf, elementsOf, viewAs, type ArrayPlace, type ArrayType } from '../arrays/arrayRecord';
import type { ArraysReader } from '../arrays/arraysReader';
import type { NexusStack } from './tree';

/** h5wasm's names of the types. */
const names: Readonly<Record<ArrayType, string>> = { '|u1': '<B', '<i2': '<h', '<u2': '<H', '<i4': '<i', '<f4': '<f', '<f8': '<d' };
/** Bytes of a part, and of a chunk: small spectra go together, large images are one each. */
const partSize = 1_000_000;
/** zlib's: images are noise for the most part, on which more effort gains little. */
const level = 1;

/** `lost`: points, counted from 1, whose array is missing or damaged. */
export async function writeStack(parent: Group, name: string, { dtype, frame, places }: NexusStack, arrays: ArraysReader): Promise<{ dataset: Dataset; lost: number[] }> {
  const size = elementsOf(frame);
  const together = Math.max(1, Math.min(places.length, Math.floor(partSize / (size * bytesOf(dtype)))));
  const blank = dtype === '<f8' || dtype === '<f4' ? Number.NaN : 0;
  const all = frame.map((): [] => []);
  const lost: number[] = [];
  let dataset: Dataset | null = null;
  for (let first = 0; first < places.length; first += together) {
    const count = Math.min(together, places.length - first);
    const values = viewAs(dtype, new Uint8Array(count * size * bytesOf(dtype)));
    if (blank !== 0) values.fill(blank);
    for (let index = 0; index < count; index++) {
      if (!await take(places[first + index] ?? null, values.subarray(index * size, (index + 1) * size), arrays)) lost.push(first + index + 1);
    }
    if (dataset === null) {
      dataset = parent.create_dataset({
        name, data: values, dtype: names[dtype], shape: [count, ...frame], maxshape: [null, ...frame], chunks: [together, ...frame], compression: 'gzip', compression_opts: [level],
      });
      dataset.resize([places.length, ...frame]);
    } else dataset.write_slice([[first, first + count], ...all], values);
  }
  if (dataset === null) throw new Error(`${name} has no points`);
  return { dataset, lost };
}

/** False where it can't be had. A spectrum may be shorter than the others; an image of another shape has no place among them. */
async function take(place: ArrayPlace | null, into: ReturnType<typeof viewAs>, arrays: ArraysReader): Promise<boolean> {
  if (!place || elementsOf(place.shape) > into.length || (place.shape.length > 1 && elementsOf(place.shape) !== into.length)) return false;
  const values = await arrays.read(place);
  if (values) into.set(values);
  return values !== null;
}
