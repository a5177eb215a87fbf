import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabResult } from '@shared/lab';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabImports, readResults } from './imports';

const result = (id: string, finishedAt: number): LabResult => ({
  id, title: 'One against two', claim: 'c', verdict: 'holds', reason: 'r', figures: { 'cThreads.t1': { value: 0.12, unit: 's', spread: 0.01 } }, finishedAt,
  environment: { cpu: 'Other', cores: 64, os: 'Linux 6', versions: { cpythonThreads: '3.13.1' } }, runtime: { name: 'C', version: '12', path: '/usr/bin/cc' },
  series: [{ name: 'C', x: { title: 'Threads', unit: '' }, y: { title: 'Throughput', unit: 'x' }, lines: ['cThreads'], points: [[1, 1], [2, 2]], spreads: [[null], [0.1]] }],
  timelines: [{ name: 'hog', lanes: [{ title: 'Other', spans: [[0, 1]] }] }], claims: [{ claim: 6, verdict: 'holds', reason: 'r' }],
});

describe('readResults', () => {
  it('reads one result, a list, and the lines of the command line, the newest first', () => {
    const [a, b] = [result('speedup', 1), result('race', 2)];
    expect(readResults('one.json', JSON.stringify(a, null, 2))).toEqual([a]);
    expect(readResults('list.json', JSON.stringify([a, b]))).toEqual([b, a]);
    expect(readResults('lines.jsonl', `${JSON.stringify(a)}\nnoise\n${JSON.stringify(b)}\n{"claim":1,"text":"t","verdict":"holds"}\n`)).toEqual([b, a]);
  });

  it('reads the texts that stand for NaN and infinities', () => {
    const text = JSON.stringify(result('speedup', 1)).replace('0.12', '"NaN"');
    expect(readResults('a', text)[0]?.figures['cThreads.t1']?.value).toBeNaN();
  });

  it.each(['', 'hello', '{}', '[1,2]', '{"id":"speedup","verdict":"holds"}', JSON.stringify({ ...result('x', 1), figures: { a: { value: '<b>', unit: '' } } })])('says that there is no result in %j', (text) => {
    expect(() => readResults('holiday.txt', text)).toThrow(/holiday\.txt has no result/);
  });

  it('leaves out members that are none of a result', () => {
    expect(readResults('a', JSON.stringify({ ...result('x', 1), secret: 1 }))[0]).not.toHaveProperty('secret');
  });
});

describe('LabImports', () => {
  let folder = '';
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'endstation-imports-')); });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps what was imported, to the next start, until it is forgotten', async () => {
    const file = join(folder, 'imports.json');
    const added = await new LabImports(file).add('other.json', JSON.stringify([result('speedup', 1), result('race', 5)]));
    expect(added).toMatchObject({ name: 'other.json', machine: { cpu: 'Other', cores: 64 } });
    const again = new LabImports(file);
    expect(await again.list()).toEqual([added]);
    await again.forget(added.id);
    expect(await new LabImports(file).list()).toEqual([]);
  });
});
