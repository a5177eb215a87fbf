// Ends what a program of ours left behind, even where it left the program's group: by a mark that all of them inherit in their environment.
import { readdir, readFile } from 'node:fs/promises';

/** Looks again so often: one that was just being started is found the next time. */
const looks = 5;

/** Only Linux shows the environment of a process; elsewhere the group is all that is known, and this does nothing. */
export async function endMarked(name: string, mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let look = 0; look < looks; look++) {
    const found = await marked(`${name}=${mark}`);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ESRCH: it has ended meanwhile.
      }
    }
  }
}

async function marked(text: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [] as string[])).filter((name) => /^\d+$/.test(name));
  const has = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').then((all) => all.includes(text), () => false)));
  return pids.flatMap((pid, index) => (has[index] ? [Number(pid)] : []));
}
