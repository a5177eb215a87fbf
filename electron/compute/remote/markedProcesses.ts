// Ends a program of ours and what it started, even what left its group: by a mark that all of them inherit in their environment.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** Looks again so often: one that was just being started is found the next time. */
const looks = 5;

/** Resolves when a program that leads a group and bears the mark has ended, and with it all that it started; with its code, or the signal that ended it. */
export function whenEnded(child: ChildProcess, name: string, mark: string): Promise<{ readonly code: number | null; readonly by: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    let left = Promise.resolve();
    child.once('exit', () => {
      // What it left behind would hold its output open, and the cores. mpiexec gives its ranks groups of their own: they are found by the mark.
      endGroup(child);
      left = endMarked(name, mark);
    });
    child.once('close', (code, by) => void left.then(() => endMarked(name, mark)).then(() => resolve({ code, by })));
  });
}

/** Ends a program that leads a group, and the others of the group. */
export function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    if (child.exitCode === null) spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: nobody of the group is left.
  }
}

/** Only Linux shows the environment of a process; elsewhere the group is all that is known, and this does nothing. */
async function endMarked(name: string, mark: string): Promise<void> {
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
