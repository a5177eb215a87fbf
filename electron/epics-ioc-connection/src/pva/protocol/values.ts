// How pvData values look in JavaScript, and what a field holds before anything was sent.
import { bitsOf, memberOf } from './fields';
import type { ArrayField, Field, Member, ScalarType, StructureField } from './fields';
import type { BitSet } from './bitSet';

/** boolean arrays are bytes of 0 and 1. */
export type PvaNumericArray =
  | Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array | BigInt64Array | BigUint64Array;
/** long and ulong are numbers where those are exact, else bigints. */
export type PvaScalar = number | bigint | string | boolean;
/** What a union holds: which member, and its value. An empty union is null. */
export interface UnionValue { readonly member: string; readonly value: PvaData }
/** What a variant union holds: a value with its own type. An empty one is null. */
export interface AnyValue { readonly field: Field; readonly value: PvaData }
export interface PvaStructure { readonly [name: string]: PvaData }
export type PvaData =
  | PvaScalar | PvaNumericArray | readonly string[] | PvaStructure | UnionValue | AnyValue | null
  | readonly (PvaStructure | UnionValue | AnyValue | null)[];

/** Values for writing: like PvaData, but numbers may come in any numeric form and members may be left out. */
export type PvaInput = PvaData | readonly number[] | readonly bigint[] | readonly boolean[] | undefined | { readonly [name: string]: PvaInput } | readonly PvaInput[];

export const arrayConstructors = {
  boolean: Uint8Array, byte: Int8Array, short: Int16Array, int: Int32Array, long: BigInt64Array, ubyte: Uint8Array, ushort: Uint16Array,
  uint: Uint32Array, ulong: BigUint64Array, float: Float32Array, double: Float64Array,
} as const;

/** What a field holds until a value comes: zeros, empty texts and arrays, nothing in unions. */
export function defaultValue(field: Field): PvaData {
  switch (field.kind) {
    case 'scalar': return field.type === 'string' ? '' : field.type === 'boolean' ? false : 0;
    case 'array': return emptyArray(field.type);
    case 'structure': return Object.fromEntries(field.members.map((member) => [member.name, defaultValue(member.field)]));
    case 'structureArray': case 'unionArray': case 'anyArray': return [];
    default: return null;
  }
}

export function emptyArray(type: ScalarType): PvaNumericArray | readonly string[] {
  return type === 'string' ? [] : new arrayConstructors[type](0);
}

/**
 * A scalar as a number; 0 for nothing, NaN for anything else. Where one belongs a peer may have put a structure, whose fields may be named
 * like the methods that would make it one: `Number` fails then.
 */
export function numberOf(value: PvaData | undefined): number { return typeof value === 'object' && value !== null ? NaN : Number(value ?? 0); }

/** A scalar as a text; empty for anything else. */
export function textOf(value: PvaData | undefined): string { return typeof value === 'object' ? '' : String(value ?? ''); }

/** The value at a path such as `display.units`; undefined where there is none. */
export function valueAt(value: PvaData | undefined, path: string): PvaData | undefined {
  let found: PvaData | undefined = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || ArrayBuffer.isView(found)) return undefined;
    found = Object.hasOwn(found, name) ? (found as PvaStructure)[name] : undefined;
  }
  return found;
}

/** The paths that a BitSet names, the shortest form: a structure of which all is meant is named once. '' is the whole. */
export function changedPaths(top: StructureField, changed: BitSet): string[] {
  const paths: string[] = [];
  const walk = (field: Field, path: string, bit: number): void => {
    if (changed.next(bit) >= bit + bitsOf(field)) return;
    if (changed.has(bit)) paths.push(path);
    else if (field.kind === 'structure') for (const member of field.members) walk(member.field, path === '' ? member.name : `${path}.${member.name}`, bit + member.bit);
  };
  walk(top, '', 0);
  return paths;
}

/** Whether a change covers the field at `path`, all of it or a part. False for a path that does not exist. */
export function isChanged(top: StructureField, changed: BitSet, path: string): boolean {
  if (changed.has(0)) return true;
  let field: Field = top;
  let bit = 0;
  for (const name of path.split('.')) {
    const member: Member | undefined = field.kind === 'structure' ? memberOf(field, name) : undefined;
    if (!member) return false;
    field = member.field;
    bit += member.bit;
    if (changed.has(bit)) return true;
  }
  return changed.next(bit) < bit + bitsOf(field);
}

/** For messages: how long an array of that field must be, or null. */
export function lengthRule(field: ArrayField): string | null {
  return field.bound === 'variable' ? null : `${field.bound === 'fixed' ? 'exactly' : 'at most'} ${field.length ?? 0}`;
}
