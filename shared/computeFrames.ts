// What the compute jobs on detector frames take and give.

/** Row after row, `width * height` values; counts or any other unit. */
export interface Frame {
  readonly data: Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** 1: the pixel is left out. As many values as pixels. */
  readonly mask?: Uint8Array;
}

export interface HistogramOptions { readonly bins: number; /** Unit of the frame; default: its lowest and highest value. */ readonly low?: number; readonly high?: number }

export interface FrameStatistics {
  /** Pixels that are neither masked nor NaN. */
  readonly pixels: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly mean: number;
  /** Of the population, as NumPy's `std`. */
  readonly deviation: number;
  /** Centre of mass of the values, pixels from the middle of the first pixel; null where they sum up to 0. */
  readonly centroid: { readonly x: number; readonly y: number } | null;
  /** Counts a bin, the last bin closed on both sides, as NumPy's `histogram`; `edges` is one longer. */
  readonly histogram: { readonly counts: Float64Array; readonly edges: Float64Array } | null;
}

/** Pixels, from the first row and column; what lies outside the frame is cut off. */
export interface Region { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export interface RegionSum { readonly sum: number; readonly pixels: number; readonly mean: number; readonly max: number }

export interface Geometry {
  /** Metres, sample to the point of normal incidence. */
  readonly distance: number;
  /** Metres along the slow (1, rows) and fast (2, columns) axis, from the outer corner of the first pixel. */
  readonly poni1: number;
  readonly poni2: number;
  /** Radians. */
  readonly rot1?: number;
  readonly rot2?: number;
  readonly rot3?: number;
  /** Metres. */
  readonly pixel1: number;
  readonly pixel2: number;
}

export interface IntegrationInput extends Frame {
  readonly geometry: Geometry;
  readonly bins: number;
  /** Degrees of two theta; default: all that the frame sees. */
  readonly low?: number;
  readonly high?: number;
}

export interface IntegratedCurve {
  /** Degrees, middle of each bin. */
  readonly twoTheta: Float64Array;
  /** Mean of the bin's pixels, unit of the frame; NaN where it has none. */
  readonly intensity: Float64Array;
  readonly pixels: Float64Array;
}

/** Frames of one size, one after the other: `data` has a whole number of `width * height` values; one mask for all. */
export type FrameStack = Frame;

/** A value a frame in each array, as FrameStatistics has them; NaN where a frame has no pixel that counts. */
export interface StackStatistics {
  readonly pixels: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** Pixels. */
  readonly centroidX: Float64Array;
  readonly centroidY: Float64Array;
}

/** For each region a value a frame. */
export interface StackRegionSums { readonly sum: Float64Array; readonly mean: Float64Array; readonly max: Float64Array }

export interface IntegratedStack {
  /** Degrees, middle of each bin. */
  readonly twoTheta: Float64Array;
  /** Frame after frame, `twoTheta.length` values each; NaN where a bin has no pixel. */
  readonly intensity: Float64Array;
  readonly frames: number;
}
