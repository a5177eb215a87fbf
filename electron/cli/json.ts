// JSON as the command line prints it: NaN and infinities are strings, typed arrays are arrays.

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<number>);
  return value;
}

/** One line. */
export function toJson(value: unknown): string { return JSON.stringify(value, replace); }
