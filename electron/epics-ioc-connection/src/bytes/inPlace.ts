// Whether bytes were read to where they belong.

/** `chunk` from `at` on is `target` from `filled` on: the same memory. */
export function isInPlace(chunk: Uint8Array, at: number, target: Uint8Array, filled: number): boolean {
  return chunk.buffer === target.buffer && chunk.byteOffset + at === target.byteOffset + filled;
}
