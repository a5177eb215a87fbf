// How often a record is processed by time, from its SCAN field (EPICS Record Reference, "Scan Fields").
import type { PvAccess } from '../pv/pvAccess';

/** Seconds in which the field must answer: a PV that is no record's has none. */
const answerTimeout = 0.3;

/** `.1 second`, `10 second`, `2 hertz`, `5 minute`: milliseconds. Passive, Event, I/O Intr and anything else: null. */
export function periodOf(scan: string): number | null {
  const found = /^(\d*\.?\d+) (second|minute|hour|hertz|hz)s?$/i.exec(scan.trim());
  const number = Number(found?.[1]);
  if (!found || !(number > 0)) return null;
  const unit = (found[2] ?? '').toLowerCase();
  return unit === 'hour' ? number * 3_600_000 : unit === 'minute' ? number * 60_000 : unit === 'second' ? number * 1000 : 1000 / number;
}

/** Milliseconds; `interrupt`: processed when its hardware has something new; null where the PV is no record's or is processed otherwise. Never fails. */
export async function scanPeriod(access: PvAccess, pv: string): Promise<number | 'interrupt' | null> {
  if (/^(?!ca:)\w+:\/\//.test(pv)) return null;
  try {
    const state = await access.read(`${pv.replace(/\.[A-Z][A-Z0-9]{0,3}$/, '')}.SCAN`, { timeout: answerTimeout, as: 'string' });
    const name = typeof state.value === 'number' ? state.states?.[state.value] : state.value;
    if (typeof name !== 'string') return null;
    return /^I\/O Intr$/i.test(name.trim()) ? 'interrupt' : periodOf(name);
  } catch {
    return null;
  }
}
