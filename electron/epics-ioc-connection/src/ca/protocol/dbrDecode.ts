// DBR payloads to readings: every type, both directions of the wire (a reading on the client, a write on the server).
import { decodeText } from '../../bytes/text';
import { readArray } from '../../bytes/numericArrays';
import { alarmStatuses, severities } from '../../value';
import type { AlarmStatus, Metadata, PvValue, Reading, Severity, Timestamp } from '../../value';
import { dbrCode, dbrTypes } from './dbrTypes';
import type { DbrType } from './dbrTypes';
import { RemoteProtocolError } from './errors';
import type { Message } from './message';
import { readMetadata } from './metadataLayout';
import { readTimestamp } from './timestamps';

const timeDouble = dbrCode('DOUBLE', 'time');

/** By number; one that we don't know is the worst. */
export function severityOf(number: number): Severity {
  return severities[number] ?? 'INVALID';
}

/** By number; one that we don't know is UDF. */
export function statusOf(number: number): AlarmStatus {
  return alarmStatuses[number] ?? 'UDF';
}

/**
 * The reading in a message's payload, by its data type and count.
 * `scalar`: one element becomes a number or a string; else it becomes an array, as for a waveform.
 * Throws RemoteProtocolError where the payload is too short for its count. A lone string may be shorter than 40 bytes.
 */
export function decodeReading(message: Message, scalar: boolean): Reading {
  const { bytes, view, start, payloadSize, count, dataType } = message;
  // Most that come: one number with its time.
  if (dataType === timeDouble && count === 1 && scalar && payloadSize >= 24) {
    return {
      type: 'DOUBLE', value: view.getFloat64(start + 16), count: 1, severity: severityOf(view.getUint16(start + 2)),
      status: statusOf(view.getUint16(start)), timestamp: readTimestamp(view, start + 4),
    };
  }
  const type = dbrTypes[dataType];
  if (!type) throw new RemoteProtocolError(`The server sent data type ${message.dataType}, which Channel Access has not (0 to 38).`);
  checkSize(type, count, payloadSize);
  const value = readValue(type, message, scalar);
  const { base, form } = type;
  if (form === 'time') {
    const status = statusOf(view.getUint16(start));
    const severity = severityOf(view.getUint16(start + 2));
    return { type: base, value, count, severity, status, timestamp: readTimestamp(view, start + 4) };
  }
  if (form === 'plain') return { type: base, value, count, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null };
  const status = statusOf(view.getUint16(start));
  const severity = severityOf(view.getUint16(start + 2));
  const timestamp: Timestamp | null = null;
  if (form === 'sts') return { type: base, value, count, severity, status, timestamp };
  const metadata: Metadata = form === 'stsack'
    ? { acknowledge: { transient: view.getUint16(start + 4) !== 0, severity: severityOf(view.getUint16(start + 6)) } }
    : readMetadata(type, bytes, view, start);
  return { type: base, value, count, severity, status, timestamp, metadata };
}

/** Only the value of a payload, as in a write. Same rules and errors as `decodeReading`. */
export function decodeValue(message: Message, scalar: boolean): PvValue {
  const type = dbrTypes[message.dataType];
  if (!type) throw new RemoteProtocolError(`The peer sent data type ${message.dataType}, which Channel Access has not (0 to 38).`);
  checkSize(type, message.count, message.payloadSize);
  return readValue(type, message, scalar);
}

function checkSize(type: DbrType, count: number, payloadSize: number): void {
  const needed = type.valueOffset + (type.base === 'STRING' && count === 1 ? 0 : count * type.elementSize);
  if (payloadSize >= needed) return;
  throw new RemoteProtocolError(`A payload of ${payloadSize} bytes is too short for ${count} elements of ${type.name}.`);
}

function readValue(type: DbrType, message: Message, scalar: boolean): PvValue {
  const { bytes, view, count } = message;
  const at = message.start + type.valueOffset;
  const single = scalar && count === 1;
  switch (type.base) {
    case 'STRING': {
      const end = message.start + message.payloadSize;
      if (single) return decodeText(bytes, at, Math.min(at + 40, end));
      const texts: string[] = [];
      for (let i = 0; i < count; i += 1) texts.push(decodeText(bytes, at + i * 40, Math.min(at + i * 40 + 40, end)));
      return texts;
    }
    case 'SHORT': return single ? view.getInt16(at) : readArray('SHORT', bytes, at, count, message.owned, message.turnedTo);
    case 'FLOAT': return single ? view.getFloat32(at) : readArray('FLOAT', bytes, at, count, message.owned, message.turnedTo);
    case 'ENUM': return single ? view.getUint16(at) : readArray('ENUM', bytes, at, count, message.owned, message.turnedTo);
    case 'CHAR': return single ? view.getUint8(at) : readArray('CHAR', bytes, at, count, message.owned, message.turnedTo);
    case 'LONG': return single ? view.getInt32(at) : readArray('LONG', bytes, at, count, message.owned, message.turnedTo);
    case 'DOUBLE': return single ? view.getFloat64(at) : readArray('DOUBLE', bytes, at, count, message.owned, message.turnedTo);
  }
}
