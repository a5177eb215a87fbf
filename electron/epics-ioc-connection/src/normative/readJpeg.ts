// A JPEG picture in an NTNDArray: its pixels in the order that the array's dimensions say.
import { RemoteProtocolError } from '../ca/protocol/errors';
import type { ElementType } from './codecs';
import { decodeJpeg } from './jpeg';

const colours = 3;
/** Samples; a progressive picture takes four bytes for each while it is read. */
const largest = 2 ** 28;

/**
 * `size`: the announced dimensions; where there are none, the picture's own, colours first. The three colours may be the first
 * dimension (areaDetector's RGB1), the second (RGB2) or the third (RGB3). Errors: `RemoteProtocolError` for a picture of other dimensions.
 */
export function readJpeg(bytes: Uint8Array, size: readonly number[], type: ElementType | null): { readonly data: Uint8Array | Int8Array; readonly size: readonly number[] } {
  if (size.some((length) => !Number.isInteger(length) || length < 0)) throw new RemoteProtocolError('A picture of such dimensions cannot be.');
  const announced = size.reduce((product, length) => product * length, 1);
  const picture = decodeJpeg(bytes, {
    largest: size.length === 0 ? largest : Math.min(announced, largest),
    layout: (width, height, channels) => {
      const first = { pixel: channels, row: channels * width, channel: 1 };
      if (size.length === 0) return first;
      if (channels === 1 && isSame(size, [width, height])) return first;
      if (channels === colours) {
        if (isSame(size, [colours, width, height])) return first;
        if (isSame(size, [width, colours, height])) return { pixel: 1, row: colours * width, channel: width };
        if (isSame(size, [width, height, colours])) return { pixel: 1, row: width, channel: width * height };
      }
      throw new RemoteProtocolError(`A JPEG picture of ${width} x ${height} pixels${channels === 1 ? '' : ` in ${channels} colours`} is announced as ${size.join(' x ')}.`);
    },
  });
  const { width, height, channels, data } = picture;
  return { data: type === 'byte' ? new Int8Array(data.buffer) : data, size: size.length > 0 ? size : channels === 1 ? [width, height] : [channels, width, height] };
}

/** But for lengths of 1 at the end. */
function isSame(size: readonly number[], other: readonly number[]): boolean {
  return (size.length > other.length ? size : other).every((_, i) => (size[i] ?? 1) === (other[i] ?? 1));
}
