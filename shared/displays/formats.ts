// The ways in which a display shows a number, and the other words that several widgets share.
import { choice, color, flag, font, integer, text, type Property } from './propertyKinds';

/** In the order of Phoebus's FormatOption: files have the index. */
export const formatNames = [
  'default', 'decimal', 'exponential', 'engineering', 'hex', 'compact', 'string',
  'sexagesimal', 'sexagesimal_hms', 'sexagesimal_dms', 'binary', 'significant',
] as const;
export type FormatName = (typeof formatNames)[number];

export const format = (fallback: FormatName = 'default'): Property<FormatName> => choice(formatNames, fallback);

export const horizontalAlignment = (fallback: 'left' | 'center' | 'right' = 'left') => choice(['left', 'center', 'right'], fallback);
export const verticalAlignment = (fallback: 'top' | 'middle' | 'bottom' = 'top') => choice(['top', 'middle', 'bottom'], fallback);
/** 1: a quarter turn against the clock, 2: upside down, 3: a quarter turn with the clock. */
export const rotationStep = choice(['none', 'quarter', 'half', 'minus_quarter'], 'none');
export const lineStyle = choice(['solid', 'dash', 'dot', 'dash_dot', 'dash_dot_dot'], 'solid');
/** When a control asks before it writes. */
export const confirmDialog = choice(['none', 'both', 'push', 'release'], 'none');

/** Type and its colours, as nearly every widget with text has them. */
export const lettering = (background: string) => ({
  font: font('Default'), foreground_color: color('Text'), background_color: color(background),
}) as const;

export const confirmation = {
  confirm_message: text('Are you sure you want to do this?'), password: text(''), enabled: flag(true),
} as const;

export const precision = integer(-1);
