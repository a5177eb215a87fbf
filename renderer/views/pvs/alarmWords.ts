// A PV's condition in words, for the column beside the mark: colour is never the only sign.
import type { PvState } from '@shared/pv';
import { isFirstValueToCome } from '../../composables/firstValue';
import { formatAge } from '../../composables/formatValue';

export type Condition = 'ok' | 'minor' | 'major' | 'invalid' | 'connecting' | 'disconnected' | 'unusable';

export function conditionOf(state: PvState | undefined): Condition {
  if (!state || state.connection === 'connecting' || isFirstValueToCome(state)) return 'connecting';
  if (state.connection === 'invalid') return 'unusable';
  // After a reconnection the value is that of before until a new one came.
  if (state.connection === 'disconnected' || state.staleSince !== null) return 'disconnected';
  return ({ NO_ALARM: 'ok', MINOR: 'minor', MAJOR: 'major', INVALID: 'invalid' } as const)[state.severity];
}

/** No server answered for it yet. One that is connected is found, however long its first value takes. */
export function isSearchedFor(state: PvState | undefined): boolean { return !state || state.connection === 'connecting'; }

/** `now`: Unix milliseconds. */
export function conditionWords(state: PvState | undefined, now: number): string {
  switch (conditionOf(state)) {
    case 'connecting': return isSearchedFor(state) ? 'Searching' : 'Waiting for a value';
    case 'unusable': return 'Not usable';
    case 'disconnected': return state?.staleSince ? `Disconnected ${formatAge((now - state.staleSince) / 1000)} ago` : 'Disconnected';
    case 'ok': return 'No alarm';
    default: return `${state?.severity ?? ''}${state?.status ? ` ${state.status}` : ''}`;
  }
}
