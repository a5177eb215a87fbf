// Figures as text: as many digits as they carry.
import type { Figure } from '@shared/lab';

/** Three significant digits; whole numbers whole; tiny ones as `1.00e-7`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'not known';
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) < 1e-4) return value.toExponential(2);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(digits);
}

/** With unit and spread: `0.324 ± 0.058 s`. */
export function figureText({ value, unit, spread }: Figure): string {
  const sigma = spread === undefined ? '' : ` ± ${numberText(spread)}`;
  return `${numberText(value)}${sigma}${unit ? ` ${unit}` : ''}`;
}

/** `about 2 min 5 s left`, `about 8 s left`. */
export function timeLeftText(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 60 ? `about ${whole} s left` : `about ${Math.floor(whole / 60)} min ${whole % 60} s left`;
}
