// Typed compute jobs: what goes in, what comes out. Each runs in a worker of the pool.
import type {
  Frame, FrameStack, FrameStatistics, HistogramOptions, IntegratedCurve, IntegratedStack, IntegrationInput, Region, RegionSum, StackRegionSums, StackStatistics,
} from './computeFrames';
import type {
  Complex, Correlation, CorrelationInput, Grid, PeakFit, PeakFitInput, PeakFits, PeakFitsInput, RegridInput, Spectrum, SpectrumInput, XrfMapInput,
} from './computeSignals';

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

export type UserValue = number | string | boolean | null | Float64Array | readonly UserValue[] | { readonly [name: string]: UserValue };
export interface UserFunctionInput {
  /** The body of a JavaScript function of one argument, `input`; what it returns is the result. */
  readonly source: string;
  readonly input: UserValue;
  /** Seconds that it may take; default 10. */
  readonly seconds?: number;
}

export interface ComputeJobs {
  peakStatistics: { input: PeakInput; output: PeakStatistics };
  peakFit: { input: PeakFitInput; output: PeakFit };
  peakFits: { input: PeakFitsInput; output: PeakFits };
  fft: { input: Complex; output: Complex };
  powerSpectrum: { input: SpectrumInput; output: Spectrum };
  frameStatistics: { input: Frame & { readonly histogram?: HistogramOptions }; output: FrameStatistics };
  regionSums: { input: Frame & { readonly regions: readonly Region[] }; output: readonly RegionSum[] };
  azimuthalIntegration: { input: IntegrationInput; output: IntegratedCurve };
  /** The jobs on frames for a whole stack; all workers take part, block by block. */
  stackStatistics: { input: FrameStack; output: StackStatistics };
  stackRegionSums: { input: FrameStack & { readonly regions: readonly Region[] }; output: readonly StackRegionSums[] };
  stackIntegration: { input: IntegrationInput; output: IntegratedStack };
  background: { input: { readonly counts: Float64Array; /** Channels. */ readonly halfWidth: number }; output: Float64Array };
  xrfMap: { input: XrfMapInput; output: Readonly<Record<string, Float64Array>> };
  regrid: { input: RegridInput; output: Grid };
  correlation: { input: CorrelationInput; output: Correlation };
  userFunction: { input: UserFunctionInput; output: UserValue };
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
