// The lab's part of the contract.
import type { Room } from '../room';
import { Lab, type LabOptions } from './lab';

type LabRoom = Room<'lab.overview' | 'lab.run' | 'lab.cancel' | 'lab.events' | 'lab.source'>;

export function createLabRoom(options: LabOptions): LabRoom {
  const lab = new Lab(options);
  return {
    handlers: {
      'lab.overview': () => lab.overview(),
      'lab.run': async (request) => ({ job: (await lab.start(request)).job }),
      'lab.cancel': () => lab.cancel(),
      'lab.events': (_args, emit) => lab.onEvent(emit),
      'lab.source': ({ runtime, experiment }) => lab.source(runtime, experiment),
    },
    dispose: () => lab.cancel(),
  };
}
