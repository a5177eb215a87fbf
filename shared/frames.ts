// An image or a spectrum of a run, as it was measured at one point.
import type { NumericArray } from './pv';

export interface RunFrame {
  /** Rows first; one number for a spectrum. */
  readonly shape: readonly number[];
  readonly values: NumericArray;
}
