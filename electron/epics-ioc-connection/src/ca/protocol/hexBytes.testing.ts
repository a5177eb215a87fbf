// An independent, tiny builder of wire bytes for tests: nothing of the codec is used here.

/** `bytes(u16(1), text('abc', 8))` etc. */
export const bytes = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());
export const u8 = (...values: number[]): number[] => values.map((value) => value & 255);
export const u16 = (...values: number[]): number[] => values.flatMap((value) => [(value >> 8) & 255, value & 255]);
export const u32 = (...values: number[]): number[] => values.flatMap((v) => [Math.floor(v / 2 ** 24) & 255, (v >> 16) & 255, (v >> 8) & 255, v & 255]);
export const f32 = (...values: number[]): number[] => values.flatMap((value) => [...new Uint8Array(new Float32Array([value]).buffer)].reverse());
export const f64 = (...values: number[]): number[] => values.flatMap((value) => [...new Uint8Array(new Float64Array([value]).buffer)].reverse());
export const zeros = (count: number): number[] => new Array<number>(count).fill(0);
/** ASCII, filled with NUL to `size`. */
export const text = (value: string, size: number): number[] => [...value].map((c) => c.charCodeAt(0)).concat(zeros(size - value.length));
export const header = (command: number, size: number, type: number, count: number, p1: number, p2: number): number[] =>
  [...u16(command, size, type, count), ...u32(p1, p2)];
export const extendedHeader = (command: number, size: number, type: number, count: number, p1: number, p2: number): number[] =>
  [...u16(command, 0xffff, type, 0), ...u32(p1, p2, size, count)];
