// Counts as Endstation writes them, in its windows and in what the lab says.

/** `1,204`, the same in every locale, so that a screenshot can be read anywhere. */
export function formatCount(count: number): string { return count.toLocaleString('en'); }

/** A count and a unit that has counts in it, e.g. `3 of 2000000 updates` as `3 of 2,000,000 updates`. */
export function countWithUnit({ value, unit }: { readonly value: number; readonly unit: string }): string { return `${formatCount(value)} ${countsIn(unit)}`; }
export function countsIn(unit: string): string { return unit.replace(/\d+/g, (digits) => formatCount(Number(digits))); }
