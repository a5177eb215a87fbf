// What areaDetector's NDPluginCodec compresses, back to numbers. `codec.parameters` has the type of the numbers as pvData's ScalarType.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { arrayConstructors } from '../pva/protocol';
import type { PvaNumericArray, ScalarType } from '../pva/protocol';
import { decodeBslz4 } from './bitshuffle';
import { decodeBlosc } from './blosc';
import { checkRoom, densest } from './checkRoom';
import { inflate } from './inflate';
import { decodeLz4, decodeLz4Hdf5 } from './lz4';

export type ElementType = Exclude<ScalarType, 'string'>;

/** By ScalarType's number (pvData: pvBoolean 0 ... pvDouble 10). */
const elementTypes: readonly ElementType[] = ['boolean', 'byte', 'short', 'int', 'long', 'ubyte', 'ushort', 'uint', 'ulong', 'float', 'double'];
/** Bytes; a picture that says it is larger is not made room for. */
const largestPicture = 2 ** 30;

const decoders = {
  lz4: decodeLz4, lz4hdf5: decodeLz4Hdf5, zlib: inflate, blosc: decodeBlosc,
  bslz4: (bytes: Uint8Array, size: number, elementSize: number) => decodeBslz4(bytes, size / elementSize, elementSize),
} as const;
/** Bytes out of one at the most; a Blosc chunk says itself what it is compressed by. */
const mostOutOfOne: Readonly<Record<CodecName, number>> = { lz4: densest.lz4, lz4hdf5: densest.lz4, bslz4: densest.lz4, zlib: densest.zlib, blosc: Infinity };
/** Of numbers of any type; `jpeg` knows pictures of bytes only (`readJpeg`). */
export const codecNames = Object.keys(decoders) as readonly CodecName[];
export type CodecName = keyof typeof decoders;

/** The element type that `codec.parameters` names; null for none that there is. */
export function codecElementType(parameter: unknown): ElementType | null {
  return typeof parameter === 'number' ? elementTypes[parameter] ?? null : null;
}

/** `size`: bytes of the numbers. Little-endian, as servers of this age send it. Errors: `RemoteProtocolError` for bytes that don't hold it. */
export function decompress(codec: CodecName, bytes: Uint8Array, type: ElementType, size: number): PvaNumericArray {
  const make = arrayConstructors[type];
  const { BYTES_PER_ELEMENT: elementSize } = make;
  if (!Number.isInteger(size) || size < 0 || size > largestPicture || size % elementSize !== 0) {
    throw new RemoteProtocolError(`A picture of ${size} bytes of ${type} cannot be.`);
  }
  checkRoom(size, bytes.length, mostOutOfOne[codec]);
  const raw = decoders[codec](bytes, size, elementSize);
  return new make(raw.buffer as ArrayBuffer, raw.byteOffset, size / elementSize);
}
