import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '@shared/documents';
import type { ErrorData } from '@shared/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, ownCrc32 } from './crc32';
import { diskFiles, type FileLayer, type JournalHandle } from './fileLayer';
import { readJournal, readWholeJournal } from './reader';
import { decodeRecord, decodeRecords, encodeRecord } from './record';
import { JournalWriter } from './writer';

function event(number: number, data: Record<string, number | string | number[]> = { x: number }): RunDocument {
  return { name: 'event', doc: { uid: `e${number}`, descriptor: 'd', time: number, seq_num: number, data, timestamps: { x: number } } };
}
const folder = (): string => mkdtempSync(join(tmpdir(), 'journal-'));

describe('a record', () => {
  it('has the checksum of zlib', () => {
    // python: zlib.crc32(b'123456789')
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
    // python: zlib.crc32(bytes(i * 7 & 255 for i in range(10007)))
    const long = Uint8Array.from({ length: 10_007 }, (_, index) => index * 7);
    expect([crc32(long), ownCrc32(long)]).toEqual([0xcd4b2422, 0xcd4b2422]);
    expect(ownCrc32(long, 3, 9000)).toBe(crc32(long.slice(3, 9000)));
  });
  it('is one line of JSON that names its checksum and length', () => {
    const record = encodeRecord(event(1)).toString();
    expect(record.endsWith('}\n')).toBe(true);
    const { crc, len, ...document } = JSON.parse(record) as { crc: string; len: number; name: string };
    expect(document).toEqual(event(1));
    const body = JSON.stringify(document);
    expect([crc, len]).toEqual([crc32(Buffer.from(body)).toString(16).padStart(8, '0'), Buffer.byteLength(body)]);
  });
  it('carries any text and number there and back', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), (text, number) => {
      const document = event(1, { text, number, array: [number] });
      const line = encodeRecord(document);
      const expected = JSON.parse(JSON.stringify(document)) as RunDocument;
      expect(decodeRecord(line.subarray(0, -1))).toEqual(expected);
    }), { numRuns: 40 });
  });
  it('writes what is no number as a string', () => {
    const back = decodeRecord(encodeRecord(event(1, { a: Number.NaN, b: -Infinity, c: [1, Infinity] })).subarray(0, -1));
    expect(back).toMatchObject({ doc: { data: { a: 'NaN', b: '-Infinity', c: [1, 'Infinity'] } } });
  });
  it('with any one bit changed is none', () => {
    const line = encodeRecord(event(7, { text: 'µm °C' })).subarray(0, -1);
    for (let bit = 0; bit < line.length * 8; bit++) {
      const changed = Buffer.from(line);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const back = decodeRecord(changed);
      // A digit of the length or of the checksum may be written in another, equal way: never other content.
      if (back) expect(back).toEqual(event(7, { text: 'µm °C' }));
    }
  });
  it('torn at every byte leaves the ones before it whole', () => {
    const first = encodeRecord(event(1));
    const last = encodeRecord(event(2, { text: 'the last µ' }));
    for (let length = 0; length < last.length; length++) {
      const decoded = decodeRecords(Buffer.concat([first, last.subarray(0, length)]));
      expect(decoded.documents).toEqual([event(1)]);
      expect(decoded.good).toBe(first.length);
    }
    expect(decodeRecords(Buffer.concat([first, last])).documents).toHaveLength(2);
  });
});

describe('reading', () => {
  it('joins records across its pieces, and stops where it is told', async () => {
    const path = join(folder(), 'run');
    const records = Array.from({ length: 3000 }, (_, index) => encodeRecord(event(index, { text: 'x'.repeat(index % 900) })));
    writeFileSync(path, Buffer.concat(records));
    const all: RunDocument[] = [];
    for await (const group of readJournal(path)) all.push(...group);
    expect(all.map((document) => document.name === 'event' && document.doc.seq_num)).toEqual(records.map((_, index) => index));
    const end = Buffer.concat(records.slice(0, 2000)).length;
    expect(await readWholeJournal(path, end)).toHaveLength(2000);
  });
});

/** A disk that fails: `plan` says for each call what happens. */
class FailingFiles implements FileLayer {
  calls = 0;
  constructor(private readonly fails: (call: number, operation: 'write' | 'sync') => { code: string; partial?: number } | null) {}

  async create(path: string): Promise<JournalHandle> {
    const real = await diskFiles.create(path);
    const check = (operation: 'write' | 'sync'): { code: string; partial?: number } | null => this.fails(this.calls++, operation);
    return {
      write: async (bytes, position) => {
        const failure = check('write');
        if (!failure) return real.write(bytes, position);
        // A full disk takes a part before it refuses.
        if (failure.partial) await real.write(bytes.subarray(0, failure.partial), position);
        throw Object.assign(new Error(failure.code), { code: failure.code });
      },
      sync: async () => {
        const failure = check('sync');
        if (failure) throw Object.assign(new Error(failure.code), { code: failure.code });
        return real.sync();
      },
      truncate: real.truncate,
      size: real.size,
      isAt: real.isAt,
      close: real.close,
    };
  }

  open(path: string): Promise<JournalHandle> {
    return diskFiles.open(path);
  }

