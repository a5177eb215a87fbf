// Texts at the ticks of an axis: one power of ten for all of them, so that they can be compared at a glance.

/** null: a tick of a logarithmic axis that is not labelled. */
export function tickTexts(values: readonly (number | null)[]): string[] {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  const plain = largest === 0 || (largest < 1e5 && largest >= 1e-3);
  const power = plain ? 0 : Math.floor(Math.log10(largest) / 3) * 3;
  return values.map((value) => {
    if (value === null) return '';
    const text = String(Number((value / 10 ** power).toPrecision(8)));
    return power === 0 || value === 0 ? text : `${text}e${power}`;
  });
}
