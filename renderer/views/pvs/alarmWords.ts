// A PV's condition in words, for the column beside the mark: colour is never the only sign.
import type { PvState } from '@shared/pv';
import { formatAge } from '../../composables/formatValue';

export type Condition = 'ok' | 'minor' | 'major' | 'invalid' | 'connecting' | 'disconnected' | 'unusable';

export function conditionOf(state: PvState | undefined): Condition {
  if (!state || state.connection === 'connecting') return 'connecting';
  if (state.connection === 'invalid') return 'unusable';
  // Connected, and the first value is still to come: its severity says nothing yet.
  if (state.connection === 'connected' && state.value === null && state.timestamp === null && state.error === undefined) return 'connecting';
  // After a reconnection the value is that of before until a new one came.
  if (state.connection === 'disconnected' || state.staleSince !== null) return 'disconnected';
  return ({ NO_ALARM: 'ok', MINOR: 'minor', MAJOR: 'major', INVALID: 'invalid' } as const)[state.severity];
}

/** `now`: Unix milliseconds. */
export function conditionWords(state: PvState | undefined, now: number): string {
  switch (conditionOf(state)) {
    case 'connecting': return state?.connection === 'connected' ? 'Waiting for a value' : 'Searching';
    case 'unusable': return 'Not usable';
    case 'disconnected': return state?.staleSince ? `Disconnected ${formatAge((now - state.staleSince) / 1000)} ago` : 'Disconnected';
    case 'ok': return 'No alarm';
    default: return `${state?.severity ?? ''}${state?.status ? ` ${state.status}` : ''}`;
  }
}
