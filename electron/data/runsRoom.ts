// The runs room's part of the contract: the catalogue of runs on disk.
import { Emitter, type Disposable } from '@shared/disposable';
import type { Room } from '../room';
import { watchRuns } from './outsideRuns';
import type { RunStore } from './runStore';

export interface RunsRoomOptions {
  readonly store: RunStore;
  /** Shows a file in the system's file manager; false where the host has none. */
  readonly reveal?: (path: string) => Promise<boolean>;
  /** What was found at the start and mended, as a sentence. */
  readonly onMended?: (id: string, message: string) => void;
}

/** Milliseconds after the start, when the window is there; and then as long as files lie there that may still be written. */
const tidyAfter = 3000;
const tidyAgain = 60_000;

export type RunsRoom = Room<'runs.list' | 'runs.read' | 'runs.frame' | 'runs.reveal' | 'runs.export' | 'runs.changed'>;

export function createRunsRoom({ store, reveal, onMended }: RunsRoomOptions): RunsRoom {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Of other programs, looked for once for all who listen. */
  const others = new Emitter<{ uid: string }>();
  let watching: Disposable | null = null;
  let listening = 0;
  const tidyIn = (milliseconds: number): void => {
    timer = setTimeout(() => void store.tidy().then(({ told, young }) => {
      told.forEach((message, index) => onMended?.(`mended-${index}-${Date.now()}`, message));
      if (young > 0 && timer !== undefined) tidyIn(tidyAgain);
    }), milliseconds);
    timer.unref();
  };
  if (onMended) tidyIn(tidyAfter);
  return {
    handlers: {
      'runs.list': (query) => store.list(query),
      'runs.read': ({ uid }) => store.read(uid),
      'runs.frame': ({ uid, key, point }) => store.frame(uid, key, point),
      'runs.reveal': async ({ uid }) => {
        const { nexus, journal } = await store.find(uid);
        const path = nexus ?? journal;
        return { path, shown: reveal ? await reveal(path) : false };
      },
      'runs.export': async ({ uid, format }) => ({ path: format === 'nexus' ? await store.derive(uid) : await store.exportText(uid, format) }),
      'runs.changed': (_args, emit) => {
        const [own, theirs] = [store.changed(emit), others.on(emit)];
        listening += 1;
        watching ??= watchRuns(store, (change) => others.emit(change));
        return {
          dispose: () => {
            own.dispose();
            theirs.dispose();
            listening -= 1;
            if (listening > 0) return;
            watching?.dispose();
            watching = null;
          },
        };
      },
    },
    dispose: () => {
      clearTimeout(timer);
      timer = undefined;
      return store.dispose();
    },
  };
}
