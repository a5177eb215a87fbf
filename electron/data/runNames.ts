// What a run's files are called: one name, from the pattern of the settings, and an extension for each.
import { basename, dirname, join } from 'node:path';
import type { RunStart } from '@shared/documents';
import { fileNameOf } from '@shared/fileNames';

const extension = '.journal.jsonl';
export const dayPattern = /^\d{4}-\d\d-\d\d$/;

const two = (value: number): string => String(value).padStart(2, '0');

/** The day in local time, as beamline people name it. */
export function dayFolder(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What a name is made of. */
export type NamedRun = Pick<RunStart, 'time' | 'scan_id' | 'plan_name' | 'uid'> & { readonly [key: string]: unknown };

/** The name of a run's files without extension; `number`: 2 and more where others have it already. */
export function runName(pattern: string, run: NamedRun, number = 1): string {
  const own = (key: string): string | undefined => (typeof run[key] === 'string' || typeof run[key] === 'number' ? String(run[key]) : undefined);
  const date = new Date(run.time * 1000);
  const name = fileNameOf(pattern, {
    scan_id: String(run.scan_id).padStart(5, '0'), plan: run.plan_name, uid: run.uid.slice(0, 8), date: dayFolder(run.time).replace(/-/g, ''),
    time: [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(''),
    ...Object.fromEntries(['sample', 'user', 'proposal', 'title', 'profile'].map((key) => [key, own(key)])),
  });
  return number === 1 ? name : `${name}_${number}`;
}

export function journalPath(folder: string, run: NamedRun, name: string): string {
  return join(folder, dayFolder(run.time), name + extension);
}

export function isJournal(name: string): boolean {
  return name.endsWith(extension);
}

/** A journal's path without what makes it a journal. */
export function withoutExtension(journal: string): string {
  return beside(journal, '');
}

function beside(journal: string, other: string): string {
  return join(dirname(journal), basename(journal, extension) + other);
}
export const nexusPath = (journal: string): string => beside(journal, '.nxs');
export const exportPath = (journal: string, format: string): string => beside(journal, `.${format === 'jsonl' ? 'documents.jsonl' : format}`);
/** `name` with its extension, e.g. `fft-210503.csv`. */
export const attachmentPath = (journal: string, name: string): string => beside(journal, `.${name}`);
export const arraysPath = (journal: string): string => beside(journal, '.arrays');
export const lockPath = (journal: string): string => beside(journal, '.lock');

/** ISO 8601 in local time with its zone, to the microsecond. */
export function isoTime(unixSeconds: number): string {
  const whole = Math.floor(unixSeconds);
  const date = new Date(whole * 1000);
  const micro = String(Math.floor((unixSeconds - whole) * 1e6)).padStart(6, '0');
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micro}${zone}`;
}
