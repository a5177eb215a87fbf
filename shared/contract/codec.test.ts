import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from './codec';

const roundTrip = (value: unknown): unknown => decodeFrame(encodeFrame(value));

describe('frame codec', () => {
  it.each([
    new Float64Array([1.5, NaN, Infinity, -Infinity, -0]), new Float32Array([1.5, 2.25]), new Int32Array([-7, 2 ** 31 - 1]),
    new Int16Array([-1, 32767]), new Uint16Array([65535]), new Int8Array([-128]), new Uint32Array([2 ** 32 - 1]), new Uint8Array([0, 255]),
    new Float64Array(0),
  ])('carries %o with its class and its values', (array) => {
    const back = roundTrip({ t: 'event', value: { array } }) as { value: { array: unknown } };
    expect(back.value.array).toStrictEqual(array);
  });

  it('carries every number, NaN and the infinities included', () => {
    fc.assert(fc.property(fc.double(), (x) => {
      const back = roundTrip([x]) as number[];
      expect(back[0] === x || (Number.isNaN(x) && Number.isNaN(back[0]))).toBe(true);
    }));
  });

  it('carries whatever plain data a frame holds', () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)) as unknown), (value) => {
      expect(roundTrip(value)).toEqual(value);
    }));
  });

  it('reads from the middle of a larger buffer, as a socket hands it over', () => {
    const frame = encodeFrame({ value: new Float64Array([1, 2, 3]) });
    for (let offset = 0; offset < 9; offset += 1) {
      const pool = Buffer.alloc(frame.length + 20);
      pool.set(frame, offset);
      const back = decodeFrame(pool.subarray(offset, offset + frame.length)) as { value: unknown };
      expect(back.value).toStrictEqual(new Float64Array([1, 2, 3]));
    }
  });

  it('encodes a view of part of a buffer as that part only', () => {
    const whole = new Float64Array([1, 2, 3, 4]);
    expect(roundTrip(whole.subarray(1, 3))).toStrictEqual(new Float64Array([2, 3]));
  });

  it('leaves undefined keys out, so that strict schemas accept the result', () => {
    expect(Object.keys(roundTrip({ a: 1, b: undefined }) as object)).toEqual(['a']);
  });

  it('refuses cut and surplus bytes', () => {
    const frame = encodeFrame({ value: new Float64Array([1, 2, 3]) });
    expect(() => decodeFrame(frame.subarray(0, frame.length - 1))).toThrow();
    expect(() => decodeFrame(new Uint8Array([...frame, 0]))).toThrow();
    expect(() => decodeFrame(new Uint8Array([0xc7, 3, 1, 0, 0, 0]))).toThrow(RangeError);
  });
});
