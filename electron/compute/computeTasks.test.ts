// The end of the application while a job runs beyond its threads: a shell script in the place of Python.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ComputePool } from './computePool';
import { ComputeTasks } from './computeTasks';
import { Runners } from './runners';

const nothing = () => { throw new Error('No run, PV or file is named.'); };

it.runIf(process.platform === 'linux')('waits at its end until what a job had started has ended, also what left its group', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'endstation-tasks-'));
  const [python, pidFile] = [join(folder, 'python'), join(folder, 'pid')];
  await writeFile(python, `#!/bin/sh\nif [ "$1" = -c ]; then echo '[]'; exit; fi\nsetsid sleep 300 >/dev/null 2>&1 &\necho $! > ${pidFile}.new\nmv ${pidFile}.new ${pidFile}\nsleep 300\n`, { mode: 0o755 });
  const pool = new ComputePool({ workers: folder, size: 1 });
  const environment = { ...process.env, ENDSTATION_PYTHON: python };
  const tasks = new ComputeTasks(new Runners(pool, { python: folder, environment, labPython: () => Promise.resolve(null) }), { run: nothing, pv: nothing, file: nothing });
  await tasks.start({ job: 'fft', input: { re: [1, 2] }, on: 'dask://127.0.0.1:1', sources: {}, run: null });
  await expect.poll(() => existsSync(pidFile), { timeout: 15_000 }).toBe(true);
  await tasks.dispose();
  expect(tasks.activity.tasks.map(({ state }) => state)).toEqual(['cancelled']);
  const stat = () => { try { return readFileSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}/stat`, 'utf8'); } catch { return ''; } };
  await expect.poll(() => stat() === '' || /\) [ZX] /.test(stat())).toBe(true);
  await pool.dispose();
  await rm(folder, { recursive: true });
});
