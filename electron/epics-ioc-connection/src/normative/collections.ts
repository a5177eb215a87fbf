// NTNameValue, NTTable and NTHistogram: made, and read (EPICS V4 Normative Types). Pure.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { array, memberOf, scalar, structure } from '../pva/protocol';
import type { AnyValue, PvaNumericArray, PvaStructure, ScalarType, StructureField } from '../pva/protocol';
import { alarmType, timeType } from '../pva/server/normative/parts';

type Elements = PvaNumericArray | readonly string[];

/** Names and a value each, all of one type: numbers are doubles unless `type` says otherwise. */
export function ntNameValue(values: Readonly<Record<string, number | string>>, type?: ScalarType): AnyValue {
  const all = Object.values(values);
  const found = type ?? (all.every((value) => typeof value === 'number') ? 'double' : 'string');
  return {
    field: structure('epics:nt/NTNameValue:1.0', { name: array('string'), value: array(found), alarm: alarmType, timeStamp: timeType }),
    value: { name: Object.keys(values), value: (found === 'string' ? all.map(String) : all) as unknown as Elements },
  };
}

/** Errors: `RemoteProtocolError` where names and values don't pair up. */
export function readNameValue(value: PvaStructure): Readonly<Record<string, number | bigint | string>> {
  const names = (value['name'] ?? []) as readonly string[];
  const values = (value['value'] ?? []) as Elements;
  if (names.length !== values.length) throw new RemoteProtocolError(`An NTNameValue has ${names.length} names for ${values.length} values.`);
  return Object.fromEntries(names.map((name, i) => [name, values[i] as number | bigint | string]));
}

export interface TableReading {
  /** Field names, in their order. */
  readonly columns: readonly string[];
  /** What people see above each column. */
  readonly labels: readonly string[];
  readonly values: Readonly<Record<string, Elements>>;
  /** Rows that every column has. */
  readonly rows: number;
}

/** An NTTable as its columns. Errors: `RemoteProtocolError` for what is no table. */
export function readTable(field: StructureField, value: PvaStructure): TableReading {
  const table = memberOf(field, 'value')?.field;
  if (table?.kind !== 'structure') throw new RemoteProtocolError('What should be an NTTable has no structure of columns.');
  const columns = table.members.map(({ name }) => name);
  const values = Object.fromEntries(columns.map((name) => [name, (value['value'] as PvaStructure)[name] as Elements]));
  const labels = (value['labels'] ?? []) as readonly string[];
  return {
    columns, labels: columns.map((name, i) => labels[i] || name), values,
    rows: columns.length === 0 ? 0 : Math.min(...columns.map((name) => values[name]?.length ?? 0)),
  };
}

/** `ranges`: one more than `counts`; bin i goes from ranges[i] to ranges[i + 1]. Errors: a RangeError for any other number. */
export function ntHistogram(ranges: readonly number[] | Float64Array, counts: readonly number[] | PvaNumericArray, type: 'short' | 'int' | 'long' = 'int'): AnyValue {
  if (ranges.length !== counts.length + 1) throw new RangeError(`A histogram of ${counts.length} bins has ${counts.length + 1} limits, not ${ranges.length}.`);
  return {
    field: structure('epics:nt/NTHistogram:1.0', { descriptor: scalar('string'), alarm: alarmType, timeStamp: timeType, ranges: array('double'), value: array(type) }),
    value: { ranges: Float64Array.from(ranges), value: counts as PvaNumericArray },
  };
}

export interface Bin { readonly from: number; readonly to: number; readonly count: number }

/** Errors: `RemoteProtocolError` where limits and counts don't fit. */
export function readHistogram(value: PvaStructure): readonly Bin[] {
  const ranges = (value['ranges'] ?? []) as Float64Array;
  const counts = (value['value'] ?? []) as Int32Array;
  if (ranges.length !== counts.length + 1 && counts.length > 0) throw new RemoteProtocolError(`An NTHistogram of ${counts.length} bins has ${ranges.length} limits.`);
  return Array.from(counts, (count, i) => ({ from: ranges[i] as number, to: ranges[i + 1] as number, count: Number(count) }));
}
