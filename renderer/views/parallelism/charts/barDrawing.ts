// Bars in rows, with spread, value and what to compare with.
import { markerPath } from '../../../plot/markers';
import { axisText, type BarChart, type BarRow } from './chartSpec';
import { scaleOf } from './axisScale';
import { fitted, inkOf, line, round, textSize, textWidth, wrapped, type Drawing, type Shape } from './drawing';
import { legendOf, type LegendEntry } from './legend';

const thick = 14;
const gap = 3;
const between = 12;
const bottom = 40;
/** Pixels of an axis that makes room for texts. */
const shortest = 60;

export function drawBars(chart: BarChart, width: number): Drawing {
  const { rows, series, axis, level, marks = [] } = chart;
  const labelled = Math.max(60, ...rows.flatMap(({ label, note }) => [textWidth(label, textSize, note !== undefined), textWidth(note ?? '', 11)]));
  const left = round(Math.min(labelled, width * 0.34) + 14);
  const entries: LegendEntry[] = [
    ...(series.length > 1 ? series.map((name, index) => ({ name, ink: inkOf(index), marker: index, bar: true })) : []),
    ...marks.map((name) => ({ name, ink: 'text' as const, level: true })),
    ...(level ? [{ name: level.label, ink: 'muted' as const, level: true, dash: '5 4' }] : []),
  ];
  const legend = legendOf(entries, width);
  const top = legend.height + 4;
  const values = rows.flatMap(({ bars, marks: own = [] }) => [...bars.flatMap(({ value, spread = 0 }) => [value + spread, value]), ...own.map(({ value }) => value)]);
  const scaleTo = (to: number) => scaleOf([...values, ...(level ? [level.value] : [])], { log: axis.log, from: left, to, most: width < 520 ? 4 : 6 });
  let right = width - Math.min(Math.max(...rows.flatMap(({ bars }) => bars.map(({ text }) => textWidth(text))), 40) + 14, width * 0.34);
  let scale = scaleTo(right);
  const lines = () => (level ? [scale.place(level.value)] : []);
  /** The axis ends earlier until the longest text behind its bar lies within the width; what is crossed by a line moves on, so that one time may not be enough. */
  for (let tries = 0; tries < 8; tries++) {
    const beyond = Math.max(...rows.map((row) => endOf(row, scale.place, lines()))) - width;
    if (beyond <= 0 || right <= left + shortest) break;
    right = Math.max(left + shortest, right - Math.ceil(beyond));
    scale = scaleTo(right);
  }
  const names = rows.map((row) => namesOf(row, left - 11));
  const heights = rows.map((row, index) => heightOf(row, names[index] ?? []));
  const foot = top + heights.reduce((sum, height) => sum + height, 0);
  const shapes: Shape[] = [
    ...scale.ticks.flatMap(({ at, text }): Shape[] => [
      line(scale.place(at), top, scale.place(at), foot, 'border'), { kind: 'text', x: scale.place(at), y: foot + 15, text, ink: 'muted', anchor: 'middle' }]),
    line(left, top, left, foot, 'border-strong'),
    { kind: 'text', x: (left + right) / 2, y: foot + 34, text: axisText(axis), ink: 'muted', anchor: 'middle' },
    ...legend.shapes,
  ];
  let y = top;
  rows.forEach((row, index) => {
    shapes.push(...rowShapes(row, y, heights[index] ?? 0, { names: names[index] ?? [], left, place: scale.place, marked: series.length > 1, lines: lines() }));
    y += heights[index] ?? 0;
  });
  if (level) shapes.push(line(scale.place(level.value), top, scale.place(level.value), foot, 'muted', 1.5, '5 4'));
  return { width, height: foot + bottom, shapes };
}

type NameLine = { readonly text: string; readonly ink: 'text' | 'muted'; readonly size: number; readonly bold: boolean };
const lineHeight = 15;

/** A row's label and its note, each on two lines where one is too short for it. */
function namesOf({ label, note }: BarRow, width: number): NameLine[] {
  const lines = (text: string, rest: Omit<NameLine, 'text'>): NameLine[] => {
    const [first = '', ...more] = wrapped(text, width, rest.size, rest.bold);
    return [first, ...(more.length > 0 ? [more.join(' ')] : [])].map((part) => ({ text: fitted(part, width, rest.size, rest.bold), ...rest }));
  };
  return [...lines(label, { ink: 'text', size: textSize, bold: note !== undefined }), ...(note === undefined || note === '' ? [] : lines(note, { ink: 'muted', size: 11, bold: false }))];
}

function heightOf({ bars, note }: BarRow, names: readonly NameLine[]): number {
  return Math.max(bars.length * (thick + gap), note === undefined ? 18 : 32, names.length * lineHeight + 2) + between;
}

function rowShapes({ bars, marks = [] }: BarRow, y: number, height: number, { names, left, place, marked, lines }: { names: readonly NameLine[]; left: number; place: (value: number) => number; marked: boolean; lines: readonly number[] }): Shape[] {
  const middle = y + height / 2;
  const shapes: Shape[] = names.map(({ text, ...rest }, index) => ({ kind: 'text', x: left - 10, y: middle + 4 + (index - (names.length - 1) / 2) * lineHeight, text, anchor: 'end', ...rest }));
  const crossing = crossingOf(marks, place, lines);
  const first = middle - (bars.length * (thick + gap) - gap) / 2;
  bars.forEach(({ series, value, spread, text }, index) => {
    const at = first + index * (thick + gap);
    const centre = at + thick / 2;
    const end = place(value);
    shapes.push({ kind: 'rect', x: left, y: at, width: Math.max(0, end - left), height: thick, ink: inkOf(series) });
    if (spread !== undefined && spread > 0) {
      const [low, high] = [Math.max(left, place(Math.max(0, value - spread))), place(value + spread)];
      shapes.push({ kind: 'path', d: `M${round(low)} ${centre}H${round(high)}M${round(low)} ${centre - 4}v8M${round(high)} ${centre - 4}v8`, ink: 'text', thick: 1.5 });
    }
    if (marked) shapes.push({ kind: 'path', d: markerPath(series, round(end), centre, 3.2), ink: 'text', filled: true, thick: 1 });
    shapes.push({ kind: 'text', x: textAt({ value, spread, text }, place, crossing), y: centre + 4, text, ink: 'text' });
  });
  const last = first + bars.length * (thick + gap) - gap;
  for (const { value } of marks) shapes.push(line(place(value), first - 4, place(value), last + 4, 'text', 3));
  return shapes;
}

type Place = (value: number) => number;

function crossingOf(marks: NonNullable<BarRow['marks']>, place: Place, lines: readonly number[]): number[] {
  return [...marks.map(({ value }) => place(value)), ...lines].sort((a, b) => a - b);
}

function textAt({ value, spread, text }: { readonly value: number; readonly spread?: number | undefined; readonly text: string }, place: Place, crossing: readonly number[]): number {
  return clearOf(crossing, Math.max(place(value), place(value + (spread ?? 0))) + 8, textWidth(text));
}

/** Where the longest text of a row ends. */
function endOf({ bars, marks = [] }: BarRow, place: Place, lines: readonly number[]): number {
  const crossing = crossingOf(marks, place, lines);
  return Math.max(0, ...bars.map((bar) => textAt(bar, place, crossing) + textWidth(bar.text)));
}

/** Where a text can stand without a line through it: at `x`, or behind the line that is in its way. `crossing`: in ascending order. */
function clearOf(crossing: readonly number[], x: number, width: number): number {
  return crossing.reduce((from, at) => (at > from - 4 && at < from + width + 4 ? at + 8 : from), x);
}
