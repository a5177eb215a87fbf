// Values from the wire: whole, or what a BitSet names on top of what was known (specification: "Data encoding", "User data").
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { BitSet } from './bitSet';
import { maxDepth } from './commands';
import { readField } from './fieldCodec';
import type { TypeCache } from './fieldCodec';
import { turnRound, platformLittleEndian } from './turnRound';
import type { ArrayField, Field, ScalarField, StructureField, UnionField } from './fields';
import { arrayConstructors } from './values';
import type { AnyValue, PvaData, PvaNumericArray, PvaScalar, PvaStructure, UnionValue } from './values';
import type { WireReader } from './wireReader';

/** A whole value of that type. */
export function readValue(reader: WireReader, field: Field, cache: TypeCache, depth = 1): PvaData {
  switch (field.kind) {
    case 'scalar': return readScalar(reader, field);
    case 'array': return readArray(reader, field);
    case 'structure': return readStructure(reader, field, cache, depth);
    case 'union': return readUnion(reader, field, cache, depth);
    case 'any': return readAny(reader, cache, depth);
    case 'structureArray': return readElements(reader, () => readValue(reader, field.element, cache, checked(depth + 1)) as PvaStructure);
    case 'unionArray': return readElements(reader, () => readUnion(reader, field.element, cache, checked(depth + 1)));
    case 'anyArray': return readElements(reader, () => readAny(reader, cache, checked(depth + 1)));
  }
}

/** A type and a value of it: what an RPC answers and a variant union holds. Null where the peer sends no type. */
export function readAny(reader: WireReader, cache: TypeCache, depth = 1): AnyValue | null {
  const field = readField(reader, cache);
  return field ? { field, value: readValue(reader, field, cache, checked(depth + 1)) } : null;
}

/** A BitSet and the fields that it names, on top of `previous`, which is not changed: what did not change is shared with it. */
export function readDelta(reader: WireReader, field: StructureField, cache: TypeCache, previous: PvaStructure): { changed: BitSet; value: PvaStructure } {
  const changed = BitSet.read(reader);
  return { changed, value: readChanged(reader, field, cache, previous, changed, 0, 1) };
}

function readChanged(
  reader: WireReader, field: StructureField, cache: TypeCache, previous: PvaStructure, changed: BitSet, bit: number, depth: number,
): PvaStructure {
  // A structure that is named whole covers its fields, whether or not their own bits are set.
  if (changed.has(bit)) return readStructure(reader, field, cache, depth);
  let next = changed.next(bit + 1);
  const end = bit + field.bits;
  if (next >= end) return previous;
  const value: Record<string, PvaData> = { ...previous };
  for (const { name, field: inner, bit: offset } of field.members) {
    const own = bit + offset;
    if (inner.kind === 'structure') {
      if (next >= own + inner.bits) continue;
      value[name] = readChanged(reader, inner, cache, value[name] as PvaStructure, changed, own, checked(depth + 1));
      next = changed.next(own + inner.bits);
    } else {
      if (next > own) continue;
      value[name] = readValue(reader, inner, cache, checked(depth + 1));
      next = changed.next(own + 1);
    }
    if (next >= end) break;
  }
  return value;
}

function readStructure(reader: WireReader, field: StructureField, cache: TypeCache, depth: number): PvaStructure {
  const value: Record<string, PvaData> = { ...field.blank };
  const inner = checked(depth) + 1;
  reader.makeObject();
  for (const member of field.members) value[member.name] = readValue(reader, member.field, cache, inner);
  return value;
}

function readUnion(reader: WireReader, field: UnionField, cache: TypeCache, depth: number): UnionValue | null {
  // A selector is written like a size, but 255 selects nothing.
  const selector = reader.sizeOrNull();
  if (selector < 0) return null;
  const member = field.members[selector];
  if (!member) throw new RemoteProtocolError(`A union of ${field.members.length} members has no member ${selector}.`);
  return { member: member.name, value: readValue(reader, member.field, cache, checked(depth + 1)) };
}

/** A byte per element says whether it is there. */
function readElements<Element>(reader: WireReader, readOne: () => Element): readonly (Element | null)[] {
  const count = reader.count(1);
  const elements: (Element | null)[] = [];
  for (let i = 0; i < count; i += 1) elements.push(reader.u8() === 0 ? null : readOne());
  return elements;
}

/** One number, text or truth value. */
export function readScalar(reader: WireReader, field: ScalarField): PvaScalar {
  switch (field.type) {
    case 'double': return reader.f64();
    case 'int': return reader.i32();
    case 'string': return reader.string();
    case 'long': return reader.i64();
    case 'boolean': return reader.u8() !== 0;
    case 'byte': return reader.i8();
    case 'short': return reader.i16();
    case 'ubyte': return reader.u8();
    case 'ushort': return reader.u16();
    case 'uint': return reader.u32();
    case 'ulong': return reader.u64();
    case 'float': return reader.f32();
  }
}

/** An array; a view of the message's own bytes where they may be handed out. */
export function readArray(reader: WireReader, field: ArrayField): PvaNumericArray | readonly string[] {
  const { type } = field;
  if (type === 'string') {
    const count = field.bound === 'fixed' ? checkedCount(reader, field.length ?? 0, 1) : reader.count(1);
    const texts: string[] = [];
    for (let i = 0; i < count; i += 1) texts.push(reader.string());
    return texts;
  }
  const make = arrayConstructors[type];
  const size = make.BYTES_PER_ELEMENT;
  const count = field.bound === 'fixed' ? checkedCount(reader, field.length ?? 0, size) : reader.count(size);
  const bytes = count * size;
  const start = reader.take(bytes);
  const source = reader.bytes.subarray(start, start + bytes);
  const swapped = reader.littleEndian !== platformLittleEndian;
  if (reader.owned && source.byteOffset % size === 0) {
    if (swapped) turnRound(source, size);
    return booleans(type, new make(source.buffer as ArrayBuffer, source.byteOffset, count));
  }
  // A copy, this once: where the next payload begins is chosen so that it needs none.
  if (reader.owned) reader.lead = (reader.lead + size - (source.byteOffset % size)) % size;
  // Not filled with zeros first: every byte is set here.
  const copy = bytes >= 4096 ? Buffer.allocUnsafeSlow(bytes) : new Uint8Array(bytes);
  copy.set(source);
  if (swapped) turnRound(copy, size);
  return booleans(type, new make(copy.buffer as ArrayBuffer, copy.byteOffset, count));
}

/** Any byte but 0 is true. */
function booleans(type: ArrayField['type'], values: PvaNumericArray): PvaNumericArray {
  if (type === 'boolean') for (let i = 0; i < values.length; i += 1) if (values[i] !== 0) values[i] = 1;
  return values;
}

function checkedCount(reader: WireReader, count: number, size: number): number {
  if (count * size > reader.remaining) throw new RemoteProtocolError('A message ends before the fixed array that it must hold.');
  return count;
}

function checked(depth: number): number {
  if (depth > maxDepth) throw new RemoteProtocolError(`A value goes deeper than ${maxDepth} levels.`);
  return depth;
}
