// Frames as bytes for the WebSocket: MessagePack, with an extension type for each typed array that structured clone would carry.
// Extension payloads are the array's own little-endian bytes (every platform that we run on is little-endian).
import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';

/** Extension numbers are the wire's: never renumber one. Uint8Array is MessagePack's own `bin`. */
const numericArrays = [
  [1, Float64Array], [2, Float32Array], [3, Int32Array], [4, Int16Array], [5, Uint16Array], [6, Int8Array], [7, Uint32Array],
] as const;

const extensionCodec = new ExtensionCodec();
for (const [type, ArrayType] of numericArrays) {
  extensionCodec.register({
    type,
    encode: (value) => (value instanceof ArrayType ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null),
    // A slice: the payload may start at an address that the array's element size does not divide.
    decode: (bytes) => {
      const copy = bytes.slice();
      if (copy.byteLength % ArrayType.BYTES_PER_ELEMENT !== 0) throw new RangeError(`A ${ArrayType.name} of ${copy.byteLength} bytes.`);
      return new ArrayType(copy.buffer, 0, copy.byteLength / ArrayType.BYTES_PER_ELEMENT);
    },
  });
}

/** Keys that are undefined are left out, as a missing key. Throws where a value is neither plain data nor a typed array. */
export function encodeFrame(frame: unknown): Uint8Array {
  return encode(frame, { extensionCodec, ignoreUndefined: true, maxDepth: 64 });
}

/** Throws RangeError or DecodeError where the bytes are not one whole frame. */
export function decodeFrame(bytes: Uint8Array): unknown {
  // A plain view: a Node Buffer would hand out Buffers (of a shared pool) for each binary value.
  return decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), { extensionCodec });
}
