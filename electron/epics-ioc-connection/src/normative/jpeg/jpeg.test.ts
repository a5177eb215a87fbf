// JPEG: pictures of another program to its pixels, everything an encoder may choose, and bytes that lie.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/fuzz/random';
import { jpegVectors } from '../pictures.testing';
import { decodeJpeg } from './decodeJpeg';
import { inverseDct, scaleTable, zigzag } from './inverseDct';
import { encodeJpeg, randomPicture } from './jpegEncoder.testing';
import type { TestPicture } from './jpegEncoder.testing';

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const worst = (one: ArrayLike<number>, other: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < one.length; i += 1) most = Math.max(most, Math.abs(one[i]! - other[i]!));
  return most;
};
const largest = 2 ** 20;

const grey = (change: Partial<TestPicture> = {}): TestPicture => ({
  width: 20, height: 17, quantisation: 1, components: [{ id: 1, across: 1, down: 1, sample: (x, y) => (7 * x + 5 * y) % 256 }], ...change,
});
const coloured = (change: Partial<TestPicture> = {}): TestPicture => grey({
  components: [
    { id: 1, across: 1, down: 1, sample: (x, y) => 9 * x + y }, { id: 2, across: 1, down: 1, sample: (x, y) => 255 - 3 * x - 2 * y }, { id: 3, across: 1, down: 1, sample: (x, y) => 6 * y + x },
  ], ...change,
});
/** With the byte at a marker's place plus `offset` replaced. */
function changed(bytes: Uint8Array, marker: number, offset: number, value: number): Uint8Array {
  const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
  return bytes.map((byte, i) => (i === at + offset ? value : byte));
}

/** Where the bits of the first scan begin, of one component. */
const scanOf = (bytes: Uint8Array): number => bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda) + 10;

