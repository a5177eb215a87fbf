import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Datum, Event, RunDocument } from '@shared/documents';
import type { NumericArray } from '@shared/pv';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskFiles, type FileLayer, type JournalHandle } from '../journal/fileLayer';
import { readWholeJournal } from '../journal/reader';
import { JournalWriter } from '../journal/writer';
import { readColumn } from '../runColumn';
import { arraysPath, lockPath } from '../runNames';
import { createRunStore, type RunStore } from '../runStore';
import { decodeArray, encodeArray, typeOf, viewAs } from './arrayRecord';
import { ArraysFile } from './arraysFile';
import { ArraysReader, placeOf } from './arraysReader';
import { ArrayTaker } from './arrayTaker';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'arrays-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uid = '01234567-89ab-4cde-8f01-23456789abcd';
const frame = (point: number, pixels = 12): Uint16Array => Uint16Array.from({ length: pixels }, (_, index) => 1000 * point + index);
const descriptor = (image = { dtype_numpy: '<u2', shape: [3, 4] }): RunDocument => ({
  name: 'descriptor', doc: {
    uid: 'd', run_start: uid, time: 1, name: 'primary', object_keys: {}, configuration: {}, hints: {},
    data_keys: { x: { source: 'x', dtype: 'number', shape: [] }, image: { source: 'i', dtype: 'array', ...image }, names: { source: 'n', dtype: 'array', shape: [2] } },
  },
});
const event = (point: number, image: NumericArray | readonly number[] = frame(point)): RunDocument => ({
  name: 'event', doc: { uid: `e${point}`, descriptor: 'd', time: point, seq_num: point, data: { x: point, image, names: ['a', 'b'] }, timestamps: {} },
});

describe('a record of the arrays file', () => {
  it('gives any array back, of any shape', () => {
    const arrays: fc.Arbitrary<NumericArray> = fc.oneof(fc.uint8Array(), fc.uint16Array(), fc.int16Array(), fc.int32Array(), fc.float32Array(), fc.float64Array());
    fc.assert(fc.property(arrays, (values) => {
      const about = { dtype: typeOf(values), shape: [1, values.length] };
      const record = encodeArray(values, about.shape);
      expect(record.length % 8).toBe(0);
      const bytes = decodeArray(record, about);
      expect(bytes && viewAs(about.dtype, Uint8Array.from(bytes))).toEqual(values);
    }));
  });

  it('with any bit of it changed, or cut anywhere, is none', () => {
    const about = { dtype: '<u2', shape: [3] } as const;
    const record = encodeArray(Uint16Array.of(7, 8, 65_535), about.shape);
    for (let bit = 0; bit < 54 * 8; bit++) {
      const changed = Buffer.from(record);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeArray(changed, about)).toBeNull();
    }
    for (let length = 0; length < 54; length++) expect(decodeArray(record.subarray(0, length), about)).toBeNull();
    expect(decodeArray(record, { ...about, shape: [1, 3] })).toBeNull();
  });
});

describe('what is taken out of documents', () => {
  it('is what the documents refer to, by names of the standard; texts stay', () => {
    const taker = new ArrayTaker(uid, '/data', 'x.arrays');
    const [described] = taker.take(descriptor());
    expect(described?.document).toMatchObject({ doc: { data_keys: { image: { external: 'FILESTORE:' } } } });
    expect(JSON.stringify(described)).not.toContain('"names":{"source":"n","dtype":"array","shape":[2],"external"');
    const first = taker.take(event(1));
    expect(first.map(({ document }) => document.name)).toEqual(['resource', 'datum', 'event']);
    expect(first[0]?.document).toMatchObject({ doc: { run_start: uid, spec: 'ENDSTATION_ARRAYS_1', root: '/data', resource_path: 'x.arrays' } });
    const datum = first[1]?.document.doc as Datum;
    expect(first[2]?.document).toMatchObject({ doc: { data: { x: 1, image: datum.datum_id, names: ['a', 'b'] }, filled: { image: false } } });
    const [next] = taker.take(event(2));
    expect(next?.record?.position).toBe(first[1]?.record?.bytes.length);
    expect(placeOf(next?.document.doc as Datum)).toEqual({ offset: 80 + 56, dtype: '<u2', shape: [3, 4] });
  });

  it('is as exact as it came: plain numbers that are none of the type become doubles', () => {
    const taker = new ArrayTaker(uid, '/data', 'x.arrays');
    taker.take(descriptor({ dtype_numpy: '<i2', shape: [2] }));
    const typeFor = (values: readonly number[]): unknown => taker.take(event(1, values)).flatMap(({ document }) => (document.name === 'datum' ? [document.doc.datum_kwargs['dtype']] : []))[0];
    expect([typeFor([1, -32_768]), typeFor([1, 32_768]), typeFor([0.5]), typeFor([-0])]).toEqual(['<i2', '<f8', '<f8', '<f8']);
  });
});

