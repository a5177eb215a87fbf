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

/** With unit and spread, which has the decimals of the value, or one digit where that is not enough: `0.324 ± 0.058 s`. */
export function figureText({ value, unit, spread }: Figure): string {
  const text = numberText(value);
  return `${text}${spread === undefined || spread === 0 ? '' : ` ± ${spreadText(spread, text)}`}${unit ? ` ${unit}` : ''}`;
}

function spreadText(spread: number, value: string): string {
  if (value.includes('e') || Number.isInteger(spread)) return numberText(spread);
  const text = spread.toFixed(value.split('.')[1]?.length ?? 0);
  return Number(text) === 0 ? numberText(Number(spread.toPrecision(1))) : text;
}

/** `about 2 min 5 s left`, `about 8 s left`. */
export function timeLeftText(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 60 ? `about ${whole} s left` : `about ${Math.floor(whole / 60)} min ${whole % 60} s left`;
}