describe('pictures', () => {
  it.each(jpegVectors)('$name: the pixels of Pillow', ({ width, height, channels, jpeg, pixels }) => {
    const picture = decodeJpeg(fromBase64(jpeg), { largest });
    expect([picture.width, picture.height, picture.channels]).toEqual([width, height, channels]);
    expect(picture.data).toHaveLength(width * height * channels);
    expect(worst(picture.data, fromBase64(pixels))).toBeLessThanOrEqual(3);
  });

  it.each([
    ['grey', grey()], ['without an end', grey({ withoutEnd: true })], ['sampling of one component means nothing', grey({ components: [{ ...grey().components[0]!, across: 2, down: 3 }] })],
    ['restart markers, more than eight', grey({ width: 100, restartInterval: 1 })], ['16-bit quantisation', grey({ quantisation: 300, components: [{ id: 1, across: 1, down: 1, sample: () => 100 }] })],
    ['red, green, blue', coloured({ adobe: 0 })], ['red, green, blue in scans of their own, with restart markers', coloured({ adobe: 0, separate: true, restartInterval: 2 })],
    ['red, green, blue by their names', coloured({ components: coloured().components.map((component, i) => ({ ...component, id: 'RGB'.charCodeAt(i) })) })],
  ])('%s: the samples that went in', (_name, picture) => {
    const { data, width, height, channels } = decodeJpeg(encodeJpeg(picture), { largest });
    expect([width, height, channels]).toEqual([picture.width, picture.height, picture.components.length]);
    const expected = Array.from({ length: width * height * channels }, (_, i) => {
      const [channel, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)];
      return picture.components[channel]!.sample(x, y);
    });
    // A jump of the samples beyond 0 or 255 cannot be kept: these have none.
    expect(worst(data, expected)).toBeLessThanOrEqual(picture.quantisation > 255 ? picture.quantisation / 16 : 2);
  });

  it('YCbCr becomes red, green and blue, said by JFIF, by Adobe or by nobody', () => {
    const plain = coloured({ components: [76, 85, 255].map((value, i) => ({ id: i + 1, across: 1, down: 1, sample: () => value })) });
    for (const picture of [{ ...plain, jfif: true }, { ...plain, adobe: 1 }, plain, { ...plain, jfif: true, adobe: 0 }]) {
      expect(worst(decodeJpeg(encodeJpeg(picture), { largest }).data.subarray(0, 3), [254, 0, 0])).toBeLessThanOrEqual(1);
    }
  });

  it.each([[2, 1], [1, 2], [2, 2], [4, 1], [4, 2], [1, 4], [3, 1], [4, 4]])('colours of a %i x %i grid are stretched over the picture', (across, down) => {
    const [one, ...others] = coloured().components;
    const step = (value: number) => (x: number): number => (x < 4 ? value : 60);
    const picture = coloured({
      width: 40, height: 33, adobe: 0, separate: across * down > 8,
      components: [{ ...one!, across, down, sample: () => 30 }, ...others.map((component) => ({ ...component, sample: step(200) }))],
    });
    const { data } = decodeJpeg(encodeJpeg(picture), { largest });
    const at = (x: number, y: number): number[] => [...data.subarray(3 * (y * 40 + x), 3 * (y * 40 + x) + 3)];
    expect(worst(at(0, 0), [30, 200, 200])).toBeLessThanOrEqual(1);
    expect(worst(at(4 * across + across + 2 < 40 ? 5 * across + 1 : 39, 32), [30, 60, 60])).toBeLessThanOrEqual(1);
    // Half as many are mixed at the step, others are repeated up to it.
    expect(worst(at(4 * across - 1, 20), across === 2 ? [30, 165, 165] : [30, 200, 200])).toBeLessThanOrEqual(1);
  });

  it('colours go where the layout says', () => {
    const bytes = encodeJpeg(coloured({ adobe: 0 }));
    const pixels = decodeJpeg(bytes, { largest }).data;
    const byRow = decodeJpeg(bytes, { largest, layout: (width) => ({ pixel: 1, row: 3 * width, channel: width }) }).data;
    const byPicture = decodeJpeg(bytes, { largest, layout: (width, height) => ({ pixel: 1, row: width, channel: width * height }) }).data;
    const [x, y, width, height] = [11, 6, 20, 17];
    for (const channel of [0, 1, 2]) {
      const value = pixels[3 * (y * width + x) + channel];
      expect([byRow[y * 3 * width + channel * width + x], byPicture[channel * width * height + y * width + x]]).toEqual([value, value]);
    }
  });

  it('the transform is the sum of its cosines', () => {
    const random = new Random(5);
    const coefficients = Int16Array.from({ length: 64 }, () => random.below(40) - 20);
    coefficients[0] = 100;
    const out = new Uint8ClampedArray(64);
    inverseDct(coefficients, 0, scaleTable(Array.from({ length: 64 }, () => 2)), out, 0, 8);
    const expected = Array.from({ length: 64 }, (_, i) => {
      let sum = 0;
      for (let place = 0; place < 64; place += 1) {
        const [u, v] = [place & 7, place >> 3];
        const weight = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1) / 4;
        sum += weight * 2 * coefficients[place]! * Math.cos(((2 * (i & 7) + 1) * u * Math.PI) / 16) * Math.cos(((2 * (i >> 3) + 1) * v * Math.PI) / 16);
      }
      return Math.max(0, Math.min(255, sum + 128));
    });
    expect(worst(out, expected)).toBeLessThanOrEqual(0.5 + 1e-9);
    expect([...zigzag.subarray(0, 10), zigzag[63]]).toEqual([0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 63]);
  });
});

