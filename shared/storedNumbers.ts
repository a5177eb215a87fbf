// Numbers that are named instead of sent: a part of a file, a run's column, a PV. A job's worker reads its own part where it is.

/** What a window or a command line may say in the place of an array. */
export type NumbersSource =
  /** `.npy`, `.csv` and other text (`column`: its name or number from 1), HDF5 and NeXus (`dataset`: its path). */
  | { readonly $file: string; readonly dataset?: string; readonly column?: string | number } & Extent
  /** A uid, the beginning of one or a scan number; numbers, spectra or images, one a point. */
  | { readonly $run: string; readonly column: string } & Extent
  /** As it is when the job starts. */
  | { readonly $pv: string };
/** Points, rows or frames, of the slowest axis; default: all of them. */
interface Extent { readonly first?: number; readonly count?: number }

/** A part of an array in a file of this machine, not read yet. */
export interface StoredNumbers {
  readonly stored: 'npy' | 'text' | 'hdf5';
  readonly path: string;
  /** HDF5. */
  readonly dataset?: string;
  /** Text, from 0. */
  readonly column?: number;
  /** Of this part; the slowest axis first. */
  readonly shape: readonly number[];
  /** Where on the slowest axis it begins. */
  readonly first: number;
  /** Bytes of one value. */
  readonly itemSize: number;
}

/** An array of an HDF5 file. */
export interface ListedArray {
  readonly dataset: string;
  /** The slowest axis first. */
  readonly shape: readonly number[];
  readonly units: string;
  readonly longName: string;
  /** Bytes of one value. */
  readonly itemSize: number;
}

/** The same input, where each array may still be in its file. */
export type Deferred<T> = { readonly [K in keyof T]: NonNullable<T[K]> extends ArrayBufferView ? T[K] | StoredNumbers : T[K] };

export function isStored(value: unknown): value is StoredNumbers {
  return typeof value === 'object' && value !== null && typeof (value as { stored?: unknown }).stored === 'string' && Array.isArray((value as { shape?: unknown }).shape);
}

export function isNumbersSource(value: unknown): value is NumbersSource {
  if (typeof value !== 'object' || value === null) return false;
  const { $file, $run, $pv, column } = value as Readonly<Record<string, unknown>>;
  return typeof $file === 'string' || typeof $pv === 'string' || (typeof $run === 'string' && typeof column === 'string');
}

/** Values of an array, read or not. */
export function lengthOf(values: { readonly length: number } | StoredNumbers): number {
  return isStored(values) ? values.shape.reduce((product, n) => product * n, 1) : values.length;
}
