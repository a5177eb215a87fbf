// Reads images and spectra back from a run's arrays file, one at a time.
import { promises as fs, type promises } from 'node:fs';
import type { Datum } from '@shared/documents';
import type { NumericArray } from '@shared/pv';
import { arraysPath } from '../runNames';
import { decodeArray, elementsOf, headerLength, isArrayType, recordLength, viewAs, type ArrayPlace } from './arrayRecord';

/** null: not an array of ours. */
export function placeOf({ datum_kwargs: about }: Datum): ArrayPlace | null {
  const { offset, dtype, shape } = about as Partial<Record<keyof ArrayPlace, unknown>>;
  if (typeof offset !== 'number' || !isArrayType(dtype) || !Array.isArray(shape)) return null;
  const sizes = shape.map(Number);
  const isPlace = offset >= headerLength(sizes.length) && Number.isSafeInteger(offset) && [...sizes, elementsOf(sizes)].every((size) => Number.isSafeInteger(size) && size >= 0);
  return isPlace ? { offset, dtype, shape: sizes } : null;
}

/** Bytes of the file up to the end of this array's record. */
export function endOf(place: ArrayPlace): number {
  return place.offset - headerLength(place.shape.length) + recordLength(place);
}

export class ArraysReader {
  #file: Promise<promises.FileHandle | null> | null = null;

  /** The file beside this journal. */
  constructor(private readonly journal: string) {}

  get path(): string { return arraysPath(this.journal); }

  /** Its bytes as they are in the file; null where the file or the record is missing or damaged. Errors: of a disk that can't be read. */
  async readBytes(place: ArrayPlace): Promise<Uint8Array | null> {
    const file = await (this.#file ??= this.#open());
    if (!file) return null;
    const record = Buffer.from(new ArrayBuffer(recordLength(place)));
    const { bytesRead } = await file.read(record, 0, record.length, place.offset - headerLength(place.shape.length));
    return decodeArray(record.subarray(0, bytesRead), place);
  }

  async read(place: ArrayPlace): Promise<NumericArray | null> {
    const bytes = await this.readBytes(place);
    return bytes && viewAs(place.dtype, bytes);
  }

  async #open(): Promise<promises.FileHandle | null> {
    try {
      return await fs.open(this.path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = await this.#file;
    this.#file = null;
    await file?.close();
  }
}