describe('pictures that are none, or of another kind', () => {
  const bytes = encodeJpeg(grey());
  const progressive = fromBase64(jpegVectors[1]!.jpeg);
  it.each([
    ['nothing', new Uint8Array(0), 'does not begin as one'], ['another file', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'does not begin as one'],
    ['a start alone', bytes.subarray(0, 2), 'is cut short'], ['cut in its scan', bytes.subarray(0, bytes.length - 30), 'is cut short'],
    ['cut between its scans', progressive.subarray(0, progressive.length - 2), 'is cut short'],
    ['12 bits', changed(bytes, 0xc0, 4, 12), 'samples of 12 bits'], ['no height', changed(changed(bytes, 0xc0, 5, 0), 0xc0, 6, 0), 'does not say its height'],
    ['lossless', changed(bytes, 0xc0, 1, 0xc3), 'lossless'], ['arithmetic', changed(bytes, 0xc0, 1, 0xc9), 'arithmetic coding'],
    ['sampling of 0', changed(bytes, 0xc0, 11, 0x01), 'impossible sampling'], ['two frames', Uint8Array.of(...bytes.subarray(0, -2), ...bytes.subarray(2)), 'two frames'],
    ['no tables', Uint8Array.of(0xff, 0xd8, ...bytes.subarray(bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0))).map((byte, i, all) => (all[i - 1] === 0xff && byte === 0xc4 ? 0xe5 : byte)), 'without its Huffman table'],
    ['no quantisation table', changed(bytes, 0xdb, 4, 1), 'without its quantisation table'],
    ['too many codes', changed(bytes, 0xc4, 5, 200), 'Huffman table'], ['a code that is none', Uint8Array.of(...bytes.subarray(0, scanOf(bytes)), 0xff, 0, 0xff, 0, 0xff, 0xd9), 'a code that its Huffman tables have not'],
    ['a restart marker missing', changed(encodeJpeg(grey({ restartInterval: 2 })), 0xd0, 1, 0xd3), 'no restart marker'],
    ['four components', encodeJpeg(coloured({ components: [...coloured().components, { ...coloured().components[0]!, id: 4 }] })), '4 components'],
    ['twice the same scan', Uint8Array.of(...bytes.subarray(0, -2), ...bytes.subarray(bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda))), 'out of order'],
  ])('%s', (_name, given, words) => {
    expect(() => decodeJpeg(given, { largest })).toThrow(words);
    expect(() => decodeJpeg(given, { largest })).toThrow(expect.objectContaining({ code: 'REMOTE_PROTOCOL' }) as Error);
  });

  it('larger than announced, or than its bytes can hold: refused before any room is made', () => {
    expect(() => decodeJpeg(bytes, { largest: 339 })).toThrow('holds more than the 339 bytes');
    const huge = changed(changed(changed(changed(bytes, 0xc0, 5, 255), 0xc0, 6, 255), 0xc0, 7, 255), 0xc0, 8, 255);
    expect(() => decodeJpeg(huge, { largest: 2 ** 40 })).toThrow(`cannot be in ${huge.length} bytes`);
  });

  it('changed at random, they end with an error that says JPEG, or as a picture of the announced size', () => {
    const random = new Random(3);
    const originals = [...jpegVectors.map(({ jpeg }) => fromBase64(jpeg)), ...Array.from({ length: 30 }, () => encodeJpeg(randomPicture((count) => random.below(count), 40)))];
    let pictures = 0;
    for (let round = 0; round < 6000; round += 1) {
      const given = Uint8Array.from(random.pick(originals));
      for (let changes = 1 + random.below(4); changes > 0; changes -= 1) given[random.below(given.length)] = random.oneIn(3) ? 0xff : random.below(256);
      const cut = random.oneIn(5) ? given.subarray(0, random.below(given.length)) : given;
      try {
        const { width, height, channels, data } = decodeJpeg(cut, { largest: 20_000 });
        expect(data.length).toBe(width * height * channels);
        expect(data.length).toBeLessThanOrEqual(20_000);
        pictures += 1;
      } catch (error) {
        expect((error as { name: string }).name).toBe('RemoteProtocolError');
      }
    }
    expect(pictures).toBeGreaterThan(500);
  });
});
