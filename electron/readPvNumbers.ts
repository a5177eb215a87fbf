// A PV as numbers for a compute job, as it is now.
import { EndstationError } from '@shared/errors';
import type { PvAccess } from './pv/pvAccess';

/** Seconds that it may take to answer. */
const timeout = 3;

/** Errors: those of reading, `NO_NUMBERS` where it holds text. */
export async function readPvNumbers(access: PvAccess, pv: string): Promise<{ readonly values: Float64Array; readonly shape: readonly number[]; readonly units: string }> {
  const { value, units = '' } = await access.read(pv.trim(), { timeout });
  const values = typeof value === 'number' ? Float64Array.of(value) : ArrayBuffer.isView(value) ? Float64Array.from(value as Float64Array) : null;
  if (!values) throw new EndstationError('NO_NUMBERS', `${pv} holds no numbers.`);
  return { values, shape: [values.length], units };
}
