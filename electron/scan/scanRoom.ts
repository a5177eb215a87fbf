// The scan room's part of the contract: devices, preflight, the engine's commands, its status and documents.
import { EndstationError } from '@shared/errors';
import type { Profile } from '@shared/profile';
import type { Devices } from '../devices/device';
import type { PvAccess } from '../pv/pvAccess';
import type { Room } from '../room';
import type { RunSink } from './engine/runSink';

export interface ScanRoomOptions {
  readonly pv: PvAccess;
  readonly devices: Devices;
  /** The profile in use now. */
  readonly profile: () => Profile;
  readonly sink: RunSink;
}

export type ScanRoom = Room<'scan.devices' | 'scan.preflight' | 'scan.start' | 'scan.pause' | 'scan.resume' | 'scan.stop' | 'scan.abort'
  | 'scan.stopAll' | 'scan.status' | 'scan.documents'>;

export function createScanRoom(options: ScanRoomOptions): ScanRoom {
  const notYet = (): never => { throw new EndstationError('NOT_READY', 'Scans are not ready yet.'); };
  return {
    handlers: {
      'scan.devices': () => options.devices.describe(), 'scan.preflight': notYet, 'scan.start': notYet, 'scan.pause': notYet, 'scan.resume': notYet, 'scan.stop': notYet,
      'scan.abort': notYet, 'scan.stopAll': notYet, 'scan.status': notYet, 'scan.documents': notYet,
    },
    dispose: () => undefined,
  };
}
