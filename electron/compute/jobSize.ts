// How much memory a result holds, near enough to know when to let old ones go.

/** Bytes of all typed arrays in it, and a little for everything else. */
export function jobSizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, member: unknown) => sum + jobSizeOf(member), 16);
}
