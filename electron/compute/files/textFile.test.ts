import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeText, readTextPart } from './textFile';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'endstation-text-')); });
afterEach(() => rm(folder, { recursive: true }));

async function saved(text: string): Promise<string> {
  const path = join(folder, 'table.csv');
  await writeFile(path, text);
  return path;
}
const all = (path: string, column?: string | number) => readTextPart(describeText(path, column));

it('reads a table whole, or one column, without its head and its comments', async () => {
  const path = await saved('# µm\r\n"x", y\r\n\r\n1, 2\r\n# between\r\n3, nan\r\n5');
  expect(describeText(path, undefined)).toEqual({ stored: 'text', path, shape: [3, 2], first: 0, itemSize: 8 });
  expect(all(path)).toEqual(Float64Array.of(1, 2, 3, NaN, 5, NaN));
  expect(all(path, 'y')).toEqual(Float64Array.of(2, NaN, NaN));
  expect(readTextPart({ ...describeText(path, 1), first: 1, shape: [1] })).toEqual(Float64Array.of(3));
  expect(readTextPart({ ...describeText(path, 1), first: 2, shape: [5] })).toEqual(Float64Array.of(5));
});

it.each([['1 2   3\n4\t5 6', [1, 2, 3, 4, 5, 6]], ['7', [7]], ['1;2\n', [1, 2]], ['a b\n-inf Infinity\n', [-Infinity, Infinity]]] as const)('reads %j', async (text, values) => {
  expect([...all(await saved(text))]).toEqual(values);
});

it('reads a file in parts, whatever a part ends in the middle of', async () => {
  const rows = 200_000;
  const path = await saved(`# ${'µ'.repeat(1_048_573)}\nvalue;twice\n${Array.from({ length: rows }, (_, i) => `${i};${2 * i}`).join('\n')}`);
  const twice = all(path, 'twice');
  expect(twice).toHaveLength(rows);
  expect(twice.findIndex((value, i) => value !== 2 * i)).toBe(-1);
});

it('refuses what has no numbers in it, or no lines', async () => {
  const empty = await saved('# nothing\n');
  expect(() => describeText(empty, undefined)).toThrow('has no numbers in it');
  const endless = await saved('1'.repeat(17_000_000));
  expect(() => describeText(endless, undefined)).toThrow('a line of more than 16 million characters');
});
