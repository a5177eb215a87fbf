// Typed compute jobs: what goes in, what comes out. Each runs in a worker of the pool.

export interface PeakInput { readonly x: Float64Array; readonly y: Float64Array }
/** All positions in the unit of x; null where it can't be found in the data. */
export interface PeakStatistics {
  readonly max: { readonly x: number; readonly y: number };
  readonly min: { readonly x: number; readonly y: number };
  /** Centre of mass above the lowest value. */
  readonly com: number | null;
  /** Middle of the two crossings of half height. */
  readonly cen: number | null;
  readonly fwhm: number | null;
  readonly crossings: readonly number[];
}

export interface ComputeJobs {
  peakStatistics: { input: PeakInput; output: PeakStatistics };
}
export type JobName = keyof ComputeJobs;
