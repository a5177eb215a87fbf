// Which runs a search finds, by what is known of each without opening it.
import type { RunQuery } from '@shared/documents';
import type { RunFacts } from './summary';

/** Days and exit status are not its business: the folder and the lock tell those. But a run that has ended is left out at once. */
export function matcher({ text, plan, motor, sample, status }: RunQuery): (facts: RunFacts) => boolean {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const part = sample?.toLowerCase();
  return ({ words: known, start, stop }) => words.every((word) => known.includes(word))
    && (!plan || start.plan_name === plan)
    && (!motor || start.motors.includes(motor))
    && (!part || (start.sample ?? '').toLowerCase().includes(part))
    && (!status || stop === null || status.includes(stop.exit_status));
}
