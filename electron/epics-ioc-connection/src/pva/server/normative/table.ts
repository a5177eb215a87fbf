// NTTable and NTURI, what RPC services answer and are asked with (EPICS V4 Normative Types). PURE.
import { array, scalar, structure } from '../../protocol';
import type { ScalarType } from '../../protocol';
import type { AnyValue, PvaData, PvaNumericArray, PvaStructure } from '../../protocol';

export interface TableColumn { readonly type: ScalarType; readonly label?: string; readonly values: PvaNumericArray | readonly string[] }

/** An NTTable with its type, one column a key; a column's label is its key unless it gives one. */
export function tableValue(columns: Readonly<Record<string, TableColumn>>, descriptor = ''): AnyValue {
  const entries = Object.entries(columns);
  const field = structure('epics:nt/NTTable:1.0', {
    labels: array('string'), value: structure('', entries.map(([name, { type }]) => [name, array(type)] as const)), descriptor: scalar('string'),
  });
  const value: PvaStructure = {
    labels: entries.map(([name, { label }]) => label ?? name), value: Object.fromEntries(entries.map(([name, { values }]) => [name, values])), descriptor,
  };
  return { field, value };
}

/** The arguments of a request: an NTURI's query, or the fields of any other structure. Errors: none; what is no structure has no arguments. */
export function rpcArguments(request: AnyValue | null): Readonly<Record<string, PvaData>> {
  if (!request || request.field.kind !== 'structure') return {};
  const value = request.value as PvaStructure;
  if (!request.field.id.startsWith('epics:nt/NTURI:')) return value;
  return (request.field.byName.has('query') ? value['query'] as PvaStructure : {});
}
