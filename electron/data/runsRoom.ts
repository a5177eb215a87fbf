// The runs room's part of the contract: the catalogue of runs on disk.
import type { Room } from '../room';
import type { RunStore } from './runStore';

export interface RunsRoomOptions {
  readonly store: RunStore;
  /** Shows a file in the system's file manager; false where the host has none. */
  readonly reveal?: (path: string) => Promise<boolean>;
}

export type RunsRoom = Room<'runs.list' | 'runs.read' | 'runs.reveal' | 'runs.export' | 'runs.abandon' | 'runs.changed'>;

export function createRunsRoom({ store, reveal }: RunsRoomOptions): RunsRoom {
  return {
    handlers: {
      'runs.list': (query) => store.list(query),
      'runs.read': ({ uid }) => store.read(uid),
      'runs.reveal': async ({ uid }) => {
        const { nexus, journal } = await store.find(uid);
        const path = nexus ?? journal;
        return { path, shown: reveal ? await reveal(path) : false };
      },
      'runs.export': async ({ uid, format }) => ({ path: format === 'nexus' ? await store.derive(uid) : await store.exportText(uid, format) }),
      'runs.abandon': ({ uid }) => store.abandon(uid),
      'runs.changed': (_args, emit) => store.changed(emit),
    },
    dispose: () => store.dispose(),
  };
}
