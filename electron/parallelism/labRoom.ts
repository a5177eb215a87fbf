// The lab's part of the contract.
import type { Room } from '../room';
import { Lab, type LabOptions } from './lab';

type Calls = 'lab.overview' | 'lab.run' | 'lab.cancel' | 'lab.events' | 'lab.source' | 'lab.import' | 'lab.imports' | 'lab.forgetImport' | 'lab.setup' | 'lab.setupCancel' | 'lab.setupState';
interface LabRoom extends Room<Calls> {
  /** The interpreter of the lab's own environment; null where it was not made. */
  python(): Promise<string | null>;
}

export function createLabRoom(options: LabOptions): LabRoom {
  const lab = new Lab(options);
  return {
    python: () => lab.venv.python(),
    handlers: {
      'lab.overview': () => lab.overview(),
      'lab.run': async (request) => ({ job: (await lab.start(request)).job }),
      'lab.cancel': () => lab.cancel(),
      'lab.events': (_args, emit) => lab.onEvent(emit),
      'lab.source': ({ runtime, experiment }) => lab.source(runtime, experiment),
      'lab.import': ({ name, text }) => lab.import(name, text),
      'lab.imports': () => lab.imports(),
      'lab.forgetImport': ({ id }) => lab.forgetImport(id),
      // How it ends is told by the state.
      'lab.setup': () => { lab.setUp().catch(() => undefined); },
      'lab.setupCancel': () => lab.venv.cancel(),
      'lab.setupState': (_args, emit) => lab.venv.watch(emit),
    },
    dispose: async () => {
      await lab.venv.cancel();
      await lab.cancel();
    },
  };
}
