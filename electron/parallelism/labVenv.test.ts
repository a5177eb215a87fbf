// The lab's environment, made by a real Python: what stays after cancel, after a failure, and what a second one is told.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LabSetup } from '@shared/lab';
import { LabVenv } from './labVenv';
import { findPythons } from './runtimes/findPythons';

let room: string;
let folder: string;
const programs = join(__dirname, 'programs');

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'lab-venv-'));
  folder = join(room, 'lab', 'python');
});
afterEach(() => rm(room, { recursive: true, force: true, maxRetries: 3 }));

async function labVenv(): Promise<LabVenv> {
  const python = (await findPythons(process.env)).find((each) => each.implementation === 'cpython' && !each.freeThreaded) ?? null;
  return new LabVenv({ folder, programs, base: () => Promise.resolve(python), hasMpi: () => Promise.resolve(true) });
}

/** Whether a process works in, or was told of, the folder of this test. */
async function atWork(): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [] as string[])).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')));
  return lines.filter((line) => line.includes(room));
}

function reaches(venv: LabVenv, label: string): Promise<LabSetup> {
  return new Promise((resolve) => {
    const watching = venv.watch((state) => {
      if (!state.step?.label.startsWith(label)) return;
      watching.dispose();
      resolve(state);
    });
  });
}

test('cancelled while it is made: nothing is left of it, no process and no folder, and it says absent', async () => {
  const venv = await labVenv();
  const before = await readdir(tmpdir());
  const { ended } = venv.begin();
  const outcome = ended.then(() => 'made', (error: unknown) => error);
  await reaches(venv, 'Making the environment');
  await venv.cancel();
  expect(await outcome).toMatchObject({ code: 'LAB_CANCELLED' });
  expect(existsSync(folder)).toBe(false);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('endstation-lab-setup-') && !before.includes(name))).toEqual([]);
  expect(await atWork()).toEqual([]);
  expect(await venv.state()).toMatchObject({ state: 'absent' });
  expect(await venv.python()).toBeNull();
});

test('cancelled while one that was complete is completed: the old one still is', async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'lab.json'), JSON.stringify({ packages: { numpy: '2.0.0' } }));
  const venv = await labVenv();
  const { ended } = venv.begin();
  const outcome = ended.then(() => 'made', (error: unknown) => error);
  await venv.cancel();
  expect(await outcome).toMatchObject({ code: 'LAB_CANCELLED' });
  expect(await venv.state()).toMatchObject({ state: 'ready' });
});

test('a second one is refused while the first is made', async () => {
  const venv = await labVenv();
  const { ended } = venv.begin();
  const outcome = ended.then(() => 'made', () => 'not made');
  expect(() => venv.begin()).toThrow(expect.objectContaining({ code: 'LAB_BUSY' }));
  await venv.cancel();
  await outcome;
});

test('no Python: it fails with what to install, and says so until it is tried again', async () => {
  const venv = new LabVenv({ folder, programs, base: () => Promise.resolve(null), hasMpi: () => Promise.resolve(true) });
  await expect(venv.begin().ended).rejects.toMatchObject({ code: 'SETUP_FAILED', message: expect.stringContaining('Install one') });
  expect(await venv.state()).toMatchObject({ state: 'failed', error: { code: 'SETUP_FAILED' } });
});
