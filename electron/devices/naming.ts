// How devices name their data, and how they write numbers in messages.

/** A data key: event-model allows neither dots nor slashes in it. `ca://SIM:M1.RBV` gives `SIM:M1_RBV`. */
export function dataKeyName(name: string): string {
  return name.replace(/^(ca|pva):\/\//, '').replace(/[./]/g, '_');
}

/** A number with its unit, without the noise of binary fractions. */
export function quantity(value: number, units: string): string {
  const number = String(Number(value.toPrecision(9)));
  return units ? `${number} ${units}` : number;
}
