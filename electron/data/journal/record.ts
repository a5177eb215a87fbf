// One record of a journal: a line of JSON that begins with the checksum and length of the rest.
//   {"crc":"89abcdef","len":123,"name":"event","doc":{...}}
// The checksum (CRC-32) and the length (bytes) are those of `{"name":"event","doc":{...}}`.
import type { RunDocument } from '@shared/documents';
import { crc32 } from './crc32';

const newline = 10;
const head = /^\{"crc":"([0-9a-f]{8})","len":(\d{1,10}),/;
/** Bytes of the longest head. */
const longestHead = 40;

/** JSON has no NaN and no infinities: they become the strings "NaN", "Infinity", "-Infinity". Typed arrays become plain ones. */
function plainNumber(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function hasOddNumbers(data: Readonly<Record<string, unknown>>): boolean {
  for (const key in data) {
    const value = data[key];
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return true;
    } else if (ArrayBuffer.isView(value)) return true;
    else if (Array.isArray(value) && value.some((element) => typeof element === 'number' && !Number.isFinite(element))) return true;
  }
  return false;
}

/** A document as JSON text, exactly as it stands in the journal and on the command line. */
export function documentText(document: RunDocument): string {
  // The replacer makes every number a call; events nearly never need it.
  const simple = document.name === 'event' && !hasOddNumbers(document.doc.data);
  return simple ? JSON.stringify(document) : JSON.stringify(document, plainNumber);
}

export function encodeRecord(document: RunDocument): Buffer {
  const body = Buffer.from(documentText({ name: document.name, doc: document.doc } as RunDocument), 'utf8');
  const start = Buffer.from(`{"crc":"${crc32(body).toString(16).padStart(8, '0')}","len":${body.length},`, 'latin1');
  const record = Buffer.allocUnsafe(start.length + body.length);
  start.copy(record);
  // The head has the body's opening brace already.
  body.copy(record, start.length, 1);
  record[record.length - 1] = newline;
  return record;
}

/** null: the line is no whole record. `line` is without its newline. */
export function decodeRecord(line: Uint8Array): RunDocument | null {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  const match = head.exec(bytes.toString('latin1', 0, longestHead));
  const crc = match?.[1];
  const length = Number(match?.[2]);
  if (!match || crc === undefined || bytes.length - match[0].length !== length - 1) return null;
  const body = Buffer.from(bytes.subarray(match[0].length - 1));
  body[0] = 0x7b;
  if (crc32(body) !== Number.parseInt(crc, 16)) return null;
  return JSON.parse(body.toString('utf8')) as RunDocument;
}

export interface Decoded {
  readonly documents: RunDocument[];
  /** Bytes up to the end of the last whole record. */
  readonly good: number;
  /** Lines that are no records, the torn last one included. */
  readonly damaged: number;
  /** Of them, those after the last whole record. */
  readonly damagedAfter: number;
  /** What follows the last newline. */
  readonly rest: Uint8Array;
}

/** All records of a piece of a journal that begins at the beginning of a line. What is torn or damaged is left out. */
export function decodeRecords(bytes: Uint8Array): Decoded {
  const documents: RunDocument[] = [];
  let good = 0;
  let damaged = 0;
  let damagedAfter = 0;
  let start = 0;
  for (let end = bytes.indexOf(newline, start); end >= 0; end = bytes.indexOf(newline, start)) {
    const document = decodeRecord(bytes.subarray(start, end));
    start = end + 1;
    if (document) {
      documents.push(document);
      good = start;
      damagedAfter = 0;
    } else {
      damaged += 1;
      damagedAfter += 1;
    }
  }
  return { documents, good, damaged, damagedAfter, rest: bytes.subarray(start) };
}