  syncFolder(path: string): Promise<void> {
    return diskFiles.syncFolder(path);
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('writing', () => {
  it('tells of documents in order, and only of those that the file has', async () => {
    const path = join(folder(), 'run');
    const writer = new JournalWriter(await diskFiles.create(path), path);
    const told: number[] = [];
    writer.synced((documents) => {
      const onDisk = decodeRecords(readFileSync(path)).documents.length;
      for (const { name, doc } of documents) if (name === 'event') told.push(doc.seq_num);
      expect(onDisk).toBeGreaterThanOrEqual(told.length);
    });
    for (let number = 0; number < 500; number++) {
      writer.append(event(number));
      if (number % 50 === 0) await turn();
    }
    await writer.drained();
    await writer.close();
    expect(told).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect(await readWholeJournal(path)).toHaveLength(500);
  });

  it('waits for what was there before, however much comes meanwhile', async () => {
    const path = join(folder(), 'run');
    const writer = new JournalWriter(await diskFiles.create(path), path);
    // A PV that updates faster than the disk takes it.
    let number = 0;
    let synced = 0;
    writer.synced((documents) => {
      synced += documents.length;
      if (number < 1000) writer.append(event(number++));
    });
    writer.append(event(number++));
    await writer.drained();
    expect(synced).toBe(1);
    await writer.close();
  });

  for (const code of ['ENOSPC', 'EIO', 'EDQUOT']) {
    it(`loses nothing to ${code} at each write and each sync`, async () => {
      for (let failing = 0; failing < 8; failing++) {
        const path = join(folder(), 'run');
        let failed = false;
        const files = new FailingFiles((call) => {
          if (call !== failing || failed) return null;
          failed = true;
          return { code, partial: 1 + failing * 7 };
        });
        const writer = new JournalWriter(await files.create(path), path);
        const told: number[] = [];
        const troubles: ErrorData[] = [];
        writer.synced((documents) => { for (const { name, doc } of documents) if (name === 'event') told.push(doc.seq_num); });
        writer.trouble((error) => {
          troubles.push(error);
          const whole = decodeRecords(readFileSync(path)).documents;
          expect(whole.length).toBeGreaterThanOrEqual(told.length);
        });
        for (let number = 0; number < 4; number++) {
          writer.append(event(number));
          // Each in a group of its own, until the disk fails.
          while (writer.pending > 0 && troubles.length === 0) await turn();
        }
        expect(troubles).toHaveLength(1);
        expect(troubles[0]?.code).toBe('DISK');
        expect(troubles[0]?.message).toContain(path);
        expect(writer.pending).toBeGreaterThan(0);
        writer.retry();
        await writer.drained();
        await writer.close();
        expect(told).toEqual([0, 1, 2, 3]);
        expect(await readWholeJournal(path)).toEqual([event(0), event(1), event(2), event(3)]);
      }
    });
  }

  it('closes although the disk stays full, and what was told is there', async () => {
    const path = join(folder(), 'run');
    const files = new FailingFiles((call) => call >= 2 ? { code: 'ENOSPC' } : null);
    const writer = new JournalWriter(await files.create(path), path);
    writer.append(event(0));
    await turn();
    writer.append(event(1));
    await turn();
    await writer.close();
    await writer.drained();
    expect(await readWholeJournal(path)).toEqual([event(0)]);
  });

  it('stops with the reason where its file is moved away, loses nothing, and goes on when it is back', async () => {
    const inner = join(folder(), 'runs');
    mkdirSync(inner);
    const path = join(inner, 'run');
    const writer = new JournalWriter(await diskFiles.create(path), path, null, 0);
    const troubles: ErrorData[] = [];
    const told: number[] = [];
    writer.trouble((error) => troubles.push(error));
    writer.synced((documents) => { for (const { name, doc } of documents) if (name === 'event') told.push(doc.seq_num); });
    writer.append(event(0));
    await writer.drained();
    renameSync(inner, `${inner}-elsewhere`);
    writer.append(event(1));
    while (writer.pending > 0 && troubles.length === 0) await turn();
    expect(troubles.map(({ code }) => code)).toEqual(['DISK']);
    expect(troubles[0]?.message).toMatch(/moved or removed/);
    expect(troubles[0]?.message).toContain(path);
    expect(told).toEqual([0]);
    expect(await writer.isInPlace()).toBe(false);
    // Another file of that name is not the run's.
    mkdirSync(inner);
    writeFileSync(path, 'another');
    writer.retry();
    while (troubles.length === 1) await turn();
    expect(told).toEqual([0]);
    rmSync(inner, { recursive: true });
    renameSync(`${inner}-elsewhere`, inner);
    writer.retry();
    await writer.drained();
    expect([told, await writer.isInPlace()]).toEqual([[0, 1], true]);
    await writer.close();
    expect(await readWholeJournal(path)).toEqual([event(0), event(1)]);
  });

  it('closed while its file is elsewhere, leaves it whole there', async () => {
    const path = join(folder(), 'run');
    const writer = new JournalWriter(await diskFiles.create(path), path, null, 0);
    let isStuck = false;
    writer.trouble(() => { isStuck = true; });
    renameSync(path, `${path}-elsewhere`);
    writer.append(event(0));
    while (!isStuck && writer.pending > 0) await turn();
    writer.append(event(1));
    await writer.close();
    expect(await readWholeJournal(`${path}-elsewhere`)).toEqual([event(0), event(1)]);
  });
});
