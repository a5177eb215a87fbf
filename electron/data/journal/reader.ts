// Reads journals: whole ones in pieces, or only their beginning and end for the catalogue.
import { promises as fs } from 'node:fs';
import type { RunDocument } from '@shared/documents';
import { decodeRecords } from './record';

const pieceSize = 1 << 20;

/** Records in order, in groups; a torn last one is left out. `end`: bytes to read, all without it. */
export async function* readJournal(path: string, end = Infinity): AsyncGenerator<readonly RunDocument[], void, undefined> {
  const file = await fs.open(path, 'r');
  try {
    let rest: Uint8Array = Buffer.alloc(0);
    for (let position = 0; position < end;) {
      const piece = Buffer.allocUnsafe(Math.min(pieceSize, end - position));
      const { bytesRead } = await file.read(piece, 0, piece.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const decoded = decodeRecords(Buffer.concat([rest, piece.subarray(0, bytesRead)]));
      rest = decoded.rest;
      yield decoded.documents;
    }
  } finally {
    await file.close();
  }
}

export async function readWholeJournal(path: string, end?: number): Promise<RunDocument[]> {
  const documents: RunDocument[] = [];
  for await (const group of readJournal(path, end)) documents.push(...group);
  return documents;
}

/** What a journal is like as a file. */
export interface JournalShape {
  /** Bytes up to the end of the last whole record: where a continued journal goes on. */
  readonly good: number;
  /** Bytes after it: a record that a crash tore off. */
  readonly torn: number;
  /** Lines before it that are no records: damage that no crash of the application makes. */
  readonly damaged: number;
}

/** Goes through a journal piece by piece, in bounded memory; `take` gets its records in order. `begin`: bytes that are known already, whole records. */
export async function scanJournal(path: string, take: (documents: readonly RunDocument[]) => void | Promise<void>, begin = 0): Promise<JournalShape> {
  const file = await fs.open(path, 'r');
  let good = begin;
  let damaged = 0;
  let damagedNow = 0;
  let position = begin;
  try {
    for (let rest: Uint8Array = Buffer.alloc(0); ;) {
      const piece = Buffer.allocUnsafe(pieceSize);
      const { bytesRead } = await file.read(piece, 0, piece.length, position);
      if (bytesRead === 0) return { good, torn: position - good, damaged };
      const from = position - rest.length;
      position += bytesRead;
      const decoded = decodeRecords(Buffer.concat([rest, piece.subarray(0, bytesRead)]));
      rest = decoded.rest;
      damagedNow += decoded.damaged;
      if (decoded.documents.length === 0) continue;
      good = from + decoded.good;
      // Lines after the last record may be the torn end.
      damaged += damagedNow - decoded.damagedAfter;
      damagedNow = decoded.damagedAfter;
      await take(decoded.documents);
    }
  } finally {
    await file.close();
  }
}

/** The records within the first and the last bytes of a file, for a summary without reading the run. */
export async function readEnds(path: string, size: number, span = 65_536): Promise<{ first: readonly RunDocument[]; last: readonly RunDocument[] } | null> {
  const file = await fs.open(path, 'r');
  try {
    // A start document may be long, as its plan's positions are in it.
    let first: readonly RunDocument[] = [];
    for (let length = Math.min(span, size); ; length = Math.min(2 * length, size)) {
      const head = Buffer.allocUnsafe(length);
      await file.read(head, 0, length, 0);
      first = decodeRecords(head).documents;
      if (first.length > 0 || length === size) break;
    }
    if (first.length === 0) return null;
    if (size <= span) return { first, last: first };
    const tail = Buffer.allocUnsafe(span);
    await file.read(tail, 0, span, size - span);
    const lineStart = tail.indexOf(10) + 1;
    return { first, last: decodeRecords(tail.subarray(lineStart)).documents };
  } finally {
    await file.close();
  }
}
