// Curves with a marker for each series, spread at the points, ideal lines, and others' points and levels beside them.
import { isOpenMarker, markerPath } from '../../../plot/markers';
import { axisText, type ChartLine, type ChartPoint, type LineChart } from './chartSpec';
import { scaleBetween, scaleOf, type Scale } from './axisScale';
import { inkOf, line, round, textWidth, type Drawing, type Shape } from './drawing';
import { legendOf, type LegendEntry } from './legend';

const plotHeight = 220;
/** Points up to which each has its marker. */
const markersUpTo = 60;
/** Pixels between two of so many whiskers that stand side by side. */
const apart = (lines: number): number => Math.min(10, 60 / lines);

interface Style { readonly ink: ReturnType<typeof inkOf> | 'muted'; readonly marker: number; readonly dash: string | undefined }
/** Beyond eight series the colours come again, with another marker and dashes. */
function styleOf(index: number): Style {
  const round8 = Math.floor(index / 8);
  return { ink: inkOf(index), marker: (index + 3 * round8) % 8, dash: round8 === 0 ? undefined : `${6 - round8} 3` };
}

export function drawLines(chart: LineChart, width: number): Drawing {
  const { lines, x, y, marks = [] } = chart;
  const measured = lines.filter(({ ideal }) => ideal !== true);
  const styles = new Map<ChartLine, Style>(lines.map((each) => [each, each.ideal === true ? { ink: 'muted', marker: 0, dash: '5 4' } : styleOf(measured.indexOf(each))]));
  const entries: LegendEntry[] = [
    ...lines.map((each): LegendEntry => {
      const { ink, marker, dash } = styles.get(each) ?? styleOf(0);
      return { name: each.name, ink, ...(each.ideal === true ? { level: true } : { marker }), ...(dash === undefined ? {} : { dash }) };
    }),
    ...marks.map(({ label, x: at }): LegendEntry => (at === undefined ? { name: label, ink: 'text', level: true, dash: '2 3' } : { name: label, ink: 'text', marker: 7 })),
  ];
  const legend = legendOf(entries, width);
  const top = legend.height + 26;
  const foot = top + plotHeight;
  const points = lines.flatMap((each) => each.points);
  const yScale = scaleOf([...points.flatMap(({ y: value, spread = 0 }) => [value, value + spread]), ...marks.map((mark) => mark.y)], { log: y.log, from: foot, to: top, most: 5 });
  const left = round(Math.max(24, ...yScale.ticks.map(({ text }) => textWidth(text))) + 12);
  const right = width - 14;
  const xScale = acrossOf(chart, points, left, right);
  // Whiskers of many runtimes at one number of threads stand side by side.
  const beside = isCounted(chart, points) && measured.length > 2 ? apart(measured.length) : 0;
  const atOf = (each: ChartLine) => (point: ChartPoint) => ({
    x: round(xScale.place(point.x) + (point.spread === undefined || each.ideal === true ? 0 : (measured.indexOf(each) - (measured.length - 1) / 2) * beside)), y: round(yScale.place(point.y)),
  });
  const shapes: Shape[] = [
    { kind: 'text', x: 0, y: legend.height + 16, text: axisText(y), ink: 'muted' },
    ...yScale.ticks.flatMap(({ at: value, text }): Shape[] => [
      line(left, yScale.place(value), right, yScale.place(value), 'border'), { kind: 'text', x: left - 6, y: yScale.place(value) + 4, text, ink: 'muted', anchor: 'end' }]),
    ...xScale.ticks.flatMap(({ at: value, text }): Shape[] => [
      line(xScale.place(value), foot, xScale.place(value), foot + 5, 'border-strong'), { kind: 'text', x: xScale.place(value), y: foot + 19, text, ink: 'muted', anchor: 'middle' }]),
    line(left, foot, right, foot, 'border-strong'),
    { kind: 'text', x: (left + right) / 2, y: foot + 38, text: axisText(x), ink: 'muted', anchor: 'middle' },
    ...legend.shapes,
    ...marks.filter((mark) => mark.x === undefined).map((mark) => line(left, yScale.place(mark.y), right, yScale.place(mark.y), 'text', 1.5, '2 3')),
    ...lines.flatMap((each) => lineShapes(each, styles.get(each) ?? styleOf(0), atOf(each), yScale)),
    ...marks.flatMap((mark): Shape[] => (mark.x === undefined ? [] : [{ kind: 'path', d: markerPath(7, round(xScale.place(mark.x)), round(yScale.place(mark.y)), 6), ink: 'text', thick: 2 }])),
  ];
  return { width, height: foot + 44, shapes };
}

