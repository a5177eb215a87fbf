// The Python and C programs themselves: what they print, on the interpreter and compiler of this machine.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberOf, numbersOf, parseLine, type ProgramLine } from '../programLine';
import { compile, findCompiler } from '../runtimes/compiler';
import { findPythons } from '../runtimes/findPythons';

function lastLine(file: string, args: (string | number)[]): Promise<ProgramLine> {
  return new Promise((resolve, reject) => {
    execFile(file, args.map(String), (error, out) => {
      const line = parseLine(out.trim().split('\n').at(-1) ?? '');
      if (error || !line) reject(error ?? new Error(out));
      else resolve(line);
    });
  });
}

describe('the programs of the lab', () => {
  let python = '';
  let cache = '';
  const c: Record<string, string> = {};
  const py = (program: string, ...args: (string | number)[]) => lastLine(python, [join(__dirname, program), ...args]);
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'endstation-programs-'));
    python = (await findPythons(process.env))[0]?.path ?? '';
    const compiler = await findCompiler(process.env);
    if (!compiler) throw new Error('The tests need a C compiler.');
    for (const name of ['cpu_intense', 'race']) c[name] = await compile(compiler, join(__dirname, `${name}.c`), name, cache);
  });
  afterAll(() => rm(cache, { recursive: true }));

  it.each(['threads', 'lock', 'processes', 'asyncio'])('cpu_intense.py %s does every round and adds up ones and millions', async (mode) => {
    const line = await py('cpu_intense.py', mode, 2, 3);
    expect(numbersOf(line, 'counts')).toEqual([3, 3]);
    expect(numberOf(line, 'total')).toBe(3_000_003);
    expect(numberOf(line, 'wall')).toBeGreaterThan(0);
    expect(numberOf(line, 'cpu')).toBeGreaterThan(0);
  });

  it('cpu_intense.c does every round', async () => {
    const line = await lastLine(c['cpu_intense'] ?? '', ['threads', 3, 4]);
    expect(numbersOf(line, 'counts')).toEqual([4, 4, 4]);
    expect(numberOf(line, 'total')).toBe(4_000_008);
  });

  it('race loses nothing within a lock, in Python and in C, nor with atomics', async () => {
    for (const line of [await py('race.py', 'lock', 20_000, 1e-6), await lastLine(c['race'] ?? '', ['mutex', 100_000]), await lastLine(c['race'] ?? '', ['atomic', 100_000])]) {
      expect(numberOf(line, 'got')).toBe(numberOf(line, 'expected'));
    }
  });

  it('race.py finds the three opcodes of the window, and where the interpreter looks for a switch', async () => {
    const { opcodes } = await py('race.py', 'window', 2000);
    const listed = opcodes as [string, string, boolean, boolean][];
    expect(listed.filter(([, , inWindow]) => inWindow).map(([name]) => name)).toEqual(['LOAD_FAST', expect.stringMatching(/ADD|BINARY_OP/), 'STORE_GLOBAL']);
    expect(listed.find(([name]) => name.startsWith('JUMP'))?.[3]).toBe(true);
    expect(numberOf(await py('race.py', 'turns', 2000, 1e-6), 'turns')).toBeGreaterThan(0);
  });

  it('says who ran when, in Python and in C', async () => {
    for (const line of [await py('cpu_intense.py', 'timeline', 2, 0.1), await lastLine(c['cpu_intense'] ?? '', ['timeline', 2, 0.1])]) {
      const spans = line['spans'] as [number, number][][];
      expect(spans).toHaveLength(2);
      expect(spans.every((lane) => lane.length > 0 && lane.every(([from, to]) => from <= to && to <= 10_000))).toBe(true);
    }
  });

  it('sleep0, switch_interval and hog print what the experiments read', async () => {
    expect(numberOf(await py('sleep0.py', 'nothing', 3, 0.005), 'calls')).toBeGreaterThanOrEqual(3);
    expect(numbersOf(await py('switch_interval.py', 0.05, 0.001), 'loops')).toHaveLength(2);
    const line = await py('hog.py', 'await', 0.1);
    expect(numbersOf(line, 'ticks').length).toBeGreaterThan(2);
    expect(numbersOf(line, 'asleep')).toHaveLength(2);
  });

  it('compiles a program once, and says what the compiler said of one that is wrong', async () => {
    const compiler = await findCompiler(process.env);
    if (!compiler) throw new Error('The tests need a C compiler.');
    expect(await compile(compiler, join(__dirname, 'race.c'), 'race', cache)).toBe(c['race']);
    await expect(compile(compiler, join(__dirname, 'race.py'), 'race', cache)).rejects.toMatchObject({ code: 'COMPILE_FAILED' });
    await expect(compile(compiler, join(__dirname, 'race.ts'), 'race', join(cache, 'race.missing'))).rejects.toMatchObject({ code: 'COMPILE_FAILED' });
  });
});
