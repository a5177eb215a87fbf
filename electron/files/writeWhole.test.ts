import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceWhole, writeWhole } from './writeWhole';

const folder = () => mkdtempSync(join(tmpdir(), 'whole-'));

it('writes into a folder that was not there, and leaves nothing beside it', async () => {
  const at = join(folder(), 'a', 'b');
  await writeWhole(join(at, 'queue.json'), 'one');
  await writeWhole(join(at, 'queue.json'), 'µ two');
  expect(readFileSync(join(at, 'queue.json'), 'utf8')).toBe('µ two');
  await writeWhole(join(at, 'columns'), [Buffer.from('ab'), Uint8Array.of(99)]);
  expect(readFileSync(join(at, 'columns'), 'utf8')).toBe('abc');
  expect(readdirSync(at)).toEqual(['columns', 'queue.json']);
});

it('says what the system says where it can not write, and the old stays', async () => {
  const at = folder();
  writeFileSync(join(at, 'file'), 'old');
  await expect(writeWhole(join(at, 'file', 'below'), 'new')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(join(at, 'file'), 'utf8')).toBe('old');
});

it('keeps the old where what writes the new fails half way, and leaves nothing of it', async () => {
  const at = folder();
  writeFileSync(join(at, 'file'), 'old');
  await expect(replaceWhole(join(at, 'file'), async (unfinished) => {
    await fs.writeFile(unfinished, 'half');
    throw new Error('no more');
  })).rejects.toThrow('no more');
  expect(readFileSync(join(at, 'file'), 'utf8')).toBe('old');
  expect(readdirSync(at)).toEqual(['file']);
});
