// What the jobs on detector frames share: the frame's shape, its mask, and the checks of both.
import type { Frame } from '@shared/computeFrames';
import { ComputeError } from '../computeError';

export function checkFrame({ data, width, height, mask }: Frame): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1 || data.length !== width * height) {
    throw new ComputeError('JOB_FAILED', `A frame of ${width} x ${height} pixels needs ${width * height} values; it has ${data.length}.`);
  }
  if (mask && mask.length !== data.length) throw new ComputeError('JOB_FAILED', `The mask has ${mask.length} values, the frame ${data.length} pixels: they must be as many.`);
}
