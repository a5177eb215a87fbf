// The drawings of every kind, on recorded figures: what is in them, and that they stay within their width.
import { describe, expect, it } from 'vitest';
import type { BarChart, ChartSpec, LaneChart, LineChart } from './chartSpec';
import { drawChart, saidOf } from './drawChart';
import { textWidth, type Drawing } from './drawing';
import { svgText, type Palette } from './svgText';

const bars: BarChart = {
  kind: 'bars', title: 'Latency', axis: { title: 'Latency', unit: 'ms', log: true }, series: ['median', '99 %'], marks: ['the article'],
  rows: [
    { label: 'PyEpics polls', note: '1 PV at 20 Hz', bars: [{ series: 0, value: 6.6, spread: 0.8, text: '6.6 ± 0.8 ms' }, { series: 1, value: 11.7, text: '11.7 ms' }], marks: [{ mark: 0, value: 10 }] },
    { label: 'PyEpics is told', bars: [{ series: 0, value: 0.97, text: '0.97 ms' }, { series: 1, value: 0, text: '0 ms' }] },
  ],
};
const lines: LineChart = {
  kind: 'lines', title: 'Scaling', x: { title: 'Threads', unit: '' }, y: { title: 'Work', unit: 'times' },
  lines: [{ name: 'ideal', points: [{ x: 1, y: 1 }, { x: 4, y: 4 }], ideal: true }, { name: 'C <threads>', points: [{ x: 1, y: 1 }, { x: 2, y: 1.9, spread: 0.2 }, { x: 4, y: 2 }] }],
  marks: [{ label: 'the article', x: 2, y: 1.07 }, { label: 'level', y: 1 }],
};
const lanes: LaneChart = { kind: 'lanes', title: 'Who ran', axis: { title: 'Time', unit: 'ms' }, lanes: [{ title: 'Sleeper', spans: [[0, 500]] }, { title: 'Other', spans: [[0, 4], [20, 24, 0.5]] }] };
const texts = (drawing: Drawing) => drawing.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
const all: readonly ChartSpec[] = [bars, lines, lanes];

