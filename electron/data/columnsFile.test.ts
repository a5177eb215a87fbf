import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '@shared/documents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsPath, readColumns } from './columnsFile';
import { encodeRecord } from './journal/record';

let folder: string;
let journal: string;
const points = 6000;
const event = (number: number): RunDocument => ({
  name: 'event', doc: { uid: `e${number}`, descriptor: 'd', time: number, seq_num: number, data: { x: number / 3, y: number === 2 ? Number.NaN : -number, t: `°${number}` }, timestamps: {} },
});
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'columns-'));
  journal = join(folder, '2026-11-22_00001_scan.journal.jsonl');
  const key = { source: 's', shape: [] };
  const documents: RunDocument[] = [
    { name: 'start', doc: { uid: 'u', time: 1, scan_id: 1, plan_name: 'scan', plan_args: {}, detectors: ['y'], motors: ['x'], hints: { dimensions: [] } } },
    {
      name: 'descriptor', doc: {
        uid: 'd', run_start: 'u', time: 1, name: 'primary', object_keys: {}, configuration: {}, hints: {},
        data_keys: { x: { ...key, dtype: 'number' }, y: { ...key, dtype: 'number' }, t: { ...key, dtype: 'string', note: 'x'.repeat(200_000) } as never },
      },
    },
    ...Array.from({ length: points }, (_, index) => event(index + 1)),
  ];
  writeFileSync(journal, Buffer.concat(documents.map(encodeRecord)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the columns of a run', () => {
  it('are the same from the journal and from their file, and made anew when the journal has grown', async () => {
    expect(statSync(journal).size).toBeGreaterThan(1_000_000);
    const path = columnsPath(folder, journal);
    const first = await readColumns(journal, path);
    expect(existsSync(path)).toBe(true);
    expect(await readColumns(journal, path)).toEqual(first);
    expect([first.time.length, first.columns['x']?.[2], first.columns['y']?.[1], first.columns['t']?.[5]]).toEqual([points, 1, Number.NaN, '°6']);
    appendFileSync(journal, encodeRecord(event(points + 1)));
    expect((await readColumns(journal, path)).time.length).toBe(points + 1);
  });
  it('are read from the journal where their file is broken', async () => {
    const path = columnsPath(folder, journal);
    const whole = readFileSync(path);
    for (const broken of [whole.subarray(0, -1), whole.subarray(0, 30), Buffer.alloc(0), Buffer.concat([Buffer.from('X'), whole.subarray(1)])]) {
      writeFileSync(path, broken);
      expect((await readColumns(journal, path)).time.length).toBe(points + 1);
    }
  });
});