/** Few whole numbers from 1, e.g. of threads. */
function isCounted({ x, marks = [] }: LineChart, points: readonly ChartPoint[]): boolean {
  const values = [...points.map((point) => point.x), ...marks.flatMap((mark) => (mark.x === undefined ? [] : [mark.x]))];
  return !x.texts && x.log !== true && values.every(Number.isInteger) && Math.min(...values) >= 1 && Math.max(...values) <= 32;
}

/** Whole numbers of few have a tick each, dates their own texts, all else round ticks from 0. */
function acrossOf(chart: LineChart, points: readonly ChartPoint[], left: number, right: number): Scale {
  const { x, marks = [], lines } = chart;
  const values = [...points.map((point) => point.x), ...marks.flatMap((mark) => (mark.x === undefined ? [] : [mark.x]))];
  if (x.texts) {
    const place = scaleBetween(Math.min(...values), Math.max(...values), left + 24, right - 24);
    return { ticks: spaced(x.texts.map((tick) => ({ ...tick, place: place(tick.at), wide: textWidth(tick.text) })), left, right), place };
  }
  if (!isCounted(chart, points)) return scaleOf(values, { log: x.log, from: left, to: right, most: right - left < 400 ? 4 : 8 });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(20, (lines.length * apart(lines.length)) / 2 + 8);
  const place = scaleBetween(low, high, left + margin, right - margin);
  const every = Math.ceil((high - low + 1) / 16);
  return { ticks: Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((n) => (n - low) % every === 0).map((n) => ({ at: n, text: String(n) })), place };
}

/** Texts that do not run into each other or out of the chart; the last ones count most. */
function spaced(ticks: readonly { at: number; text: string; place: number; wide: number }[], left: number, right: number): { at: number; text: string }[] {
  let free = right + 12;
  return [...ticks].reverse().filter(({ place, wide }) => {
    if (place + wide / 2 > free || place - wide / 2 < left - 30) return false;
    free = place - wide / 2 - 14;
    return true;
  }).reverse();
}

function lineShapes(each: ChartLine, { ink, marker, dash }: Style, at: (point: ChartPoint) => { x: number; y: number }, yScale: Scale): Shape[] {
  const places = each.points.map(at);
  const shapes: Shape[] = [];
  if (places.length > 1) shapes.push({ kind: 'path', d: `M${places.map((place) => `${place.x} ${place.y}`).join('L')}`, ink, thick: 1.75, ...(dash === undefined ? {} : { dash }) });
  if (each.ideal === true) return shapes;
  each.points.forEach(({ y, spread }, index) => {
    const { x } = places[index] ?? { x: 0 };
    if (spread === undefined || spread === 0) return;
    const [low, high] = [round(yScale.place(Math.max(0, y - spread))), round(yScale.place(y + spread))];
    shapes.push({ kind: 'path', d: `M${x} ${low}V${high}M${x - 4} ${low}h8M${x - 4} ${high}h8`, ink, thick: 1.5 });
  });
  const every = Math.max(1, Math.ceil(places.length / markersUpTo));
  const marked = places.filter((_, index) => index % every === 0 || index === places.length - 1);
  shapes.push({ kind: 'path', d: marked.map((place) => markerPath(marker, place.x, place.y, every > 1 ? 3 : 4)).join(''), ink, filled: !isOpenMarker(marker), thick: 1.5 });
  return shapes;
}
