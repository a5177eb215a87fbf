// What the jobs on detector frames share: the frame's shape, its mask, and the checks of both.
import { ComputeError } from '../computeError';

/** Row after row, `width * height` values; counts or any other unit. */
export interface Frame {
  readonly data: Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** 1: the pixel is left out. As many values as pixels. */
  readonly mask?: Uint8Array;
}

export function checkFrame({ data, width, height, mask }: Frame): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1 || data.length !== width * height) {
    throw new ComputeError('JOB_FAILED', `A frame of ${width} x ${height} pixels needs ${width * height} values; it has ${data.length}.`);
  }
  if (mask && mask.length !== data.length) throw new ComputeError('JOB_FAILED', `The mask has ${mask.length} values, the frame ${data.length} pixels: they must be as many.`);
}
