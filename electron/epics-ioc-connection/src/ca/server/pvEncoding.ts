// One value of a PV as DBR payload bytes for a request of some type and count. PURE.
import { ByteWriter } from '../../bytes/byteWriter';
import type { ServerPvState } from '../../api';
import type { NativeType } from '../../value';
import { dbrSize, dbrType, eca, elementCount, padded, payloadSize, writePayload } from '../protocol';
import { convertForReading } from './readConversion';

export interface EncodedValue { readonly dataType: number; readonly count: number; readonly payload: Uint8Array }

const className = 38;
/** Bytes: payloads up to this size are written one after the other into a larger buffer. */
const smallest = 512;
const poolSize = 65_536;
let pool = new ByteWriter(poolSize);

/** ECA status of a request that cannot be served, or NORMAL. `recordType`: what CLASS_NAME answers; without it there is no such answer. */
export function checkRequest(dataType: number, count: number, largestCount: number, recordType?: string): number {
  const type = dbrType(dataType);
  // PUT_ACKT and PUT_ACKS are only written.
  if (!type || (dataType > 34 && type.form !== 'stsack' && !(dataType === className && recordType !== undefined))) return eca.BADTYPE;
  return count > largestCount ? eca.BADCOUNT : eca.NORMAL;
}

/** The payload of a request that `checkRequest` found good; `requested` 0 asks for as many elements as there are. Errors: `ConversionError`. */
export function encodeValue(native: NativeType, state: ServerPvState, dataType: number, requested: number, recordType = ''): EncodedValue {
  const base = dbrType(dataType)!.base;
  const value = dataType === className ? recordType : convertForReading(state.value, native, base, state.metadata);
  const count = requested === 0 ? elementCount(value) : requested;
  const size = payloadSize(dataType, count, value);
  // As rsrv does it: never less than one element's bytes, so that an empty plain array is not taken for a cancelled subscription.
  const least = count === 0 ? padded(dbrSize(dataType, 1)) : size;
  const content = { value, severity: state.severity, status: state.status, timestamp: state.timestamp, metadata: state.metadata };
  const writer = writerFor(Math.max(size, least));
  const start = writer.length;
  writePayload(writer, dataType, count, content);
  writer.claim(Math.max(0, least - size));
  return { dataType, count, payload: writer.bytes.subarray(start, writer.length) };
}

function writerFor(size: number): ByteWriter {
  if (size > smallest) return new ByteWriter(size);
  if (pool.length + size > poolSize) pool = new ByteWriter(poolSize);
  return pool;
}
