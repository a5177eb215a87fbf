// Appends to the journal of a run whose process died: to go on with it, with the gap in a stream of its own, or to close it.
import { randomUUID } from 'node:crypto';
import type { DataKey, RunDocument } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { interruptionKeys, interruptionsStream } from '@shared/resume';
import type { InterruptedRun } from './interruptedRun';
import { reopenArrays, type ArraysFile } from './arrays/arraysFile';
import type { FileLayer, JournalHandle } from './journal/fileLayer';
import { JournalWriter } from './journal/writer';
import { releaseLock, takeOverLock } from './runLock';
import { arraysPath } from './runNames';

const key = (dtype: DataKey['dtype'], units?: string): DataKey => ({ source: 'endstation', dtype, shape: [], ...(units === undefined ? {} : { units }) });

/** The descriptor where there is none yet, and the event. */
export function gapDocuments(run: InterruptedRun, now: number): RunDocument[] {
  const known = run.streams.get(interruptionsStream);
  const { kind, point, from, to } = interruptionKeys;
  const uid = known?.descriptor.uid ?? randomUUID();
  const data = { [kind]: 'resume', [point]: run.streams.get('primary')?.events ?? 0, [from]: run.lastTime, [to]: now };
  const descriptor: RunDocument = {
    name: 'descriptor', doc: {
      uid, run_start: run.start.uid, time: now, name: interruptionsStream, object_keys: { endstation: Object.values(interruptionKeys) }, hints: {},
      configuration: {}, data_keys: { [kind]: key('string'), [point]: key('integer'), [from]: key('number', 's'), [to]: key('number', 's') },
    },
  };
  const event: RunDocument = {
    name: 'event', doc: {
      uid: randomUUID(), descriptor: uid, time: now, seq_num: (known?.events ?? 0) + 1, data, timestamps: Object.fromEntries(Object.keys(data).map((name) => [name, now])),
    },
  };
  return known ? [event] : [descriptor, event];
}

/**
 * The journal, open behind its last whole record; what a crash tore off is cut, and what is there is on the disk.
 * Errors: `NOT_INTERRUPTED` where somebody else writes it or changed it since it was read.
 */
export async function reopenJournal(run: InterruptedRun, files: FileLayer): Promise<JournalWriter> {
  const { journal, scanId } = run.summary;
  const taken = (): EndstationError => new EndstationError('NOT_INTERRUPTED', `Run ${scanId} was not opened again: another program has gone on with it or closed it meanwhile. Look at the list of runs.`);
  if (!await takeOverLock(journal, run.modified)) throw taken();
  let handle: JournalHandle | null = null;
  let arrays: ArraysFile | null = null;
  try {
    handle = await files.open(journal);
    const size = await handle.size();
    // The torn end may be cut already, where the disk failed after that and it is tried again.
    if (size !== run.shape.good + run.shape.torn && size !== run.shape.good) throw taken();
    await handle.truncate(run.shape.good);
    await handle.sync();
    arrays = await reopenArrays(files, arraysPath(journal), run.arrays.end);
    return new JournalWriter(handle, journal, arrays, undefined, run.shape.good);
  } catch (error) {
    await arrays?.close().catch(() => undefined);
    await handle?.close().catch(() => undefined);
    await releaseLock(journal);
    throw error;
  }
}

/** The last record of a run that nobody goes on with. `before`: done while nobody else has the run; gives sentences for that record. Errors: those of `reopenJournal` and `before`, and the disk's. */
export async function closeAbandoned(run: InterruptedRun, files: FileLayer, before: () => Promise<readonly string[]>): Promise<void> {
  const writer = await reopenJournal(run, files);
  const counts = Object.fromEntries([...run.streams].map(([name, { events }]) => [name, events]));
  try {
    const notes = await before();
    await new Promise<void>((resolve, reject) => {
      writer.trouble(({ code, message }) => reject(new EndstationError(code, message)));
      writer.synced(() => resolve());
      writer.append({
        name: 'stop', doc: {
          uid: randomUUID(), run_start: run.start.uid, time: Date.now() / 1000, exit_status: 'abort', reason: ['Abandoned after an interruption.', ...notes].join(' '), num_events: counts,
        },
      });
    });
  } finally {
    await writer.close();
    await releaseLock(run.summary.journal);
  }
}
