// What a screen reader hears of a widget that shows a number as a level.

/** Attributes for the element. Where there is no number (not connected yet, NaN) there is no level either: it is a picture with its text. */
export function meterRole(name: string, value: number, text: string): Readonly<Record<string, string | number>> {
  if (!Number.isFinite(value)) return { role: 'img', 'aria-label': `${name}: ${text}` };
  return { role: 'meter', 'aria-label': name, 'aria-valuenow': value, 'aria-valuetext': text };
}