describe('drawings', () => {
  it('have axis titles with units, legends, values and ticks', () => {
    expect(texts(drawChart(bars, 800))).toEqual(expect.arrayContaining(['Latency (ms)', 'median', '99 %', 'the article', 'PyEpics polls', '1 PV at 20 Hz', '6.6 ± 0.8 ms', '0.5', '10']));
    expect(texts(drawChart(lines, 800))).toEqual(expect.arrayContaining(['Threads', 'Work (times)', 'ideal', 'C <threads>', 'the article', '1', '2', '3', '4']));
    expect(texts(drawChart(lanes, 800))).toEqual(expect.arrayContaining(['Time (ms)', 'Sleeper', 'Other', '500']));
  });
  it('keep everything within their width and height, wide and narrow', () => {
    for (const chart of all) {
      for (const width of [320, 500, 1200]) {
        const drawing = drawChart(chart, width);
        for (const shape of drawing.shapes) {
          const numbers = shape.kind === 'path' ? [] : [shape.x];
          if (shape.kind === 'rect') numbers.push(shape.x + shape.width);
          for (const x of numbers) expect(x >= 0 && x <= width).toBe(true);
          if (shape.kind !== 'path') expect(shape.y >= 0 && shape.y <= drawing.height).toBe(true);
          else expect(shape.d).not.toMatch(/NaN|Infinity/);
        }
      }
    }
  });
  it('have room for bold labels, which are wider', () => {
    const long: BarChart = { ...bars, rows: [{ label: 'Node workers, SharedArrayBuffer', note: '20.20.2', bars: [{ series: 0, value: 1, text: '1' }] }] };
    const label = drawChart(long, 1000).shapes.find((shape) => shape.kind === 'text' && shape.text === 'Node workers, SharedArrayBuffer');
    // 6.9 pixels a character at 12 pixels, in DejaVu Sans Bold.
    expect(label?.kind === 'text' && label.x).toBeGreaterThan(31 * 6.9);
  });
  it('have labels and notes on two lines where they are too long for one, all of their words shown', () => {
    const long: BarChart = { ...bars, rows: [
      { label: 'CPython without its GIL, threads', note: '3.13.5', bars: [{ series: 0, value: 1, text: '1 s' }] },
      { label: 'CPython with dask, processes', note: 'in Python statements', bars: [{ series: 0, value: 1, text: '1 s' }] },
      { label: 'C threads', note: 'cc (Debian 12.2.0-14+deb12u1) 12.2.0', bars: [{ series: 0, value: 1, text: '1 s' }] },
      { label: 'Node', note: '', bars: [{ series: 0, value: 1, text: '1 s' }] },
    ] };
    for (const width of [500, 620]) {
      const drawing = drawChart(long, width);
      const ends = drawing.shapes.flatMap((shape) => (shape.kind === 'text' && shape.anchor === 'end' ? [shape] : []));
      expect(ends.map(({ text }) => text).join(' ')).toBe('CPython without its GIL, threads 3.13.5 CPython with dask, processes in Python statements C threads cc (Debian 12.2.0-14+deb12u1) 12.2.0 Node');
      for (const { x, text, size, bold } of ends) expect(textWidth(text, size, bold)).toBeLessThanOrEqual(x);
      // No line of them lies on another.
      ends.forEach(({ y }, index) => { if (index > 0) expect(y - (ends[index - 1]?.y ?? 0)).toBeGreaterThanOrEqual(14); });
    }
    const cut = drawChart({ ...bars, rows: [{ label: 'One with a name of very many words, as nothing should have, for charts', note: '', bars: [{ series: 0, value: 1, text: '1 s' }] }] }, 400);
    expect(texts(cut).filter((text) => text.endsWith('…'))).toHaveLength(1);
  });
  it('end the axis earlier where a text behind its bar would be cut off', () => {
    const long: BarChart = {
      ...bars, axis: { title: 'Lost', unit: '%' }, series: ['lost'], marks: [],
      rows: [{ label: 'C threads', note: 'without protection', bars: [{ series: 0, value: 49.5, text: '49.5 %, 98,932,225 of 200,000,000' }] }, { label: 'CPython 3.9', bars: [{ series: 0, value: 10, text: 'none' }] }],
    };
    for (const width of [440, 600, 800]) {
      const text = drawChart(long, width).shapes.find((shape) => shape.kind === 'text' && shape.text.startsWith('49.5'));
      expect(text?.kind === 'text' ? text.x + textWidth(text.text) : NaN).toBeLessThanOrEqual(width);
    }
  });
  it('have whiskers of several lines at one number of threads side by side', () => {
    const many: LineChart = { ...lines, lines: ['a', 'b', 'c'].map((name) => ({ name, points: [{ x: 1, y: 1 }, { x: 2, y: 1.5, spread: 0.2 }] })) };
    const whiskers = drawChart(many, 800).shapes.flatMap((shape) => (shape.kind === 'path' && /V.*M.*h8M/.test(shape.d) ? [Number(/^M([\d.]+)/.exec(shape.d)?.[1])] : []));
    expect(new Set(whiskers).size).toBe(3);
  });
  it('write no value across the line of what it is compared with', () => {
    const drawing = drawChart(bars, 800);
    const value = drawing.shapes.find((shape) => shape.kind === 'text' && shape.text.startsWith('6.6'));
    const mark = drawing.shapes.find((shape) => shape.kind === 'path' && shape.thick === 3);
    const at = mark?.kind === 'path' ? Number(/^M([\d.]+)/.exec(mark.d)?.[1]) : NaN;
    expect(value?.kind === 'text' && value.x > at).toBe(true);
  });
  it('mark a bar\'s value on the axis: twice as long where the value is twice as large', () => {
    const linear: BarChart = { ...bars, axis: { title: 'Time', unit: 's' }, series: ['time'], rows: [{ label: 'a', bars: [{ series: 0, value: 1, text: '1 s' }] }, { label: 'b', bars: [{ series: 0, value: 2, text: '2 s' }] }] };
    const [one, two] = drawChart(linear, 640).shapes.flatMap((shape) => (shape.kind === 'rect' ? [shape.width] : [])).slice(-2);
    expect((two ?? 0) / (one ?? 1)).toBeCloseTo(2, 6);
  });
  it('say themselves in a sentence', () => {
    expect(saidOf(bars)).toBe('Latency, Latency (ms): PyEpics polls, 1 PV at 20 Hz, median 6.6 ± 0.8 ms, 99 % 11.7 ms; PyEpics is told median 0.97 ms, 99 % 0 ms.');
    expect(saidOf(lines)).toBe('Scaling: Work (times) against Threads; C <threads> up to 2.');
    expect(saidOf(lanes)).toContain('Sleeper ran 1 times, 500 ms in all');
  });
  it('become an SVG of their own, with title, notes and no colour that is not the palette\'s', () => {
    const palette = new Proxy({}, { get: () => '#123456' }) as Palette;
    const { svg, width, height } = svgText(drawChart(lines, 640), palette, { title: 'Scaling & more', notes: ['AMD, 2 cores'] });
    expect(svg).toContain('Scaling &#38; more');
    expect(svg).toContain('C &#60;threads&#62;');
    expect(svg).toContain('AMD, 2 cores');
    expect(svg).not.toContain('var(');
    expect([...new Set(svg.match(/#[0-9a-f]{6}/g))]).toEqual(['#123456']);
    expect(width).toBe(680);
    expect(height).toBeGreaterThan(drawChart(lines, 640).height);
    const long = svgText(drawChart(lines, 640), palette, { title: 'Scaling', notes: [Array.from({ length: 60 }, (_, i) => `version${i}`).join(' ')] });
    expect(long.height).toBeGreaterThan(height + 16);
    expect(long.svg).toContain('version59');
  });
});
