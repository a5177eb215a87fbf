// Field descriptions: the types of pvData and how wide they are in a BitSet. Made by the functions here, or read from the wire.
/** Codes of the scalar types (specification: "Introspection data"). */
export const scalarCodes = {
  boolean: 0x00, byte: 0x20, short: 0x21, int: 0x22, long: 0x23, ubyte: 0x24, ushort: 0x25, uint: 0x26, ulong: 0x27,
  float: 0x42, double: 0x43, string: 0x60,
} as const;
export type ScalarType = keyof typeof scalarCodes;

/** `maxLength`: bytes, of a bounded string. */
export interface ScalarField { readonly kind: 'scalar'; readonly type: ScalarType; readonly maxLength?: number }
/** `length`: elements, the bound of a bounded array, the exact count of a fixed one. */
export interface ArrayField { readonly kind: 'array'; readonly type: ScalarType; readonly bound: 'variable' | 'bounded' | 'fixed'; readonly length?: number }
export interface AnyField { readonly kind: 'any' }
export interface AnyArrayField { readonly kind: 'anyArray' }

export interface Member {
  readonly name: string;
  readonly field: Field;
  /** Of a structure: the distance of its bit from the structure's own. */
  readonly bit: number;
}
interface Compound {
  /** Type name such as `epics:nt/NTScalar:1.0`; empty where there is none. */
  readonly id: string;
  readonly members: readonly Member[];
  readonly byName: ReadonlyMap<string, number>;
  /** Bits that it takes in a BitSet, its own with it. */
  readonly bits: number;
  /** Fields of the whole description, and how deep it goes: both are capped. */
  readonly size: number;
  readonly depth: number;
}
export interface StructureField extends Compound {
  readonly kind: 'structure';
  /** An object with its members, all null: a copy of it is faster filled than one that grows member by member. */
  readonly blank: Readonly<Record<string, null>>;
}
export interface UnionField extends Compound { readonly kind: 'union' }
export interface StructureArrayField { readonly kind: 'structureArray'; readonly element: StructureField }
export interface UnionArrayField { readonly kind: 'unionArray'; readonly element: UnionField }

export type Field =
  | ScalarField | ArrayField | StructureField | UnionField | AnyField | StructureArrayField | UnionArrayField | AnyArrayField;

const scalars = Object.fromEntries(Object.keys(scalarCodes).map((type) => [type, { kind: 'scalar', type }])) as unknown as Record<ScalarType, ScalarField>;
const arrays = Object.fromEntries(Object.keys(scalarCodes).map((type) => [type, { kind: 'array', type, bound: 'variable' }])) as unknown as Record<ScalarType, ArrayField>;

/** A variant union: a value with its own type. */
export const variantUnion: AnyField = { kind: 'any' };
export const variantUnionArray: AnyArrayField = { kind: 'anyArray' };
export const scalar = (type: ScalarType): ScalarField => scalars[type];
export const array = (type: ScalarType): ArrayField => arrays[type];
/** A string of at most `maxLength` bytes. */
export const boundedString = (maxLength: number): ScalarField => ({ kind: 'scalar', type: 'string', maxLength });
export const boundedArray = (type: ScalarType, length: number): ArrayField => ({ kind: 'array', type, bound: 'bounded', length });
export const fixedArray = (type: ScalarType, length: number): ArrayField => ({ kind: 'array', type, bound: 'fixed', length });

type Members = Readonly<Record<string, Field>> | readonly (readonly [string, Field])[];

/** `id` may be left empty. */
export function structure(id: string, members: Members): StructureField {
  const made = compound(id, members, true);
  return { kind: 'structure', ...made, blank: Object.fromEntries(made.members.map(({ name }) => [name, null])) };
}

export function union(id: string, members: Members): UnionField {
  return { kind: 'union', ...compound(id, members, false) };
}

export function arrayOf(element: StructureField): StructureArrayField;
export function arrayOf(element: UnionField): UnionArrayField;
export function arrayOf(element: StructureField | UnionField): StructureArrayField | UnionArrayField {
  return element.kind === 'structure' ? { kind: 'structureArray', element } : { kind: 'unionArray', element };
}

function compound(id: string, members: Members, inBits: boolean): Compound {
  const list = Array.isArray(members) ? members as readonly (readonly [string, Field])[] : Object.entries(members as Readonly<Record<string, Field>>);
  const found: Member[] = [];
  const byName = new Map<string, number>();
  let bits = 1;
  let size = 1;
  let depth = 0;
  for (const [name, field] of list) {
    byName.set(name, found.length);
    found.push({ name, field, bit: bits });
    bits += inBits && field.kind === 'structure' ? field.bits : 1;
    size += sizeOf(field);
    depth = Math.max(depth, depthOf(field));
  }
  return { id, members: found, byName, bits: inBits ? bits : 1, size, depth: depth + 1 };
}

/** How many fields a description has. */
export function sizeOf(field: Field): number {
  if (field.kind === 'structure' || field.kind === 'union') return field.size;
  return field.kind === 'structureArray' || field.kind === 'unionArray' ? field.element.size + 1 : 1;
}

/** 1 for a field without others in it. */
export function depthOf(field: Field): number {
  if (field.kind === 'structure' || field.kind === 'union') return field.depth;
  return field.kind === 'structureArray' || field.kind === 'unionArray' ? field.element.depth + 1 : 1;
}

/** Bits that a field takes in its structure's BitSet. */
export function bitsOf(field: Field): number {
  return field.kind === 'structure' ? field.bits : 1;
}

/** The member of that name, or undefined. */
export function memberOf(field: StructureField | UnionField, name: string): Member | undefined {
  const index = field.byName.get(name);
  return index === undefined ? undefined : field.members[index];
}

/** The field at a path such as `display.units` and its bit from the top, or undefined. An empty path is the structure itself. */
export function fieldAt(top: StructureField, path: string): { readonly field: Field; readonly bit: number } | undefined {
  let field: Field = top;
  let bit = 0;
  for (const name of path === '' ? [] : path.split('.')) {
    const member: Member | undefined = field.kind === 'structure' ? memberOf(field, name) : undefined;
    if (!member) return undefined;
    field = member.field;
    bit += member.bit;
  }
  return { field, bit };
}

/** The description as people write it: `double`, `string[]`, `structure`; for messages. */
export function fieldName(field: Field): string {
  switch (field.kind) {
    case 'scalar': return field.maxLength === undefined ? field.type : `string(${field.maxLength})`;
    case 'array': return field.bound === 'variable' ? `${field.type}[]` : `${field.type}[${field.bound === 'fixed' ? '' : '<='}${field.length}]`;
    case 'structure': case 'union': return field.id === '' ? field.kind : `${field.kind} ${field.id}`;
    case 'structureArray': case 'unionArray': return `${fieldName(field.element)}[]`;
    case 'any': return 'any';
    case 'anyArray': return 'any[]';
  }
}

/** Equal types with equal names in the same order. */
export function sameField(a: Field, b: Field): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'scalar': return a.type === (b as ScalarField).type && a.maxLength === (b as ScalarField).maxLength;
    case 'array': return a.type === (b as ArrayField).type && a.bound === (b as ArrayField).bound && a.length === (b as ArrayField).length;
    case 'structureArray': case 'unionArray': return sameField(a.element, (b as StructureArrayField).element);
    case 'structure': case 'union': {
      const other = b as StructureField;
      return a.id === other.id && a.members.length === other.members.length
        && a.members.every((member, i) => member.name === other.members[i]?.name && sameField(member.field, (other.members[i] as Member).field));
    }
    default: return true;
  }
}
