// A PV that is connected and whose first value is still to come: its severity says nothing yet.
import type { PvState } from '@shared/pv';

export function isFirstValueToCome({ connection, value, timestamp, error }: PvState): boolean { return connection === 'connected' && value === null && timestamp === null && error === undefined; }
