// An interrupted run as its journal tells it: what it has, and where its file goes on. Documents pass through, in bounded memory.
import { stat } from 'node:fs/promises';
import { settingKeys, settingsStream, type ChangedSetting } from '@shared/changedSettings';
import type { Descriptor, Event, RunDocument, RunStart, RunSummary } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { arraysSpec, type TakenBefore } from './arrays/arrayTaker';
import { ArraysReader, endOf } from './arrays/arraysReader';
import { ArrayPlaces, toldArrays } from './arrays/arrayPlaces';
import { scanJournal, type JournalShape } from './journal/reader';

export interface InterruptedRun {
  readonly summary: RunSummary;
  readonly start: RunStart;
  readonly shape: JournalShape;
  readonly arrays: TakenBefore;
  readonly streams: ReadonlyMap<string, { readonly descriptor: Descriptor; readonly events: number }>;
  /** The last event of the primary stream, and the first one. */
  readonly last: Event | null;
  readonly first: Event | null;
  /** What it had changed and was to put back at its end; the last of each. */
  readonly settings: readonly ChangedSetting[];
  /** Unix seconds of the last record that has a time. */
  readonly lastTime: number;
  /** Unix milliseconds of the journal's last change. */
  readonly modified: number;
}

/** `follow` gets all documents in order, events with the arrays that a plan is told. Errors: `NOT_INTERRUPTED`, `NO_START`. */
export async function readInterrupted(summary: RunSummary, follow: (document: RunDocument) => void | Promise<void> = () => undefined): Promise<InterruptedRun> {
  requireInterrupted(summary, 'resumed or abandoned');
  let start: RunStart | null = null;
  let first: Event | null = null;
  let last: Event | null = null;
  let lastTime = 0;
  const streams = new Map<string, { readonly descriptor: Descriptor; events: number }>();
  const names = new Map<string, string>();
  const descriptors: Descriptor[] = [];
  const settings = new Map<string, ChangedSetting>();
  const places = new ArrayPlaces();
  const reader = new ArraysReader(summary.journal);
  let resource: string | null = null;
  let arrays = 0;
  let end = 0;
  const { mtimeMs } = await stat(summary.journal);
  const shape = await scanJournal(summary.journal, async (documents) => {
    for (const document of documents) {
      if (document.name === 'start') start = document.doc;
      else if (document.name === 'descriptor') {
        names.set(document.doc.uid, document.doc.name);
        descriptors.push(document.doc);
        streams.set(document.doc.name, { descriptor: document.doc, events: 0 });
      } else if (document.name === 'event') {
        const name = names.get(document.doc.descriptor) ?? '';
        const stream = streams.get(name);
        if (stream) stream.events = Math.max(stream.events, document.doc.seq_num);
        if (name === settingsStream) {
          const change = changeOf(document.doc);
          if (change) settings.set(`${change.device} ${change.setting}`, change);
        }
        if (name === 'primary') {
          first ??= document.doc;
          last = document.doc;
        }
      }
      if (document.name === 'resource' && document.doc.spec === arraysSpec) resource = document.doc.uid;
      const place = document.name === 'datum' ? places.add(document.doc) : null;
      if (place) {
        arrays += 1;
        end = Math.max(end, endOf(place));
      }
      if ('time' in document.doc && typeof document.doc.time === 'number') lastTime = document.doc.time;
      const followed = follow(document.name === 'event' && document.doc.filled ? { name: 'event', doc: await toldArrays(document.doc, places, reader) } : document);
      if (followed) await followed;
    }
  }).finally(() => reader.close());
  if (!start) throw new EndstationError('NO_START', `Run ${summary.scanId} can not be resumed: the start record of its journal ${summary.journal} is damaged. Abandon it; its points stay in the file.`);
  return { summary, start, shape, streams, arrays: { resource, arrays, end, descriptors }, first, last, settings: [...settings.values()], lastTime, modified: mtimeMs };
}

function changeOf({ data }: Event): ChangedSetting | null {
  const { [settingKeys.device]: device, [settingKeys.setting]: setting, [settingKeys.before]: before, [settingKeys.set]: set } = data;
  return typeof device === 'string' && typeof setting === 'string' && typeof before === 'number' && typeof set === 'number' ? { device, setting, before, set } : null;
}

/** `what`: what it can not be, e.g. `resumed`. Errors: `NOT_INTERRUPTED`. */
export function requireInterrupted({ exitStatus, scanId }: RunSummary, what: string): void {
  if (exitStatus === 'interrupted') return;
  const why = exitStatus === 'running' ? 'it is still running. Abort it where it runs' : `it has ended already (${exitStatus})`;
  throw new EndstationError('NOT_INTERRUPTED', `Run ${scanId} can not be ${what}: ${why}.`);
}
