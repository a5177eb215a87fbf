// The table of DBR types 0..38 (EPICS base db_access.h): what comes before the value, and where the value starts.
import { nativeTypes } from '../../value';
import type { NativeType } from '../../value';
import { LocalProtocolError } from './errors';

/** What a DBR type carries besides the value. */
export const dbrForms = ['plain', 'sts', 'time', 'gr', 'ctrl'] as const;
export type DbrForm = (typeof dbrForms)[number];

export interface DbrType {
  readonly code: number;
  /** As in db_access.h without DBR_: `TIME_DOUBLE`. */
  readonly name: string;
  readonly base: NativeType;
  readonly form: DbrForm | 'stsack';
  /** Bytes before the first element, padding included. */
  readonly valueOffset: number;
  /** Bytes of one element. */
  readonly elementSize: number;
}

export const elementSizes: Readonly<Record<NativeType, number>> = {
  STRING: 40, SHORT: 2, FLOAT: 4, ENUM: 2, CHAR: 1, LONG: 4, DOUBLE: 8,
};

/** Offset of the value, per form, in the order of `nativeTypes`: STRING SHORT FLOAT ENUM CHAR LONG DOUBLE. */
const valueOffsets: Readonly<Record<DbrForm, readonly number[]>> = {
  plain: [0, 0, 0, 0, 0, 0, 0],
  sts: [4, 4, 4, 4, 5, 4, 8],
  time: [12, 14, 12, 14, 15, 12, 16],
  gr: [4, 24, 40, 422, 19, 36, 64],
  ctrl: [4, 28, 48, 422, 21, 44, 80],
};

/** Indexed by the DBR number. */
export const dbrTypes: readonly DbrType[] = [
  ...dbrForms.flatMap((form, f) => nativeTypes.map((base, b) => ({
    code: f * 7 + b, name: form === 'plain' ? base : `${form.toUpperCase()}_${base}`, base, form,
    valueOffset: valueOffsets[form][b] as number, elementSize: elementSizes[base],
  }))),
  { code: 35, name: 'PUT_ACKT', base: 'ENUM', form: 'plain', valueOffset: 0, elementSize: 2 },
  { code: 36, name: 'PUT_ACKS', base: 'ENUM', form: 'plain', valueOffset: 0, elementSize: 2 },
  { code: 37, name: 'STSACK_STRING', base: 'STRING', form: 'stsack', valueOffset: 8, elementSize: 40 },
  { code: 38, name: 'CLASS_NAME', base: 'STRING', form: 'plain', valueOffset: 0, elementSize: 40 },
];

const firstOfForm: Readonly<Record<DbrForm, number>> = { plain: 0, sts: 7, time: 14, gr: 21, ctrl: 28 };
const plainCode: Readonly<Record<NativeType, number>> = { STRING: 0, SHORT: 1, FLOAT: 2, ENUM: 3, CHAR: 4, LONG: 5, DOUBLE: 6 };

/** The DBR number of a native type in a form: `dbrCode('DOUBLE', 'time')` is 20. */
export function dbrCode(base: NativeType, form: DbrForm): number {
  return firstOfForm[form] + plainCode[base];
}

/** The row of the table, or null for a number that the protocol has not. */
export function dbrType(code: number): DbrType | null {
  return dbrTypes[code] ?? null;
}

/** Bytes of a payload of `count` elements without its padding to 8. */
export function dbrSize(code: number, count: number): number {
  const type = dbrTypes[code];
  if (!type) throw new LocalProtocolError(`There is no DBR type ${code}: the numbers go from 0 to 38.`);
  return type.valueOffset + count * type.elementSize;
}
