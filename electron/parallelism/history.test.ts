import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabResult } from '@shared/lab';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabHistory } from './history';

const result = (finishedAt: number): LabResult => ({
  id: 'speedup', title: '', claim: '', verdict: 'holds', reason: '', figures: {}, finishedAt,
  environment: { cpu: '', cores: 2, os: '', versions: {} }, runtime: { name: '', version: '', path: '' },
});

describe('LabHistory', () => {
  let folder = '';
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'endstation-history-')); });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was added, the newest first, also to the next start', async () => {
    const file = join(folder, 'deep', 'results.json');
    const history = new LabHistory(file);
    await Promise.all([history.add(result(1)), history.add(result(2))]);
    const times = (await new LabHistory(file).list()).map(({ finishedAt }) => finishedAt);
    expect(times).toEqual([2, 1]);
  });

  it('keeps the newest 200', async () => {
    const history = new LabHistory(join(folder, 'results.json'));
    for (let i = 0; i < 203; i++) await history.add(result(i));
    const kept = await history.list();
    expect([kept.length, kept[0]?.finishedAt, kept.at(-1)?.finishedAt]).toEqual([200, 202, 3]);
  });

  it('keeps what another process added meanwhile, as the command line does beside the window', async () => {
    const file = join(folder, 'results.json');
    const [window, commandLine] = [new LabHistory(file), new LabHistory(file)];
    await window.add(result(1));
    await commandLine.add(result(2));
    expect((await window.list()).map(({ finishedAt }) => finishedAt)).toEqual([2, 1]);
    await commandLine.add(result(3));
    await window.add(result(4));
    expect((await new LabHistory(file).list()).map(({ finishedAt }) => finishedAt)).toEqual([4, 3, 2, 1]);
  });

  it('begins anew beside a file that is broken, and passes over what is no result', async () => {
    const file = join(folder, 'results.json');
    await writeFile(file, '[{"id":');
    expect(await new LabHistory(file).list()).toEqual([]);
    await writeFile(file, JSON.stringify([{ id: 'x' }, result(7)]));
    expect(await new LabHistory(file).list()).toHaveLength(1);
  });

  it('says when it can not be written', async () => {
    const file = join(folder, 'plain');
    await writeFile(file, 'not a folder');
    await expect(new LabHistory(join(file, 'results.json')).add(result(1))).rejects.toThrow('plain');
    expect(await readFile(file, 'utf8')).toBe('not a folder');
  });
});
