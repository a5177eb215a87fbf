// How SPEC writes dates, labels and numbers.

/** SPEC's own date, e.g. `Sun Nov 22 20:15:00 2026`. */
export function specDate(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const [day, month, number, year] = date.toDateString().split(' ');
  return `${day} ${month} ${number} ${date.toTimeString().slice(0, 8)} ${year}`;
}

/** Labels are separated by two blanks, so they may hold single ones only. */
export function specLabel(key: string): string {
  return key.replace(/\s+/g, ' ').trim();
}

/** With all digits that tell it from its neighbours. SPEC knows no NaN, and readers lose the columns after one: what is not finite is too large a number. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : value < 0 ? '-1e999' : '1e999';
}

/** Lines of so many words. */
export function wrapped(words: readonly string[], count: number): string[] {
  return Array.from({ length: Math.ceil(words.length / count) }, (_, line) => words.slice(line * count, (line + 1) * count).join(' '));
}
