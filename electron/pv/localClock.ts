// What PVs of this process have in common: they are always there, stamped by this machine's clock.
import type { PvInfo, Timestamp } from '@shared/pv';
import type { PvChange } from './pvSource';

export function timestampOf(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: Math.round((milliseconds - seconds * 1000) * 1e6) };
}

export const connectedHere: PvChange = { connection: 'connected', staleSince: null, severity: 'NO_ALARM', status: 'NO_ALARM', host: 'this process' };

export function localInfo(protocol: PvInfo['protocol'], type: PvInfo['type'], count: number, write: boolean): Omit<PvInfo, 'pv'> {
  return { protocol, type, count, access: { read: true, write }, host: 'this process', searchTime: 0, duplicates: [] };
}
