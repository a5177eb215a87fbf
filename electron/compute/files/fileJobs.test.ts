// What is no HDF5 file is refused before HDF5's library sees it, which would write pages to stderr; there is none in these folders.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeFile, listFile } from './fileJobs';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'endstation-files-')); });
afterEach(() => rm(folder, { recursive: true }));

const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
async function file(name: string, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
  return path;
}
const both = (path: string) => [() => describeFile({ path, dataset: '/x' }, { folder }), () => describeFile({ path }, { folder }), () => listFile({ path }, { folder })];

describe('files of HDF5', () => {
  it.each([
    ['text', ['1 2 3\n']], ['empty', []], ['half a signature', [signature.subarray(0, 7)]],
    ['a signature where none is looked for', [Buffer.alloc(256), signature, Buffer.alloc(2000)]],
  ] as const)('says that %s is none', async (_what, parts) => {
    const path = await file('bad.h5', ...parts);
    for (const look of both(path)) expect(look).toThrow(expect.objectContaining({ code: 'JOB_FAILED', message: `${path} is no HDF5 file: it has not the signature that each begins with. Write it again, or choose another.` }));
  });

  it.each([0, 512, 1024, 2048, 4096])('leaves one to the library that begins at byte %i', async (before) => {
    const path = await file('good.nxs', Buffer.alloc(before), signature, Buffer.alloc(100));
    // The library is not in this folder.
    expect(() => listFile({ path }, { folder })).toThrow(/hdf5Reader/);
    expect(() => describeFile({ path, dataset: '/x' }, { folder })).toThrow(/hdf5Reader/);
    expect(() => describeFile({ path }, { folder })).toThrow('Say which array of');
  });

  it('says why one can not be read', async () => {
    const [missing, inner] = [join(folder, 'none.h5'), join(folder, 'inner.h5')];
    await mkdir(inner);
    for (const look of both(missing)) expect(look).toThrow(`${missing} can't be read: there is no such file.`);
    for (const look of both(inner)) expect(look).toThrow(`${inner} can't be read: it is a folder.`);
  });
});
