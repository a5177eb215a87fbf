import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeNpy } from './npyFile';
import { readStoredInput } from './readStoredInput';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'endstation-stored-')); });
afterEach(() => rm(folder, { recursive: true }));

/** A thousand values of one byte. */
async function bytes(type: '|i1' | '|u1'): Promise<string> {
  const path = join(folder, `${type.slice(1)}.npy`);
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (1000,), }`.padEnd(117);
  await writeFile(path, Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), Buffer.from([118, 0]), Buffer.from(`${header}\n`, 'latin1'), Buffer.alloc(1000, 7)]));
  return path;
}

it('counts what an array takes as the type of the job, not only in its file', async () => {
  const [signed, unsigned] = [describeNpy(await bytes('|i1')), describeNpy(await bytes('|u1'))];
  expect(readStoredInput({ data: unsigned }, folder, 0.002)).toEqual({ data: new Uint8Array(1000).fill(7) });
  expect(readStoredInput({ data: signed }, folder, 0.01)).toEqual({ data: new Float64Array(1000).fill(7) });
  expect(() => readStoredInput({ data: signed }, folder, 0.002)).toThrow(expect.objectContaining({ code: 'MEMORY_LIMIT' }));
  expect(() => readStoredInput({ data: unsigned }, folder, 0.0005)).toThrow(expect.objectContaining({ code: 'MEMORY_LIMIT' }));
});
