// How long a call may take.
import type { CallOptions } from '../api';
import { ValueError } from './errors';

/** Seconds, where nobody says anything else. */
const defaultTimeout = 5;

/** Seconds; left out or 0: 5. Throws ValueError (BAD_OPTION). */
export function timeLimit(pv: string, options: CallOptions | undefined): number {
  const { timeout } = options ?? {};
  if (timeout === undefined || timeout === 0) return defaultTimeout;
  checkTimeLimit(pv, timeout);
  return timeout;
}

/** Throws ValueError (BAD_OPTION): what is no time would end at once or never. */
export function checkTimeLimit(pv: string, timeout: number): void {
  if (typeof timeout === 'number' && timeout > 0) return;
  throw new ValueError('BAD_OPTION', `The timeout of ${String(timeout)} for "${pv}" makes no sense: give seconds, greater than 0.`, pv);
}
