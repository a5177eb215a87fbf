// Which state a light is in: on or off for a whole value or one of its bits.
import type { PvState } from '@shared/pv';
import { numberOf } from '../displays/displayText';

/** Bit `bit` of a number, also beyond 32 bits; a negative `bit` asks for any non-zero value. Null: the value is no number. */
export function isOn(state: PvState | undefined, bit: number): boolean | null {
  const value = numberOf(state);
  if (Number.isNaN(value)) return null;
  if (bit < 0) return value !== 0;
  // Two's complement for negative values: only the bits of the value's own width matter here.
  const bits = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  return ((bits >> BigInt(bit)) & 1n) === 1n;
}

/** The value with one bit set or cleared; the whole value becomes 0 or 1 where `bit` is negative. */
export function withBit(state: PvState | undefined, bit: number, on: boolean): number {
  const value = numberOf(state);
  if (bit < 0 || Number.isNaN(value)) return on ? 1 : 0;
  const mask = 1n << BigInt(bit);
  const bits = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  const next = on ? bits | mask : bits & ~mask;
  return Number(value < 0 ? BigInt.asIntN(64, next) : next);
}