/** A disk on which one call fails, `at` counted over both files. */
class FailingFiles implements FileLayer {
  #calls = 0;
  constructor(private readonly at: number, private readonly code: string) {}

  async create(path: string): Promise<JournalHandle> {
    return this.#failing(await diskFiles.create(path));
  }
  async open(path: string): Promise<JournalHandle> {
    return this.#failing(await diskFiles.open(path));
  }
  syncFolder(path: string): Promise<void> {
    return diskFiles.syncFolder(path);
  }

  #failing(real: JournalHandle): JournalHandle {
    const fail = (): void => {
      if (this.#calls++ === this.at) throw Object.assign(new Error(this.code), { code: this.code });
    };
    return {
      write: async (bytes, position) => {
        try {
          fail();
        } catch (error) {
          await real.write(bytes.subarray(0, 5), position);
          throw error;
        }
        return real.write(bytes, position);
      },
      sync: async () => { fail(); await real.sync(); },
      truncate: real.truncate, size: real.size, isAt: real.isAt, close: real.close,
    };
  }
}

async function imagesOf(journal: string): Promise<(number[] | null)[]> {
  const reader = new ArraysReader(journal);
  const images: (number[] | null)[] = [];
  for (const { name, doc } of await readWholeJournal(journal)) {
    const place = name === 'datum' ? placeOf(doc) : null;
    const values = place && await reader.read(place);
    if (name === 'datum') images.push(values && [...values]);
  }
  await reader.close();
  return images;
}

describe('a point with an image', () => {
  for (const code of ['ENOSPC', 'EIO']) {
    it(`is taken only when its image is on the disk, and ${code} at each write and sync loses none`, async () => {
      for (let at = 0; at < 12; at++) {
        const journal = join(folder, `${code}-${at}.journal.jsonl`);
        const files = new FailingFiles(at, code);
        const writer = new JournalWriter(await files.create(journal), journal, new ArraysFile(files, arraysPath(journal)));
        const taker = new ArrayTaker(uid, folder, 'x');
        const told: number[] = [];
        const troubles: string[] = [];
        writer.synced((documents) => {
          for (const { name, doc } of documents) {
            if (name !== 'event') continue;
            told.push(doc.seq_num);
            // Its record is the n-th of the file, whole.
            const bytes = readFileSync(arraysPath(journal)).subarray((doc.seq_num - 1) * 80, doc.seq_num * 80);
            expect(decodeArray(bytes, { dtype: '<u2', shape: [3, 4] })).not.toBeNull();
          }
        });
        writer.trouble(({ message }) => troubles.push(message));
        for (const document of [descriptor(), event(1), event(2), event(3)]) {
          for (const taken of taker.take(document)) writer.append(taken.document, taken.record);
          while (writer.pending > 0) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            writer.retry();
          }
        }
        await writer.close();
        expect(told).toEqual([1, 2, 3]);
        expect(troubles).toHaveLength(1);
        expect(troubles[0]).toMatch(/^(The journal|The file of the run's images and spectra) .*(disk is full|EIO)/);
        expect(await imagesOf(journal)).toEqual([1, 2, 3].map((point) => [...frame(point)]));
      }
    });
  }
});

describe('a run with images that is interrupted', () => {
  const loseOwner = (journal: string): void => writeFileSync(lockPath(journal), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
  const newStore = (): RunStore => {
    const own = mkdtempSync(join(folder, 'store-'));
    return createRunStore({ folder: () => own, version: '1', makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, 'x')) });
  };
  async function begun(store: RunStore, points: number): Promise<string> {
    const own = randomUUID();
    const run = await store.open({ name: 'start', doc: { uid: own, time: 1, scan_id: await store.nextScanId(), plan_name: 'count', plan_args: {}, detectors: [], motors: [], hints: { dimensions: [] } } });
    run.append(descriptor());
    for (let point = 1; point <= points; point++) run.append(event(point));
    await run.drained();
    await run.close(1000);
    loseOwner(run.journal);
    return run.journal;
  }

  it('goes on behind its last image; what a crash left behind it is cut, wherever that was', async () => {
    for (const left of [0, 1, 40, 79]) {
      const store = newStore();
      const journal = await begun(store, 2);
      if (left > 0) appendFileSync(arraysPath(journal), encodeArray(frame(3), [3, 4]).subarray(0, left));
      const told: Event[] = [];
      const run = await store.interrupted('1', (document) => { if (document.name === 'event') told.push(document.doc); });
      expect(told.map(({ data }) => data['image'])).toEqual([frame(1), frame(2)]);
      const { file } = await store.reopen(run);
      file.append(event(3));
      await file.drained();
      await file.close(1000);
      expect(await imagesOf(journal)).toEqual([1, 2, 3].map((point) => [...frame(point)]));
      expect(statSync(arraysPath(journal)).size).toBe(3 * 80);
      expect((await readWholeJournal(journal)).filter(({ name }) => name === 'resource')).toHaveLength(1);
      await store.dispose();
    }
  });

  it('is read where its file of images is damaged or gone: only those are missing', async () => {
    const store = newStore();
    const journal = await begun(store, 3);
    expect(await readColumn(journal, 1, 'image')).toMatchObject({ shape: [3, 3, 4], values: Float64Array.from([...frame(1), ...frame(2), ...frame(3)]) });
    truncateSync(arraysPath(journal), 2 * 80 + 60);
    expect((await imagesOf(journal)).map((image) => image?.length)).toEqual([12, 12, undefined]);
    rmSync(arraysPath(journal));
    expect((await readColumn(journal, 1, 'image')).values.every(Number.isNaN)).toBe(true);
    expect((await readColumn(journal, 1, 'x')).values).toEqual(Float64Array.of(1, 2, 3));
    await store.dispose();
  });
});

