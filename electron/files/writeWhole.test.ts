import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeWhole } from './writeWhole';

const folder = () => mkdtempSync(join(tmpdir(), 'whole-'));

it('writes into a folder that was not there, and leaves nothing beside it', async () => {
  const at = join(folder(), 'a', 'b');
  await writeWhole(join(at, 'queue.json'), 'one');
  await writeWhole(join(at, 'queue.json'), 'µ two');
  expect(readFileSync(join(at, 'queue.json'), 'utf8')).toBe('µ two');
  expect(readdirSync(at)).toEqual(['queue.json']);
});

it('says what the system says where it can not write, and the old stays', async () => {
  const at = folder();
  writeFileSync(join(at, 'file'), 'old');
  await expect(writeWhole(join(at, 'file', 'below'), 'new')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(join(at, 'file'), 'utf8')).toBe('old');
});
