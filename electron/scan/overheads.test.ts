import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Overheads } from './overheads';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'overheads-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (seconds: number, points = 10, exitStatus: 'success' | 'abort' = 'success') => ({ exitStatus, points, seconds });

async function made(): Promise<Overheads> {
  const overheads = new Overheads(join(folder, 'overheads.json'));
  await overheads.settled;
  return overheads;
}

describe('what a point takes', () => {
  it('is known after a restart, by the profile and the detectors', async () => {
    const first = await made();
    first.learn('one', ['I0', 'I1'], run(5), 1);
    first.learn('one', ['I0'], run(1, 2), 0);
    first.learn('one', ['I1'], run(1, 10, 'abort'), 0);
    await first.settled;
    const again = await made();
    expect([again.of('one', ['I1', 'I0']), again.of('one', ['I0']), again.of('one', ['I1']), again.of('two', ['I0', 'I1'])]).toEqual([0.4, null, null, null]);
    expect(readdirSync(folder)).toEqual(['overheads.json']);
  });

  it('is kept of two programs', async () => {
    const [one, two] = [await made(), await made()];
    one.learn('p', ['A'], run(1), 0);
    await one.settled;
    two.learn('p', ['B'], run(2), 0);
    await two.settled;
    const again = await made();
    expect([again.of('p', ['A']), again.of('p', ['B'])]).toEqual([0.1, 0.2]);
  });

  it('is not learnt from a figure that is no number, which would take all the others with it', async () => {
    const first = await made();
    first.learn('p', ['A'], run(1), 0);
    // The path of a motor whose position was no number when the scan began.
    first.learn('p', ['B'], run(1), Number.NaN);
    await first.settled;
    expect([first.of('p', ['A']), first.of('p', ['B'])]).toEqual([0.1, null]);
    expect((await made()).of('p', ['A'])).toBe(0.1);
  });

  it('is kept of the latest 500 sets of detectors', async () => {
    writeFileSync(join(folder, 'overheads.json'), JSON.stringify({ version: 1, seconds: Array.from({ length: 500 }, (_, number) => [`p: D${number}`, 0.1]) }));
    const first = await made();
    first.learn('p', ['D0'], run(2), 0);
    first.learn('p', ['D500'], run(3), 0);
    await first.settled;
    const again = await made();
    expect(['D0', 'D1', 'D2', 'D500'].map((name) => again.of('p', [name]))).toEqual([0.2, null, 0.1, 0.3]);
  });

  it.each(['', 'null', '{"version": 1, "seconds": [null]}', '{"version": 1, "seconds": [["p: A", -1]]}', '[]', '{"version": 1, "sec'])('is measured again where the file is damaged: %s', async (text) => {
    writeFileSync(join(folder, 'overheads.json'), text);
    const overheads = await made();
    expect(overheads.of('p', ['A'])).toBeNull();
    overheads.learn('p', ['A'], run(1), 0);
    await overheads.settled;
    expect(JSON.parse(readFileSync(join(folder, 'overheads.json'), 'utf8'))).toMatchObject({ version: 1 });
    expect((await made()).of('p', ['A'])).toBe(0.1);
  });
});
