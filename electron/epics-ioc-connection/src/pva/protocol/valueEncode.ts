// Values to the wire. What is left out of a structure is written as its default; what cannot be said is our caller's mistake.
import { LocalProtocolError } from '../../ca/protocol/errors';
import type { BitSet } from './bitSet';
import { maxDepth } from './commands';
import { writeField } from './fieldCodec';
import type { SentTypes } from './fieldCodec';
import { array, bitsOf, fieldName, scalar, structure } from './fields';
import type { ArrayField, Field, ScalarField, StructureField, UnionField } from './fields';
import { BitSet as Bits } from './bitSet';
import { platformLittleEndian, turnRound } from './turnRound';
import { arrayConstructors, defaultValue, lengthRule } from './values';
import type { PvaData, PvaInput, PvaNumericArray } from './values';
import type { WireWriter } from './wireWriter';

type Fields = { readonly [name: string]: PvaInput };

/** A whole value. Numbers are cut to the type as typed arrays cut them. Throws LocalProtocolError for a value of another kind. */
export function writeValue(writer: WireWriter, field: Field, value: PvaInput, sent: SentTypes | null = null, depth = 1): void {
  if (depth > maxDepth) throw new LocalProtocolError(`A value goes deeper than ${maxDepth} levels.`);
  switch (field.kind) {
    case 'scalar': return writeScalar(writer, field, value ?? defaultValue(field));
    case 'array': return writeArray(writer, field, value ?? []);
    case 'structure': {
      const fields = fieldsOf(field, value ?? {});
      for (const member of field.members) writeValue(writer, member.field, own(fields, member.name), sent, depth + 1);
      return undefined;
    }
    case 'union': return writeUnion(writer, field, value, sent, depth);
    case 'any': return writeAny(writer, value, sent, depth);
    case 'structureArray': return writeElements(writer, field, value, (element) => writeValue(writer, field.element, element, sent, depth + 1));
    case 'unionArray': return writeElements(writer, field, value, (element) => writeUnion(writer, field.element, element, sent, depth + 1));
    case 'anyArray': return writeElements(writer, field, value, (element) => writeAny(writer, element, sent, depth + 1));
  }
}

/** The BitSet and the fields that it names. A field that is covered twice, by its structure and by itself, is written once. */
export function writeDelta(writer: WireWriter, field: StructureField, value: PvaInput, changed: BitSet, sent: SentTypes | null = null): void {
  changed.write(writer);
  writeChanged(writer, field, value, changed, 0, sent, 1);
}

function writeChanged(writer: WireWriter, field: Field, value: PvaInput, changed: BitSet, bit: number, sent: SentTypes | null, depth: number): void {
  if (changed.next(bit) >= bit + bitsOf(field)) return;
  if (changed.has(bit) || field.kind !== 'structure') return writeValue(writer, field, value, sent, depth);
  const fields = fieldsOf(field, value ?? {});
  for (const member of field.members) writeChanged(writer, member.field, own(fields, member.name), changed, bit + member.bit, sent, depth + 1);
}

/** The bits of what `value` gives: leaves by themselves. Throws LocalProtocolError for a name that the structure has not. */
export function bitsGiven(field: StructureField, value: PvaInput): BitSet {
  const bits = new Bits();
  const walk = (inner: StructureField, given: PvaInput, bit: number, path: string): void => {
    for (const [name, part] of Object.entries(fieldsOf(inner, given))) {
      if (part === undefined) continue;
      const index = inner.byName.get(name);
      const member = index === undefined ? undefined : inner.members[index];
      if (!member) throw new LocalProtocolError(`There is no field "${path}${name}" in ${fieldName(field)}: it has ${inner.members.map((each) => each.name).join(', ')}.`);
      if (member.field.kind === 'structure') walk(member.field, part, bit + member.bit, `${path}${name}.`);
      else bits.add(bit + member.bit);
    }
  };
  walk(field, value, 0, '');
  return bits;
}

/** The type that a JavaScript value is sent as where nobody says: double, string, boolean, arrays of them, structures. */
export function inferField(value: PvaInput): Field {
  switch (typeof value) {
    case 'number': return scalar('double');
    case 'bigint': return scalar('long');
    case 'boolean': return scalar('boolean');
    case 'string': return scalar('string');
    default:
  }
  if (ArrayBuffer.isView(value)) {
    const found = (Object.keys(arrayConstructors) as (keyof typeof arrayConstructors)[]).find((type) => type !== 'boolean' && value instanceof arrayConstructors[type]);
    if (found) return array(found);
  } else if (Array.isArray(value)) {
    const [first] = value as readonly PvaInput[];
    if (first === undefined || typeof first === 'number') return array('double');
    if (typeof first === 'string' || typeof first === 'boolean') return array(typeof first as 'string' | 'boolean');
    if (typeof first === 'bigint') return array('long');
  } else if (typeof value === 'object' && value !== null) {
    return structure('', Object.entries(value as Fields).filter(([, part]) => part !== undefined && part !== null).map(([name, part]) => [name, inferField(part)] as const));
  }
  throw new LocalProtocolError('This value has no type that can be told by itself: give it as { field, value }.');
}

