import { describe, expect, it } from 'vitest';
import { liveCharts } from './liveCharts';

describe('live charts', () => {
  it('show when each thread got on and how fast, against the fastest', () => {
    const [lanes, curve] = liveCharts([[0, 0, 0], [50, 4, 0], [100, 4, 2], [150, 6, 4]]);
    expect(lanes).toMatchObject({ kind: 'lanes', lanes: [{ title: 'Thread 1, ones', spans: [[0, 50, 1], [100, 150, 0.5]] }, { title: 'Thread 2, millions', spans: [[50, 100, 0.5], [100, 150, 0.5]] }] });
    expect(curve).toMatchObject({ kind: 'lines', lines: [{ points: [{ x: 0, y: 0 }, { x: 0.05, y: 4 }, { x: 0.1, y: 4 }, { x: 0.15, y: 6 }] }, {}] });
  });
  it('are not there before there is something to see, and stand a clock that stood', () => {
    expect(liveCharts([[0, 0], [1, 1]])).toEqual([]);
    expect(liveCharts([[0, 0], [0, 1], [0, 2]])[0]).toMatchObject({ lanes: [{ spans: [] }] });
  });
});
