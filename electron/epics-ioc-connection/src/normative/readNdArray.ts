// NTNDArray as a picture: numbers with their dimensions, decompressed where this library can (EPICS V4 Normative Types, "NTNDArray").
import type { Timestamp } from '../value';
import { numberOf, textOf, valueAt } from '../pva/protocol';
import type { PvaData, PvaNumericArray, PvaStructure, ScalarType } from '../pva/protocol';
import { codecElementType, codecNames, decompress } from './codecs';
import type { CodecName } from './codecs';
import { readJpeg } from './readJpeg';

export interface Picture {
  /** The numbers; null where they are compressed by a codec that this library does not know: then look at `compressed`. */
  readonly data: PvaNumericArray | null;
  /** As it came, with the codec's name; null where it was not compressed. */
  readonly compressed: { readonly codec: string; readonly bytes: Uint8Array; readonly elementType: Exclude<ScalarType, 'string'> | null } | null;
  /** Elements along each dimension, the fastest first: width, height for a picture. */
  readonly size: readonly number[];
  readonly uniqueId: number;
  /** When the data was taken; null where nobody said. */
  readonly timestamp: Timestamp | null;
  /** Values of the attributes by name; one without a value is null. */
  readonly attributes: Readonly<Record<string, PvaData>>;
}

/**
 * `structure`: the value of an NTNDArray. Codecs: `jpeg`, `lz4`, `lz4hdf5`, `bslz4`, `zlib`, and `blosc` with blosclz, lz4, snappy, zlib and zstd.
 * Errors: `RemoteProtocolError` for compressed bytes that don't hold the picture, or of a kind of their codec that is not supported (it says which).
 */
export function readNdArray(structure: PvaStructure): Picture {
  const chosen = structure['value'] as { readonly member: string; readonly value: PvaData } | null | undefined;
  const array = (chosen?.value ?? new Uint8Array(0)) as PvaNumericArray;
  const codec = textOf(valueAt(structure, 'codec.name'));
  const stamp = valueAt(structure, 'dataTimeStamp');
  const seconds = numberOf(valueAt(stamp, 'secondsPastEpoch'));
  const nanoseconds = numberOf(valueAt(stamp, 'nanoseconds'));
  const size = dimensionsOf(structure);
  return {
    size, ...contents(codec, array, structure, size),
    uniqueId: numberOf(structure['uniqueId']),
    timestamp: seconds === 0 && nanoseconds === 0 ? null : { seconds, nanoseconds },
    attributes: Object.fromEntries(list(structure['attribute']).map(({ name, value }) => [textOf(name), inner(value ?? null)])),
  };
}

/** Elements along each dimension, as the server announced them. */
export function dimensionsOf(structure: PvaStructure): number[] { return list(structure['dimension']).map((dimension) => numberOf(dimension['size'] ?? NaN)); }

function contents(codec: string, array: PvaNumericArray, structure: PvaStructure, size: readonly number[]): Pick<Picture, 'data' | 'compressed'> & { readonly size?: readonly number[] } {
  if (codec === '') return { data: array, compressed: null };
  // Servers may send a buffer that is larger than what is in it.
  const announced = numberOf(structure['compressedSize']);
  const bytes = new Uint8Array(array.buffer, array.byteOffset, announced > 0 ? Math.min(announced, array.byteLength) : array.byteLength);
  const elementType = codecElementType(inner(valueAt(structure, 'codec.parameters') ?? null));
  const compressed = { codec, bytes, elementType };
  // It holds bytes, whatever else is said.
  if (codec === 'jpeg') return { ...readJpeg(bytes, size, elementType), compressed: { ...compressed, elementType: elementType === 'byte' ? 'byte' : 'ubyte' } };
  const known = codecNames.find((name): name is CodecName => name === codec);
  if (!known || !elementType) return { data: null, compressed };
  return { data: decompress(known, bytes, elementType, numberOf(structure['uncompressedSize'] ?? NaN)), compressed };
}

/** The value in a variant. */
function inner(variant: PvaData): PvaData {
  return typeof variant === 'object' && variant !== null && 'field' in variant && 'value' in variant ? variant.value as PvaData : variant;
}

function list(value: PvaData | undefined): readonly PvaStructure[] {
  return Array.isArray(value) ? (value as readonly (PvaStructure | null)[]).filter((item): item is PvaStructure => item !== null) : [];
}

