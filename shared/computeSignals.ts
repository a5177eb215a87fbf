// What the compute jobs on curves, spectra and series take and give.

export interface Complex { readonly re: Float64Array; readonly im: Float64Array }

export interface SpectrumInput {
  readonly y: Float64Array;
  /** Samples a second (Hz). */
  readonly sampleRate: number;
  readonly window?: 'none' | 'hann';
}

export interface Spectrum {
  /** Hz, 0 to half the sample rate. */
  readonly frequency: Float64Array;
  /** One-sided power spectral density, unit of y squared per Hz, as SciPy's `periodogram` with `detrend=False`. */
  readonly density: Float64Array;
}

export type PeakShape = 'gauss' | 'lorentz' | 'pseudoVoigt' | 'step';

export interface PeakFitInput { readonly x: Float64Array; readonly y: Float64Array; readonly shape: PeakShape }

export interface FittedNumber { readonly value: number; /** One standard deviation. */ readonly error: number }

/**
 * `height`, `offset` in the unit of y; `centre`, `fwhm` in the unit of x; `slope` in y per x (background = offset + slope (x - centre)).
 * `fwhm` of a step is the width of its derivative. `eta` (0..1, the Lorentzian share) only for a pseudo-Voigt.
 */
export interface PeakFit {
  readonly shape: PeakShape;
  readonly parameters: Readonly<Record<string, FittedNumber>>;
  /** The fitted curve at the given x. */
  readonly curve: Float64Array;
  readonly residual: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Many curves over one x: `y` has a whole number of `x.length` values. */
export type PeakFitsInput = PeakFitInput;

/** One value a curve in each array. */
export interface PeakFits {
  readonly shape: PeakShape;
  readonly values: Readonly<Record<string, Float64Array>>;
  /** One standard deviation. */
  readonly errors: Readonly<Record<string, Float64Array>>;
  readonly residual: Float64Array;
  /** 1: it converged. A curve with too few finite points is 0 and has NaN everywhere. */
  readonly converged: Uint8Array;
}

/** Channels, both included. */
export interface Line { readonly name: string; readonly first: number; readonly last: number }

export interface XrfMapInput {
  /** Counts, one spectrum of `channels` after the other, in the order of the points. */
  readonly spectra: Float64Array | Int32Array | Uint32Array;
  readonly channels: number;
  readonly lines: readonly Line[];
  /** Channels; left out: no background is taken off. */
  readonly backgroundHalfWidth?: number;
}

export interface CorrelationInput {
  /** Counts, one frame of `pixels` after the other. */
  readonly frames: Float64Array | Float32Array | Int32Array | Uint16Array;
  readonly pixels: number;
  /** Largest lag, frames; default half the series. */
  readonly maxLag?: number;
}

export interface Correlation { /** Frames, from 1. */ readonly lag: Float64Array; readonly g2: Float64Array }

export interface RegridInput {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: Float64Array;
  readonly columns: number;
  readonly rows: number;
}

export interface Grid {
  /** Unit of x and y: the middle of each column and row. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Row after row; the mean of the points in each cell, NaN where there is none. */
  readonly value: Float64Array;
  readonly points: Float64Array;
}
