// NTURI: what RPC services of EPICS take as their argument (Normative Types specification, "NTURI").
import { inferField, scalar, structure } from './protocol';
import type { AnyValue, PvaInput } from './protocol';

/** `query`: the arguments by name; their types are inferred (numbers are doubles), or given as `{ field, value }` each. */
export function ntUri(path: string, query: { readonly [name: string]: PvaInput } = {}): AnyValue {
  const typed = Object.entries(query).map(([name, value]) => {
    const { field } = (typeof value === 'object' && value !== null ? value : {}) as { field?: { kind?: unknown } };
    return { name, given: typeof field?.kind === 'string' ? value as AnyValue : { field: inferField(value), value: value as AnyValue['value'] } };
  });
  return {
    field: structure('epics:nt/NTURI:1.0', {
      scheme: scalar('string'), path: scalar('string'), query: structure('', typed.map(({ name, given }) => [name, given.field] as const)),
    }),
    value: { scheme: 'pva', path, query: Object.fromEntries(typed.map(({ name, given }) => [name, given.value])) },
  };
}
