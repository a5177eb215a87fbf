// How devices name their data, and how they write numbers in messages.

export { dataKeyName } from '@shared/dataKeyName';

/** A number with its unit, without the noise of binary fractions. */
export function quantity(value: number, units: string): string {
  const number = String(Number(value.toPrecision(9)));
  return units ? `${number} ${units}` : number;
}
