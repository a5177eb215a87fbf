// Runs that other programs begin or end in the same folder. They are looked for: no network's file system tells of them.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '@shared/disposable';
import { dayPattern } from './runNames';
import type { RunStore } from './runStore';

const usualPeriod = 5000;

/** Says which folder has the newest runs, and when the names in it changed last. An absent folder has none. */
async function newestDay(folder: string): Promise<{ readonly day: string; readonly changed: string }> {
  const names = await fs.readdir(folder).catch(() => [] as string[]);
  const day = names.filter((name) => dayPattern.test(name)).sort().at(-1) ?? '';
  const stat = day === '' ? null : await fs.stat(join(folder, day)).catch(() => null);
  return { day, changed: `${folder} ${day} ${stat?.mtimeMs ?? ''}` };
}

/** Tells of each run of the newest day that is new, ended or has a file now, whoever wrote it. `period`: milliseconds between two looks. */
export function watchRuns(store: Pick<RunStore, 'folder' | 'list'>, tell: (change: { readonly uid: string }) => void, period = usualPeriod): Disposable {
  let known: ReadonlyMap<string, string> | null = null;
  let [before, folder, again, disposed] = ['', '', false, false];
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    const here = store.folder;
    const { day, changed } = await newestDay(here);
    if (changed === before && !again) return;
    const runs = day === '' ? [] : await store.list({ from: day });
    if (disposed) return;
    const now = new Map(runs.map(({ uid, exitStatus, nexus }) => [uid, `${exitStatus} ${nexus}`]));
    const last = folder === here ? known : null;
    // A file is there before its run is, and one that runs may die without a word.
    again = changed !== before || runs.some(({ exitStatus }) => exitStatus === 'running');
    [known, before, folder] = [now, changed, here];
    if (last) for (const [uid, state] of now) if (last.get(uid) !== state) tell({ uid });
  }
  function next(): void {
    if (disposed) return;
    timer = setTimeout(() => void look().catch(() => undefined).then(next), period);
    timer.unref();
  }
  void look().catch(() => undefined).then(next);
  return {
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