function writeUnion(writer: WireWriter, field: UnionField, value: PvaInput, sent: SentTypes | null, depth: number): void {
  if (value === null || value === undefined) return writer.size(-1);
  const { member: name, value: inner } = fieldsOf(field, value) as { member?: PvaInput; value?: PvaInput };
  const index = typeof name === 'string' ? field.byName.get(name) : undefined;
  const member = index === undefined ? undefined : field.members[index];
  if (index === undefined || !member) {
    throw new LocalProtocolError(`${fieldName(field)} takes { member, value } with one of ${field.members.map((each) => each.name).join(', ')}.`);
  }
  writer.size(index);
  writeValue(writer, member.field, inner, sent, depth + 1);
}

/** `{ field, value }`, or a plain value whose type is inferred. */
export function writeAny(writer: WireWriter, value: PvaInput, sent: SentTypes | null = null, depth = 1): void {
  if (value === null || value === undefined) return writeField(writer, null);
  const given = isTyped(value) ? value : { field: inferField(value), value };
  writeField(writer, given.field, sent);
  writeValue(writer, given.field, given.value, sent, depth + 1);
}

function isTyped(value: PvaInput): value is { readonly field: Field; readonly value: PvaData } {
  const { field } = value as { field?: { kind?: unknown } };
  return typeof field === 'object' && field !== null && typeof field.kind === 'string' && Object.hasOwn(value as object, 'value');
}

function writeElements(writer: WireWriter, field: Field, value: PvaInput, writeOne: (element: PvaInput) => void): void {
  const elements = value ?? [];
  if (!Array.isArray(elements)) throw mismatch(field, value);
  writer.size(elements.length);
  for (const element of elements as readonly PvaInput[]) {
    const there = element !== null && element !== undefined;
    writer.u8(there ? 1 : 0);
    if (there) writeOne(element);
  }
}

function writeScalar(writer: WireWriter, field: ScalarField, value: PvaInput): void {
  const { type } = field;
  if (type === 'string') {
    if (typeof value !== 'string') throw mismatch(field, value);
    if (field.maxLength !== undefined && Buffer.byteLength(value) > field.maxLength) throw new LocalProtocolError(`A text of ${Buffer.byteLength(value)} bytes is longer than ${fieldName(field)}.`);
    return writer.string(value);
  }
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') throw mismatch(field, value);
  if (type === 'long' || type === 'ulong') {
    if (typeof value === 'number' && !Number.isFinite(value)) throw mismatch(field, value);
    return writer.i64(typeof value === 'boolean' ? Number(value) : value);
  }
  const number = Number(value);
  switch (type) {
    case 'double': return writer.f64(number);
    case 'float': return writer.f32(number);
    case 'boolean': return writer.u8(value ? 1 : 0);
    case 'int': return writer.i32(number);
    case 'uint': return writer.u32(number);
    case 'short': return writer.i16(number);
    case 'ushort': return writer.u16(number);
    default: return writer.u8(number & 255);
  }
}

function writeArray(writer: WireWriter, field: ArrayField, value: PvaInput): void {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw mismatch(field, value);
  const values = value as ArrayLike<unknown>;
  const rule = lengthRule(field);
  const tooMany = field.length !== undefined && values.length > field.length;
  if (rule && tooMany) throw new LocalProtocolError(`${values.length} elements do not fit: ${fieldName(field)} takes ${rule}.`);
  // A fixed array has no size on the wire: what is missing is sent as zeros.
  const count = field.bound === 'fixed' ? field.length ?? 0 : values.length;
  if (field.bound !== 'fixed') writer.size(count);
  const { type } = field;
  if (type === 'string') {
    for (let i = 0; i < count; i += 1) writer.string(String(values[i] ?? ''));
    return;
  }
  const make = arrayConstructors[type];
  const native = values instanceof make ? values as PvaNumericArray : convert(field, type, values);
  const start = writer.claim(count * make.BYTES_PER_ELEMENT);
  const region = writer.bytes.subarray(start, start + native.byteLength);
  region.set(new Uint8Array(native.buffer, native.byteOffset, native.byteLength));
  if (writer.littleEndian !== platformLittleEndian) turnRound(region, make.BYTES_PER_ELEMENT);
}

function convert(field: ArrayField, type: keyof typeof arrayConstructors, values: ArrayLike<unknown>): PvaNumericArray {
  const wide = type === 'long' || type === 'ulong';
  const native = new arrayConstructors[type](values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') throw mismatch(field, value as PvaInput);
    if (wide) {
      if (typeof value === 'number' && !Number.isFinite(value)) throw mismatch(field, value);
      native[i] = typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)));
    } else native[i] = type === 'boolean' ? (value ? 1 : 0) : Number(value);
  }
  return native;
}

function fieldsOf(field: Field, value: PvaInput): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) throw mismatch(field, value);
  return value as Fields;
}

function own(fields: Fields, name: string): PvaInput {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function mismatch(field: Field, value: PvaInput): LocalProtocolError {
  const given = value === null ? 'null' : Array.isArray(value) || ArrayBuffer.isView(value) ? 'an array' : typeof value === 'number' ? String(value) : typeof value;
  return new LocalProtocolError(`A field of type ${fieldName(field)} cannot hold ${given}.`);
}
