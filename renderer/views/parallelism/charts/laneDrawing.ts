// Who ran when: a lane each, with the spans in which it ran.
import { axisText, type LaneChart } from './chartSpec';
import { scaleOf } from './axisScale';
import { fitted, inkOf, line, round, textWidth, type Drawing, type Shape } from './drawing';

const laneHeight = 26;
const bar = 16;

export function drawLanes({ lanes, axis }: LaneChart, width: number): Drawing {
  const left = round(Math.min(Math.max(60, ...lanes.map(({ title }) => textWidth(title))), width * 0.3) + 12);
  const right = width - 24;
  const foot = lanes.length * laneHeight + 4;
  const scale = scaleOf(lanes.flatMap(({ spans }) => spans.map(([, to]) => to)), { from: left, to: right, most: width < 520 ? 4 : 8 });
  const shapes: Shape[] = [
    ...scale.ticks.flatMap(({ at, text }): Shape[] => [
      line(scale.place(at), 0, scale.place(at), foot, 'border'), { kind: 'text', x: scale.place(at), y: foot + 15, text, ink: 'muted', anchor: 'middle' }]),
    { kind: 'text', x: (left + right) / 2, y: foot + 34, text: axisText(axis), ink: 'muted', anchor: 'middle' },
    ...lanes.flatMap(({ title, spans }, index): Shape[] => {
      const y = index * laneHeight + 4;
      // One path a lane: there may be thousands of spans.
      const d = spans.map(([from, to, part = 1]) => {
        const [wide, high] = [round(Math.max(1, scale.place(to) - scale.place(from))), round(bar * Math.min(1, part))];
        return `M${round(scale.place(from))} ${round(y + bar - high)}h${wide}v${high}h${-wide}z`;
      }).join('');
      return [
        { kind: 'text', x: left - 10, y: y + bar / 2 + 4, text: fitted(title, left - 10), ink: 'text', anchor: 'end' },
        line(left, y + bar, right, y + bar, 'border'),
        ...(d === '' ? [] : [{ kind: 'path', d, ink: inkOf(index), filled: true, thick: 0 } as const]),
      ];
    }),
    line(left, 0, left, foot, 'border-strong'),
  ];
  return { width, height: foot + 40, shapes };
}
