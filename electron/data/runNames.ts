// What a run's files are called, and what can be read from a name.
import { basename, dirname, join } from 'node:path';

const extension = '.journal.jsonl';
const pattern = /^(\d{5,})_(.+)_([0-9a-f]{8})\.journal\.jsonl$/;
export const dayPattern = /^\d{4}-\d\d-\d\d$/;

const two = (value: number): string => String(value).padStart(2, '0');

/** The day in local time, as beamline people name it. */
export function dayFolder(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function journalPath(folder: string, run: { time: number; scan_id: number; plan_name: string; uid: string }): string {
  const plan = run.plan_name.replace(/[^\w-]+/g, '_').slice(0, 40);
  return join(folder, dayFolder(run.time), `${String(run.scan_id).padStart(5, '0')}_${plan}_${run.uid.slice(0, 8)}${extension}`);
}

export function isJournal(name: string): boolean {
  return pattern.test(name);
}

export function scanIdOf(name: string): number {
  return Number(pattern.exec(name)?.[1] ?? 0);
}

function beside(journal: string, other: string): string {
  return join(dirname(journal), basename(journal, extension) + other);
}
export const nexusPath = (journal: string): string => beside(journal, '.nxs');
export const exportPath = (journal: string, format: string): string => beside(journal, `.${format === 'jsonl' ? 'documents.jsonl' : format}`);
/** `name` with its extension, e.g. `fft-210503.csv`. */
export const attachmentPath = (journal: string, name: string): string => beside(journal, `.${name}`);
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
