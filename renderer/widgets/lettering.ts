// Type, colours and alignment of a widget as CSS, from its properties.
import { familyStack, type DisplayFont } from '@shared/displays/displayFonts';
import type { DisplayColor } from '@shared/displays/displayColors';
import type { CSSProperties } from 'vue';
import type { Paint } from '../displays/palette';

export function fontStyle(font: DisplayFont): CSSProperties {
  return { font: `${font.italic ? 'italic ' : ''}${font.bold ? 'bold ' : ''}${font.size}px/1.2 ${familyStack(font.family)}` };
}

interface Lettering {
  readonly font: DisplayFont;
  readonly foreground_color: DisplayColor;
  readonly background_color: DisplayColor;
  readonly transparent?: boolean;
}

/** Type, text colour and ground of a box. */
export function letteringStyle(widget: Lettering, paint: Paint): CSSProperties {
  const ground = widget.transparent ? null : widget.background_color;
  return {
    ...fontStyle(widget.font), color: paint.ink(widget.foreground_color, ground), ...(ground === null ? {} : { background: paint.fill(ground) }),
  };
}

const across = { left: 'flex-start', center: 'center', right: 'flex-end' } as const;
const down = { top: 'flex-start', middle: 'center', bottom: 'flex-end' } as const;

interface Aligned { readonly horizontal_alignment: keyof typeof across; readonly vertical_alignment: keyof typeof down }

export function alignmentStyle({ horizontal_alignment, vertical_alignment }: Aligned): CSSProperties {
  return { justifyContent: across[horizontal_alignment], alignItems: down[vertical_alignment], textAlign: horizontal_alignment };
}

interface Turned { readonly width: number; readonly height: number; readonly rotation_step: 'none' | 'quarter' | 'half' | 'minus_quarter' }

/** A box that is turned about its corner so that it fills the widget's place again. */
export function turnStyle({ width, height, rotation_step }: Turned): CSSProperties {
  switch (rotation_step) {
    case 'quarter': return { width: `${height}px`, height: `${width}px`, transformOrigin: '0 0', transform: `translateY(${height}px) rotate(-90deg)` };
    case 'minus_quarter': return { width: `${height}px`, height: `${width}px`, transformOrigin: '0 0', transform: `translateX(${width}px) rotate(90deg)` };
    case 'half': return { transform: 'rotate(180deg)' };
    case 'none': return {};
  }
}

export function wrapStyle(wraps: boolean): CSSProperties {
  return { whiteSpace: wraps ? 'pre-wrap' : 'pre' };
}

const dashes = { solid: 'none', dash: '8 4', dot: '2 3', dash_dot: '8 4 2 4', dash_dot_dot: '8 4 2 4 2 4' } as const;

interface Outline { readonly line_width: number; readonly line_color: DisplayColor; readonly line_style: keyof typeof dashes }

/** Phoebus's own blue, where the file gives no colour, is made for a white ground. */
export function lineColor(widget: Pick<Outline, 'line_color'>, paint: Paint): string {
  return paint.themed && !widget.line_color.given ? 'var(--accent)' : paint.fill(widget.line_color);
}

/** The outline of a drawn shape, as SVG attributes. */
export function strokeOf(widget: Outline, paint: Paint): { stroke: string; 'stroke-width': number; 'stroke-dasharray': string } {
  return { stroke: widget.line_width > 0 ? lineColor(widget, paint) : 'none', 'stroke-width': widget.line_width, 'stroke-dasharray': dashes[widget.line_style] };
}
