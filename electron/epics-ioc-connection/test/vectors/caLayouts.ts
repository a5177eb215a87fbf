// DBR payloads by hand from db_access.h, for vectors: nothing of the codec is used here.
import { f32, f64, text, u16, u32, u8, zeros } from '../../src/ca/protocol/hexBytes.testing';
import type { Metadata, NativeType, PvValue, Reading } from '../../src/value';

/** Elements of one native type, with their bytes. */
interface Base { readonly name: NativeType; readonly values: readonly (number | string)[]; readonly bytes: (value: number | string) => number[]; readonly array: (values: readonly (number | string)[]) => PvValue }
const number = (write: (value: number) => number[]) => (value: number | string): number[] => write(Number(value));
const bases: readonly Base[] = [
  { name: 'STRING', values: ['abc', '', 'x'.repeat(39)], bytes: (value) => text(String(value), 40), array: (values) => values.map(String) },
  { name: 'SHORT', values: [-2, 300, -32768], bytes: number(u16), array: (values) => Int16Array.from(values as number[]) },
  { name: 'FLOAT', values: [1.5, -Infinity, 0], bytes: number(f32), array: (values) => Float32Array.from(values as number[]) },
  { name: 'ENUM', values: [1, 65535, 0], bytes: number(u16), array: (values) => Uint16Array.from(values as number[]) },
  { name: 'CHAR', values: [200, 0, 127], bytes: number(u8), array: (values) => Uint8Array.from(values as number[]) },
  { name: 'LONG', values: [-70000, 2147483647, 0], bytes: number(u32), array: (values) => Int32Array.from(values as number[]) },
  { name: 'DOUBLE', values: [-0.1, 1e300, -Infinity], bytes: number(f64), array: (values) => Float64Array.from(values as number[]) },
];

const time = { seconds: 631_152_000 + 1000, nanoseconds: 5 };
const alarm = { severity: 'MAJOR', status: 'HIHI' } as const;
const sts = u16(3, 2);
const pairs = { display: { high: 10, low: 0 }, alarm: { high: 9, low: 1 }, warning: { high: 8, low: 2 } };
const control = { control: { high: 7, low: 3 } };
/** Upper and lower display, upper alarm, upper and lower warning, lower alarm limit; upper and lower control limit. */
const limits = [10, 0, 9, 8, 2, 1];
const states = [...u16(2), ...text('Off', 26), ...text('On', 26), ...zeros(14 * 26)];
/** Bytes between the head and the first value: risc_pad, RISC_pad, RISC_pad0. */
const pads: Readonly<Partial<Record<string, number>>> = { STS_CHAR: 1, STS_DOUBLE: 4, TIME_SHORT: 2, TIME_ENUM: 2, TIME_CHAR: 3, TIME_DOUBLE: 4, GR_CHAR: 1, CTRL_CHAR: 1 };

export interface CaType {
  readonly code: number;
  readonly name: string;
  readonly base: Base;
  /** Bytes before the value. */
  readonly head: readonly number[];
  /** Of a reading, besides value, type and count. */
  readonly rest: Partial<Reading>;
  /** What the type is written with. */
  readonly content: { readonly severity: 'MAJOR'; readonly status: 'HIHI'; readonly timestamp: typeof time; readonly metadata: Metadata };
}

const undated = { ...alarm, timestamp: null };
const content = { ...alarm, timestamp: time, metadata: { units: 'mm', precision: 4, states: ['Off', 'On'], ...pairs, ...control, acknowledge: { transient: true, severity: 'MAJOR' as const } } };

function headOf(form: string, { name, bytes }: Base): { head: number[]; rest: Partial<Reading> } {
  const pad = zeros(pads[`${form}_${name}`] ?? 0);
  if (form === 'STS') return { head: [...sts, ...pad], rest: undated };
  if (form === 'TIME') return { head: [...sts, ...u32(1000, 5), ...pad], rest: { ...alarm, timestamp: time } };
  if (name === 'STRING') return { head: sts, rest: { ...undated, metadata: {} } };
  if (name === 'ENUM') return { head: [...sts, ...states], rest: { ...undated, metadata: { states: ['Off', 'On'] } } };
  const floating = name === 'FLOAT' || name === 'DOUBLE';
  const all = form === 'CTRL' ? [...limits, 7, 3] : limits;
  return {
    head: [...sts, ...(floating ? [...u16(4), 0, 0] : []), ...text('mm', 8), ...all.flatMap(bytes), ...pad],
    rest: { ...undated, metadata: { units: 'mm', ...(floating ? { precision: 4 } : {}), ...pairs, ...(form === 'CTRL' ? control : {}) } },
  };
}

const none = { severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null } as const;
const [texts, , , enums] = bases as [Base, Base, Base, Base];

/** The 39 types, by number. */
export const caTypes: readonly CaType[] = [
  ...bases.map((base, code) => ({ code, name: base.name, base, head: [], rest: none, content })),
  ...['STS', 'TIME', 'GR', 'CTRL'].flatMap((form, f) => bases.map((base, b) => ({ code: 7 * (f + 1) + b, name: `${form}_${base.name}`, base, ...headOf(form, base), content }))),
  { code: 35, name: 'PUT_ACKT', base: enums, head: [], rest: none, content },
  { code: 36, name: 'PUT_ACKS', base: enums, head: [], rest: none, content },
  { code: 37, name: 'STSACK_STRING', base: texts, head: [...sts, ...u16(1, 2)], rest: { ...undated, metadata: { acknowledge: { transient: true, severity: 'MAJOR' } } }, content },
  { code: 38, name: 'CLASS_NAME', base: texts, head: [], rest: none, content },
];

/** The payload of `count` elements with its padding. A lone plain text takes only what it needs. */
export function payloadOf({ name, base, head }: CaType, count: number): number[] {
  const lone = count === 1 && head.length === 0 && base.name === 'STRING' && name !== 'STSACK_STRING';
  const body = lone ? [...Buffer.from(String(base.values[0])), 0] : [...head, ...base.values.slice(0, count).flatMap(base.bytes)];
  return [...body, ...zeros((8 - (body.length % 8)) % 8)];
}

export function valueOf({ base }: CaType, count: number): PvValue {
  return count === 1 ? base.values[0] as PvValue : base.array(base.values.slice(0, count));
}
