// What the native types hold, as the client's writes and the server's values are checked by.
import type { NativeType, NumericArray } from '../value';

/** Of the types that hold whole numbers. CHAR takes both the signed and the unsigned reading of a byte. */
export const wholeRanges: Readonly<Partial<Record<NativeType, readonly [number, number]>>> = {
  SHORT: [-32768, 32767], ENUM: [0, 65535], CHAR: [-128, 255], LONG: [-2147483648, 2147483647],
};

/** The array of each type of numbers. */
export const nativeArrays: Readonly<Record<Exclude<NativeType, 'STRING'>, { new (length: number): NumericArray }>> = {
  SHORT: Int16Array, FLOAT: Float32Array, ENUM: Uint16Array, CHAR: Uint8Array, LONG: Int32Array, DOUBLE: Float64Array,
};
