// Rooms that are not in the house yet answer that they are not; each goes from here when it comes.
import { EndstationError } from '@shared/errors';
import type { RunStore } from './data/runStore';
import type { Room } from './room';

const notYet = (): never => { throw new EndstationError('NOT_READY', 'This part of Endstation is not ready yet.'); };

export function createLabRoom(_options: unknown): Room<'lab.overview' | 'lab.run' | 'lab.cancel' | 'lab.events' | 'lab.source'> {
  return { handlers: { 'lab.overview': notYet, 'lab.run': notYet, 'lab.cancel': notYet, 'lab.events': notYet, 'lab.source': notYet }, dispose: () => undefined };
}

export function storeToCome(): RunStore {
  return { folder: '', nextScanId: notYet, open: notYet, list: notYet, find: notYet, read: notYet, changed: notYet, dispose: () => Promise.resolve() };
}
