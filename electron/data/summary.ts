// What the catalogue tells of a run, from the first and last records of its journal.
import { promises as fs } from 'node:fs';
import type { RunDocument, RunStart, RunStop, RunSummary } from '@shared/documents';
import { readEnds, readWholeJournal } from './journal/reader';
import { isBeingWritten } from './runLock';
import { isoTime, nexusPath } from './runNames';

/** What stays true while the journal doesn't change. */
export interface RunFacts {
  readonly size: number;
  readonly modified: number;
  readonly start: Pick<RunStart, 'uid' | 'time' | 'scan_id' | 'plan_name' | 'motors' | 'detectors' | 'num_points'> & { readonly sample?: string };
  /** All that a search looks at, in lower case. */
  readonly words: string;
  readonly points: number;
  readonly stop: Pick<RunStop, 'exit_status' | 'reason'> | null;
}

function primaryOf(documents: readonly RunDocument[]): string | null {
  const descriptors = documents.flatMap((document) => document.name === 'descriptor' ? [document.doc] : []);
  return descriptors.find((descriptor) => descriptor.name === 'primary')?.uid ?? null;
}

/** Points by the last events that are known; null where the whole run must be read. */
function countPoints(first: readonly RunDocument[], last: readonly RunDocument[]): number | null {
  const stop = last.find((document) => document.name === 'stop');
  if (stop) return stop.doc.num_events['primary'] ?? 0;
  const primary = primaryOf(first);
  if (primary === null) return first === last ? 0 : null;
  const events = last.flatMap((document) => document.name === 'event' && document.doc.descriptor === primary ? [document.doc.seq_num] : []);
  // No event at the end: those of another stream, or one that is longer than what was read.
  return events.length > 0 ? Math.max(...events) : first === last ? 0 : null;
}

/** What the run was a part of names what other runs have. */
function searchText({ plan_whole: _whole, ...start }: RunStart): string {
  return [JSON.stringify(start), isoTime(start.time)].join(' ').toLowerCase();
}

/** null: no run that can be read. */
export async function readFacts(journal: string): Promise<RunFacts | null> {
  const { size, mtimeMs } = await fs.stat(journal);
  const ends = await readEnds(journal, size);
  const start = ends?.first.find((document) => document.name === 'start')?.doc;
  if (!ends || !start) return null;
  let points = countPoints(ends.first, ends.last);
  if (points === null) {
    const all = await readWholeJournal(journal);
    points = countPoints(all, all) ?? 0;
  }
  const stop = ends.last.find((document) => document.name === 'stop')?.doc;
  const { uid, time, scan_id, plan_name, motors, detectors, num_points } = start;
  const sample = start['sample'];
  return {
    size, modified: mtimeMs, points, words: searchText(start), stop: stop ? { exit_status: stop.exit_status, reason: stop.reason } : null,
    start: {
      uid, time, scan_id, plan_name, motors, detectors, ...(num_points !== undefined ? { num_points } : {}), ...(typeof sample === 'string' ? { sample } : {}),
    },
  };
}

export async function summarize(journal: string, facts: RunFacts, hasNexus: boolean): Promise<RunSummary> {
  const { start, stop } = facts;
  return {
    uid: start.uid, scanId: start.scan_id, plan: start.plan_name, started: isoTime(start.time),
    exitStatus: stop?.exit_status ?? (await isBeingWritten(journal, facts.modified) ? 'running' : 'interrupted'),
    points: facts.points, of: start.num_points ?? null, motors: start.motors, detectors: start.detectors,
    journal, nexus: hasNexus ? nexusPath(journal) : null, ...(stop?.reason ? { reason: stop.reason } : {}), ...(start.sample === undefined ? {} : { sample: start.sample }),
  };
}
