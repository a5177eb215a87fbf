// What areaDetector's NDPluginCodec compresses, back to numbers. `codec.parameters` has the type of the numbers as pvData's ScalarType.
import { inflateSync } from 'node:zlib';
import { RemoteProtocolError } from '../ca/protocol/errors';
import { arrayConstructors } from '../pva/protocol';
import type { PvaNumericArray, ScalarType } from '../pva/protocol';
import { decodeBslz4 } from './bitshuffle';
import { decodeLz4 } from './lz4';

/** By ScalarType's number (pvData: pvBoolean 0 ... pvDouble 10). */
const scalarTypes: readonly Exclude<ScalarType, 'string'>[] = ['boolean', 'byte', 'short', 'int', 'long', 'ubyte', 'ushort', 'uint', 'ulong', 'float', 'double'];
/** Bytes; a picture that says it is larger is not made room for. */
const largest = 2 ** 30;

export const codecNames = ['lz4', 'bslz4', 'zlib'] as const;
export type CodecName = (typeof codecNames)[number];

/** The element type that `codec.parameters` names; null for none that there is. */
export function codecElementType(parameter: unknown): Exclude<ScalarType, 'string'> | null {
  return typeof parameter === 'number' ? scalarTypes[parameter] ?? null : null;
}

/** `size`: bytes of the numbers. Little-endian, as servers of this age send it. Errors: `RemoteProtocolError` for bytes that don't hold it. */
export function decompress(codec: CodecName, bytes: Uint8Array, type: Exclude<ScalarType, 'string'>, size: number): PvaNumericArray {
  const make = arrayConstructors[type];
  const { BYTES_PER_ELEMENT: elementSize } = make;
  if (!Number.isInteger(size) || size < 0 || size > largest || size % elementSize !== 0) {
    throw new RemoteProtocolError(`A picture of ${size} bytes of ${type} cannot be.`);
  }
  const raw = codec === 'lz4' ? decodeLz4(bytes, size) : codec === 'bslz4' ? decodeBslz4(bytes, size / elementSize, elementSize) : inflate(bytes, size);
  return new make(raw.buffer as ArrayBuffer, raw.byteOffset, size / elementSize);
}

function inflate(bytes: Uint8Array, size: number): Uint8Array {
  let found: Uint8Array;
  try {
    found = inflateSync(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw new RemoteProtocolError(`A zlib array cannot be read: ${(error as Error).message}.`);
  }
  if (found.length !== size) throw new RemoteProtocolError(`A zlib array holds ${found.length} bytes, not the ${size} that were announced.`);
  // A copy, so that it starts where any element may start.
  return Uint8Array.from(found);
}
