// Says which process writes a run, so that a run whose process died is known as interrupted.
import { randomUUID } from 'node:crypto';
import { promises as fs, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { lockPath } from './runNames';

interface Owner { readonly pid: number; readonly started: string; readonly host: string }

/** Tells a process from a later one with the same number; empty where the system doesn't say (then the number must do). */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22, counted after the name, which may contain anything but ends with the last parenthesis.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${ticks}`;
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export async function takeLock(journal: string): Promise<void> {
  const owner: Owner = { pid: process.pid, started: processStart(process.pid), host: hostname() };
  await fs.writeFile(lockPath(journal), `${JSON.stringify(owner)}\n`, { flag: 'wx' });
}

/**
 * Takes the place of a process that died: of several that try, one succeeds. False: somebody else has it.
 * `modified`: Unix milliseconds of the journal's last change.
 */
export async function takeOverLock(journal: string, modified: number): Promise<boolean> {
  if (await isBeingWritten(journal, modified)) return false;
  const aside = `${lockPath(journal)}.${randomUUID()}`;
  try {
    // Only one can move it; whoever moved a new one by mistake puts it back.
    await fs.rename(lockPath(journal), aside);
    if (await isOwnerAlive(aside, modified)) {
      await fs.rename(aside, lockPath(journal));
      return false;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    await takeLock(journal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    // What is left of it is in nobody's way.
    await fs.rm(aside, { force: true }).catch(() => undefined);
  }
}

export async function releaseLock(journal: string): Promise<void> {
  await fs.rm(lockPath(journal), { force: true });
}

/** Milliseconds without a new record after which a run of another machine counts as interrupted. */
const silence = 600_000;

/** Whether a process still writes it. `modified`: Unix milliseconds of the journal's last change. */
export function isBeingWritten(journal: string, modified: number): Promise<boolean> {
  return isOwnerAlive(lockPath(journal), modified);
}

async function isOwnerAlive(lock: string, modified: number): Promise<boolean> {
  let owner: Partial<Owner>;
  try {
    owner = JSON.parse(await fs.readFile(lock, 'utf8')) as Partial<Owner>;
  } catch {
    return false;
  }
  if (owner.host !== hostname()) return Date.now() - modified < silence;
  if (typeof owner.pid !== 'number' || !isAlive(owner.pid)) return false;
  const started = processStart(owner.pid);
  return !owner.started || !started || started === owner.started;
}
