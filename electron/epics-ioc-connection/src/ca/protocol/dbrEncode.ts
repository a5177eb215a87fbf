// Readings to DBR payloads: every type. The value must already be of the DBR type's base (numbers or strings).
import { encodeTextUpTo } from '../../bytes/text';
import { writeArray } from '../../bytes/numericArrays';
import { alarmStatuses, severities } from '../../value';
import type { AlarmStatus, Metadata, PvValue, Severity, Timestamp } from '../../value';
import type { ByteWriter } from '../../bytes/byteWriter';
import { dbrTypes } from './dbrTypes';
import type { DbrType } from './dbrTypes';
import { LocalProtocolError } from './errors';
import { padded } from './message';
import { writeMetadata } from './metadataLayout';
import { writeTimestamp } from './timestamps';

/** What a payload is made from. Only what its DBR type carries is used. */
export interface DbrContent {
  readonly value: PvValue;
  readonly severity?: Severity;
  readonly status?: AlarmStatus;
  readonly timestamp?: Timestamp | null;
  readonly metadata?: Metadata;
}

/** Elements of a value: 1 for a scalar. */
export function elementCount(value: PvValue): number {
  return typeof value === 'number' || typeof value === 'string' ? 1 : value.length;
}

/**
 * Bytes of the payload with its padding to 8. A lone plain string takes only what it needs, as libca and rsrv send it.
 * Throws LocalProtocolError for an unknown type.
 */
export function payloadSize(code: number, count: number, value?: PvValue): number {
  const type = rowOf(code);
  if (type.base === 'STRING' && type.form === 'plain' && count === 1 && value !== undefined) {
    return padded(encodeTextUpTo(firstText(value), 39).length + 1);
  }
  return padded(type.valueOffset + count * type.elementSize);
}

/**
 * Writes the payload (`payloadSize` bytes) of `count` elements: missing ones are 0 or empty, further ones are left out.
 * Strings longer than 39 bytes are cut at a character. Throws LocalProtocolError where value and type don't fit.
 */
export function writePayload(writer: ByteWriter, code: number, count: number, content: DbrContent): void {
  const type = rowOf(code);
  const size = payloadSize(code, count, content.value);
  const start = writer.claim(size);
  const { bytes, view } = writer;
  if (type.form !== 'plain') {
    view.setUint16(start, Math.max(0, alarmStatuses.indexOf(content.status ?? 'NO_ALARM')));
    view.setUint16(start + 2, Math.max(0, severities.indexOf(content.severity ?? 'NO_ALARM')));
  }
  if (type.form === 'time') writeTimestamp(view, start + 4, content.timestamp ?? null);
  else if (type.form === 'gr' || type.form === 'ctrl') writeMetadata(type, content.metadata ?? {}, bytes, view, start);
  else if (type.form === 'stsack') {
    view.setUint16(start + 4, content.metadata?.acknowledge?.transient ? 1 : 0);
    view.setUint16(start + 6, Math.max(0, severities.indexOf(content.metadata?.acknowledge?.severity ?? 'NO_ALARM')));
  }
  if (count > 0) writeValue(type, bytes, view, start + type.valueOffset, count, content.value);
}

function writeValue(type: DbrType, bytes: Uint8Array, view: DataView, at: number, count: number, value: PvValue): void {
  if (type.base === 'STRING') {
    const texts = typeof value === 'string' ? [value] : value;
    for (let i = 0; i < count && i < elementCount(texts as PvValue); i += 1) {
      const text = (texts as readonly string[])[i];
      if (typeof text !== 'string') throw misfit(type, value);
      bytes.set(encodeTextUpTo(text, 39), at + i * 40);
    }
    return;
  }
  if (typeof value === 'number') {
    switch (type.base) {
      case 'SHORT': return view.setInt16(at, value);
      case 'FLOAT': return view.setFloat32(at, value);
      case 'ENUM': return view.setUint16(at, value);
      case 'CHAR': return view.setUint8(at, value);
      case 'LONG': return view.setInt32(at, value);
      case 'DOUBLE': return view.setFloat64(at, value);
    }
  }
  if (typeof value === 'string' || typeof value[0] === 'string') throw misfit(type, value);
  writeArray(type.base, bytes, at, count, value as ArrayLike<number>);
}

function firstText(value: PvValue): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? undefined : value[0];
  if (typeof text !== 'string') throw new LocalProtocolError('A STRING payload needs a string.');
  return text;
}

function misfit(type: DbrType, value: PvValue): LocalProtocolError {
  const what = typeof value === 'number' ? 'a number' : typeof value === 'string' ? 'a string' : 'an array of another kind';
  return new LocalProtocolError(`${what} cannot be sent as ${type.name}: convert it first.`);
}

function rowOf(code: number): DbrType {
  const type = dbrTypes[code];
  if (!type) throw new LocalProtocolError(`There is no DBR type ${code}: the numbers go from 0 to 38.`);
  return type;
}
