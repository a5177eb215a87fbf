// Equal steps as numpy makes them, so that our positions are bluesky's to the last bit.

/** Element `index` of numpy.linspace(start, stop, num); the last one is exactly `stop`. */
export function linspaceAt(start: number, stop: number, num: number, index: number): number {
  if (num > 1 && index === num - 1) return stop;
  const delta = stop - start;
  if (num === 1) return index * delta + start;
  const step = delta / (num - 1);
  return step === 0 ? (index / (num - 1)) * delta + start : index * step + start;
}
