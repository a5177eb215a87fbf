// Runs that other programs begin or end in the same folder. They are looked for: no network's file system tells of them.
import { promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disposable } from '@shared/disposable';
import type { ExitStatus } from '@shared/documents';
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

/** One that ends later, or is only taken for one that does not go on (`runLock.ts`, of another machine). */
const open: readonly ExitStatus[] = ['running', 'interrupted'];

/** Tells of each run that is new, ended or has a file now: of the newest day and of older ones from the first that had one running. Not of those that the store tells of itself. `period`: milliseconds between two looks. */
export function watchRuns(store: Pick<RunStore, 'folder' | 'list' | 'changed'>, tell: (change: { readonly uid: string }) => void, period = usualPeriod): Disposable {
  let known: ReadonlyMap<string, string> | null = null;
  let [before, folder, since, disposed] = ['', '', '', false];
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ours = new Set<string>();
  const own = store.changed(({ uid }) => ours.add(uid));

  async function look(): Promise<void> {
    const here = store.folder;
    const { day, changed } = await newestDay(here);
    if (changed === before && !again) return;
    const from = folder === here && since !== '' && since < day ? since : day;
    const runs = day === '' ? [] : await store.list({ from });
    // Another folder was chosen meanwhile: these may be of either.
    if (disposed || store.folder !== here) return;
    const now = new Map(runs.map(({ uid, exitStatus, nexus }) => [uid, `${exitStatus} ${nexus}`]));
    const last = folder === here ? known : null;
    since = runs.filter(({ exitStatus }) => exitStatus === 'running').map(({ journal }) => basename(dirname(journal))).sort()[0] ?? '';
    // A file is there before its run is, and one that runs may die without a word.
    again = changed !== before || runs.some(({ exitStatus }) => open.includes(exitStatus));
    [known, before, folder] = [now, changed, here];
    if (last) for (const [uid, state] of now) if (last.get(uid) !== state && !ours.has(uid)) tell({ uid });
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
      own.dispose();
      clearTimeout(timer);
    },
  };
}
