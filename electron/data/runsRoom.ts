// The runs room's part of the contract: the catalogue of runs on disk.
import { EndstationError } from '@shared/errors';
import type { Room } from '../room';
import type { RunStore } from './runStore';

export interface RunsRoomOptions {
  readonly store: RunStore;
  /** Shows a file in the system's file manager; false where the host has none. */
  readonly reveal?: (path: string) => Promise<boolean>;
}

export type RunsRoom = Room<'runs.list' | 'runs.read' | 'runs.reveal' | 'runs.changed'>;

export function createRunsRoom(_options: RunsRoomOptions): RunsRoom {
  const notYet = (): never => { throw new EndstationError('NOT_READY', 'Runs are not ready yet.'); };
  return {
    handlers: { 'runs.list': notYet, 'runs.read': notYet, 'runs.reveal': notYet, 'runs.changed': notYet },
    dispose: () => undefined,
  };
}