describe('an image of a run', () => {
  it('is read alone, by its point, also while the run goes on; what is missing is none', async () => {
    const own = mkdtempSync(join(folder, 'frames-'));
    const store = createRunStore({ folder: () => own, version: '1', makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, 'x')) });
    const run = await store.open({ name: 'start', doc: { uid, time: 1, scan_id: await store.nextScanId(), plan_name: 'count', plan_args: {}, detectors: [], motors: [], hints: { dimensions: [] } } });
    const take = async (...documents: RunDocument[]): Promise<void> => {
      for (const document of documents) run.append(document);
      await run.drained();
    };
    // Another stream has images of its own, and one point has none.
    const other: RunDocument = { name: 'descriptor', doc: { uid: 'b', run_start: uid, time: 1, name: 'baseline', object_keys: {}, configuration: {}, hints: {}, data_keys: { image: { source: 'i', dtype: 'array', shape: [3, 4], dtype_numpy: '<u2' } } } };
    const aside = (point: number): RunDocument => ({ name: 'event', doc: { uid: `b${point}`, descriptor: 'b', time: point, seq_num: 1, data: { image: frame(100 + point) }, timestamps: {} } });
    const without: RunDocument = { name: 'event', doc: { uid: 'e2', descriptor: 'd', time: 2, seq_num: 2, data: { x: 2, names: ['a', 'b'] }, timestamps: {} } };
    await take(descriptor(), other, aside(1), event(1), without, event(3));
    const at = (point: number, key = 'image') => store.frame(uid, key, point);
    expect(await at(1)).toEqual({ shape: [3, 4], values: frame(1) });
    expect(await at(2)).toBeNull();
    expect(await Promise.all([at(3), at(1), at(3)])).toEqual([3, 1, 3].map((point) => ({ shape: [3, 4], values: frame(point) })));
    expect(await Promise.all([at(4), at(1, 'x'), at(1, 'nothing')])).toEqual([null, null, null]);
    await take(event(4), aside(2), event(5, Float64Array.of(0.5, 1, 2)));
    expect(await at(4)).toEqual({ shape: [3, 4], values: frame(4) });
    expect(await at(5)).toEqual({ shape: [3], values: Float64Array.of(0.5, 1, 2) });
    await run.close(1000);
    truncateSync(arraysPath(run.journal), 90);
    expect(await at(1)).toBeNull();
    rmSync(arraysPath(run.journal));
    expect(await at(4)).toBeNull();
    await expect(store.frame('ffffffff', 'image', 1)).rejects.toMatchObject({ code: 'NO_RUN' });
    await store.dispose();
  });
});
