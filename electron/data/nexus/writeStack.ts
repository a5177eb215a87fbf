// Images or spectra of a run as one dataset: memory holds a few chunks, however many there are.
import { bytesOf, elementsOf, viewAs, type ArrayPlace } from '../arrays/arrayRecord';
import type { ArraysReader } from '../arrays/arraysReader';
import type { Hdf5Writer } from '../hdf5/hdf5Writer';
import { numberType, type Message } from '../hdf5/messages';
import { StackWriter } from '../hdf5/stackWriter';
import type { NexusStack } from './tree';

/** Bytes of a chunk: small spectra go together, large images are one each. */
const chunkSize = 1_000_000;

/** `lost`: points, counted from 1, whose array is missing or damaged: they are blank. */
export async function writeStack(file: Hdf5Writer, { dtype, frame, places }: NexusStack, arrays: ArraysReader, more: readonly Message[], links: number): Promise<{ address: number; lost: number[] }> {
  const size = elementsOf(frame);
  const together = Math.max(1, Math.min(places.length, Math.floor(chunkSize / (size * bytesOf(dtype)))));
  const stack = new StackWriter(file, numberType(dtype), [places.length, ...frame], together);
  const lost: number[] = [];
  for (let first = 0; first < places.length; first += together) {
    const bytes = new Uint8Array(together * size * bytesOf(dtype));
    const values = viewAs(dtype, bytes);
    if (dtype === '<f8' || dtype === '<f4') values.fill(Number.NaN);
    for (let index = 0; index < together && first + index < places.length; index++) {
      if (!await take(places[first + index] ?? null, values.subarray(index * size, (index + 1) * size), arrays)) lost.push(first + index + 1);
    }
    await stack.add(bytes);
  }
  return { address: await stack.finish(more, links), lost };
}

/** False where it can't be had. A spectrum may be shorter than the others; an image of another shape has no place among them. */
async function take(place: ArrayPlace | null, into: ReturnType<typeof viewAs>, arrays: ArraysReader): Promise<boolean> {
  if (!place || elementsOf(place.shape) > into.length || (place.shape.length > 1 && elementsOf(place.shape) !== into.length)) return false;
  const values = await arrays.read(place);
  if (values) into.set(values);
  return values !== null;
}
