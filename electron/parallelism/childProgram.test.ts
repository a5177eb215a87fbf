import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runProgram } from './childProgram';
import type { ProgramLine } from './programLine';

const node = (script: string) => ({ file: process.execPath, args: ['-e', script] });
/** An ended process that its parent has not waited for yet still has its id: that is no running process. */
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('runProgram', () => {
  it('gives the JSON lines, as they come and at the end, and passes over others', async () => {
    const heard: ProgramLine[] = [];
    const lines = await runProgram('The test', node('console.log(\'{"n":1}\'); console.log("chatter"); console.log("[2]"); console.log(\'{"n":3}\')'), { onLine: (line) => heard.push(line) });
    expect(lines).toEqual([{ n: 1 }, { n: 3 }]);
    expect(heard).toEqual(lines);
  });

  it('says with which code and why a program failed', async () => {
    await expect(runProgram('The test', node('console.error("first"); console.error("no such module"); process.exit(3)')))
      .rejects.toMatchObject({ code: 'PROGRAM_FAILED', message: 'The test ended with code 3: no such module' });
  });

  it('says that a program could not be started', async () => {
    await expect(runProgram('The test', { file: '/nowhere/python3', args: [] })).rejects.toMatchObject({ code: 'PROGRAM_FAILED', message: expect.stringContaining('could not be started') as string });
  });

  it('says that a program was killed from outside', async () => {
    const run = runProgram('The test', node('console.log(JSON.stringify({ pid: process.pid })); setInterval(() => {}, 1000)'), {
      onLine: (line) => process.kill(Number(line['pid']), 'SIGKILL'),
    });
    await expect(run).rejects.toMatchObject({ code: 'PROGRAM_KILLED', message: expect.stringContaining('SIGKILL') as string });
  });

  const parent = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    console.log(JSON.stringify({ parent: process.pid, child: child.pid }));`;

  it('ends what the program started, too, when it is cancelled', async () => {
    const stop = new AbortController();
    const pids: number[] = [];
    const run = runProgram('The test', node(`${parent} setInterval(() => {}, 1000)`), {
      signal: stop.signal,
      onLine: (line) => {
        pids.push(Number(line['parent']), Number(line['child']));
        stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'LAB_CANCELLED' });
    expect(pids).toHaveLength(2);
    await until(() => !pids.some(alive));
  });

  it('ends what the program left behind when it ended', async () => {
    const [line] = await runProgram('The test', node(`${parent} process.exit(0)`));
    await until(() => !alive(Number(line?.['child'])));
    expect(alive(Number(line?.['child']))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('ends what left its group and holds its output open, when it ended and when it is cancelled', async () => {
    const apart = parent.replace("stdio: 'inherit'", "stdio: 'inherit', detached: true");
    const [line] = await runProgram('The test', node(`${apart} process.exit(0)`));
    await until(() => !alive(Number(line?.['child'])));
    const stop = new AbortController();
    let child = 0;
    const run = runProgram('The test', node(`${apart} setInterval(() => {}, 1000)`), {
      signal: stop.signal,
      onLine: (told) => {
        child = Number(told['child']);
        stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'LAB_CANCELLED' });
    await until(() => !alive(child));
  });

  it('starts nothing for a signal that has fired', async () => {
    await expect(runProgram('The test', node('process.exit(0)'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'LAB_CANCELLED' });
  });
});
