// Points, arcs and arrow heads as SVG paths.
import type { Point } from '@shared/displays/propertyKinds';

export function pointsText(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${x},${y}`).join(' ');
}

interface Ellipse { readonly width: number; readonly height: number; readonly line_width: number }

/** Degrees, from 3 o'clock, against the clock. */
function onEllipse({ width, height, line_width }: Ellipse, degrees: number): Point {
  const angle = degrees * Math.PI / 180;
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return { x: round(width / 2 + Math.max(0, (width - line_width) / 2) * Math.cos(angle)), y: round(height / 2 - Math.max(0, (height - line_width) / 2) * Math.sin(angle)) };
}

/** An arc of an ellipse that fills its box. `start` and `size` in degrees; a negative size goes with the clock. `sector`: closed through the centre. */
export function arcPath(box: Ellipse, start: number, size: number, sector: boolean): string {
  const sweep = Math.max(-359.999, Math.min(359.999, size));
  const from = onEllipse(box, start);
  const to = onEllipse(box, start + sweep);
  const isWhole = Math.abs(size) >= 360;
  const radii = `${Math.max(0, (box.width - box.line_width) / 2)} ${Math.max(0, (box.height - box.line_width) / 2)}`;
  const arc = `A${radii} 0 ${Math.abs(sweep) > 180 ? 1 : 0} ${sweep > 0 ? 0 : 1} ${to.x} ${to.y}`;
  return sector && !isWhole ? `M${box.width / 2} ${box.height / 2}L${from.x} ${from.y}${arc}Z` : `M${from.x} ${from.y}${arc}`;
}

/** A filled arrow head of that length with its tip at `tip`, coming from `from`. */
export function arrowHead(from: Point, tip: Point, length: number): string {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const wing = (turn: number) => `${Math.round((tip.x - length * Math.cos(angle + turn)) * 100) / 100},${Math.round((tip.y - length * Math.sin(angle + turn)) * 100) / 100}`;
  return `${tip.x},${tip.y} ${wing(0.25)} ${wing(-0.25)}`;
}
