import { describe, expect, it } from 'vitest';
import { arcPath, arrowHead, pointsText } from './drawing';

const box = { width: 100, height: 100, line_width: 0 };

describe('drawing', () => {
  it('draws arcs from 3 o\'clock against the clock, as Phoebus does', () => {
    expect(arcPath(box, 0, 90, false)).toBe('M100 50A50 50 0 0 0 50 0');
    expect(arcPath(box, 0, -90, false)).toBe('M100 50A50 50 0 0 1 50 100');
    expect(arcPath(box, 90, 270, true)).toBe('M50 50L50 0A50 50 0 1 0 100 50Z');
  });

  it('keeps a whole turn visible, and tiny boxes sane', () => {
    expect(arcPath(box, 0, 360, false)).toMatch(/^M100 50A50 50 0 1 0 100 50\.\d+$/);
    expect(arcPath(box, 180, 360, true)).toBe(arcPath(box, 180, 360, false));
    expect(arcPath({ width: 2, height: 2, line_width: 9 }, 0, 90, false)).toBe('M1 1A0 0 0 0 0 1 1');
  });

  it('points arrows along their line', () => {
    expect(arrowHead({ x: 0, y: 0 }, { x: 10, y: 0 }, 4)).toBe('10,0 6.12,-0.99 6.12,0.99');
    expect(pointsText([{ x: 1, y: 2 }, { x: 3, y: 4.5 }])).toBe('1,2 3,4.5');
  });
});
