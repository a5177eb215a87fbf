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
export type JobInput<J extends JobName> = ComputeJobs[J]['input'];
export type JobOutput<J extends JobName> = ComputeJobs[J]['output'];
/** What a job may ask of its pool while it runs. */
export interface JobContext {
  /** 0..1 of the work. */
  progress(done: number): void;
  /** A long job looks at it now and then and ends early; one that does not is ended with its worker. */
  readonly cancelled: boolean;
}
export type ComputeJob<J extends JobName> = (input: JobInput<J>, context: JobContext) => JobOutput<J>;
