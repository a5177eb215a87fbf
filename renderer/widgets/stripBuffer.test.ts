import { describe, expect, it } from 'vitest';
import { spanSeconds, StripBuffer } from './stripBuffer';

function filled(...points: readonly [time: number, value: number | null][]): StripBuffer {
  const buffer = new StripBuffer();
  for (const [time, value] of points) buffer.add(time, value);
  return buffer;
}

describe('StripBuffer', () => {
  it('shows the window, with what held before it and what holds now', () => {
    const buffer = filled([0, 1], [10, 2], [20, 3]);
    expect(buffer.window(25, 10)).toEqual([{ time: 15, value: 2 }, { time: 20, value: 3 }, { time: 25, value: 3 }]);
    expect(buffer.window(100, 10)).toEqual([{ time: 90, value: 3 }, { time: 100, value: 3 }]);
    expect(new StripBuffer().window(5, 10)).toEqual([]);
  });

  it('shows no value while there was none', () => {
    expect(filled([0, 1], [10, null], [12, null]).window(30, 40)).toEqual([{ time: 0, value: 1 }, { time: 10, value: null }]);
  });

  it('keeps time going forward', () => {
    const points = filled([5, 1], [5, 2], [4, 3]).window(6, 3);
    expect(points).toEqual([{ time: 5, value: 3 }, { time: 6, value: 3 }]);
  });

  it('forgets the oldest, not the newest', () => {
    const buffer = new StripBuffer();
    for (let time = 0; time < 50_000; time += 1) buffer.add(time, time);
    const points = buffer.window(50_000, 50_000);
    expect(points.length).toBeLessThanOrEqual(20_001);
    expect(points.at(-2)).toEqual({ time: 49_999, value: 49_999 });
  });
});

describe('spanSeconds', () => {
  for (const [text, seconds] of [['1 minute', 60], ['-2 hours 30 min', 9000], ['10s', 10], ['1 day', 86_400], ['now', 60], ['', 60]] as const) {
    it(`${text || 'nothing'}: ${seconds} s`, () => expect(spanSeconds(text)).toBe(seconds));
  }
});
