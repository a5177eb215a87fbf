import { describe, expect, it } from 'vitest';
import { tickTexts } from './tickTexts';

describe('tick texts', () => {
  it('are plain while the numbers are short', () => {
    expect(tickTexts([0, 0.1, 0.30000000000000004])).toEqual(['0', '0.1', '0.3']);
    expect(tickTexts([-20, 0, 20_000])).toEqual(['-20', '0', '20000']);
  });
  it('share one power of ten, and lose no digit that tells them apart', () => {
    expect(tickTexts([0, 750_000, 1_000_000, 1_250_000])).toEqual(['0', '0.75e6', '1e6', '1.25e6']);
    expect(tickTexts([0, 2e-7, 4e-7])).toEqual(['0', '200e-9', '400e-9']);
  });
  it('leave out what is not labelled', () => {
    expect(tickTexts([1, null, 10])).toEqual(['1', '', '10']);
  });
});
