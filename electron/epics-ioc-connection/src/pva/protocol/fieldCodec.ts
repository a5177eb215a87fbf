// Field descriptions on the wire, with the type cache: one registry per connection and direction, cleared with the connection.
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { maxCachedTypes, maxDepth, maxFields } from './commands';
import { array, boundedArray, boundedString, depthOf, fixedArray, scalar, scalarCodes, sizeOf, structure, union, variantUnion, variantUnionArray } from './fields';
import type { Field, ScalarType } from './fields';
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

/** Codes before a description: no type, a cached one, one to be cached, one to be cached with a tag. */
export const typeCodes = { none: 0xff, cached: 0xfe, define: 0xfd, tagged: 0xfc, structure: 0x80, union: 0x81, any: 0x82, boundedString: 0x83 } as const;

const arrayFlags = { variable: 0x08, bounded: 0x10, fixed: 0x18 } as const;
const arrayMask = 0x18;
const byCode = new Map<number, ScalarType>(Object.entries(scalarCodes).map(([type, code]) => [code, type as ScalarType]));

/** Descriptions of so many bytes are remembered, and so many of them. */
const rememberFrom = 24;
const rememberTo = 4096;
const mostRemembered = 16;

/** What the peer has defined so far on this connection. */
export class TypeCache {
  private readonly types = new Map<number, Field>();
  /** Descriptions as they came, whole: most channels have the same few, each is read once and held once. */
  private readonly remembered: { readonly bytes: Buffer; readonly littleEndian: boolean; readonly field: Field }[] = [];

  get size(): number { return this.types.size; }
  clear(): void {
    this.types.clear();
    this.remembered.length = 0;
  }

  /** The type that stands next in the message, if it came before in the same bytes; the reader is then behind it. */
  recall(reader: WireReader): Field | null {
    for (const { bytes, littleEndian, field } of this.remembered) {
      if (littleEndian !== reader.littleEndian || bytes.length > reader.remaining) continue;
      if (bytes.compare(reader.bytes, reader.at, reader.at + bytes.length) !== 0) continue;
      reader.at += bytes.length;
      return field;
    }
    return null;
  }

  /** `bytes` describe `field` by themselves: they neither define nor name an id. */
  remember(bytes: Uint8Array, littleEndian: boolean, field: Field): void {
    if (bytes.length < rememberFrom || bytes.length > rememberTo || this.remembered.length >= mostRemembered) return;
    this.remembered.push({ bytes: Buffer.from(bytes), littleEndian, field });
  }

  get(id: number): Field {
    const field = this.types.get(id);
    if (!field) throw new RemoteProtocolError(`Type ${id} was never defined on this connection.`);
    return field;
  }

  /** A second definition of an id overrides the first. */
  set(id: number, field: Field): void {
    if (this.types.size >= maxCachedTypes && !this.types.has(id)) throw new RemoteProtocolError(`More than ${maxCachedTypes} types were defined on this connection.`);
    this.types.set(id, field);
  }
}

/** Gives ids to the structures and unions that are sent, so that each is described once a connection. */
export class SentTypes {
  private readonly ids = new Map<Field, number>();

  /** The id, and whether the peer knows it; null where no more ids are given. */
  idOf(field: Field): { readonly id: number; readonly known: boolean } | null {
    const known = this.ids.get(field);
    if (known !== undefined) return { id: known, known: true };
    const id = this.ids.size + 1;
    if (id > 0x7fff) return null;
    this.ids.set(field, id);
    return { id, known: false };
  }

  clear(): void { this.ids.clear(); }
}

/** Null where the peer says that there is no type. */
export function readField(reader: WireReader, cache: TypeCache): Field | null {
  const known = cache.recall(reader);
  if (known) return known;
  const start = reader.at;
  const descriptions = new FieldReader(reader, cache);
  const field = descriptions.read(1);
  if (field && descriptions.standsAlone) cache.remember(reader.bytes.subarray(start, reader.at), reader.littleEndian, field);
  return field;
}

class FieldReader {
  /** No id was defined or named. */
  standsAlone = true;
  private fields = 0;

  constructor(private readonly reader: WireReader, private readonly cache: TypeCache) {}

  read(depth: number): Field | null {
    if (depth > maxDepth) throw new RemoteProtocolError(`A description goes deeper than ${maxDepth} levels.`);
    const { reader, cache } = this;
    const code = reader.u8();
    switch (code) {
      case typeCodes.none: return null;
      case typeCodes.cached: {
        this.standsAlone = false;
        const field = cache.get(reader.u16());
        if (depth + depthOf(field) - 1 > maxDepth) throw new RemoteProtocolError(`A description goes deeper than ${maxDepth} levels.`);
        this.account(sizeOf(field));
        return field;
      }
      case typeCodes.tagged: case typeCodes.define: {
        this.standsAlone = false;
        const id = reader.u16();
        // The tag tells a receiver that may have lost a definition whether its own is still good: here none is ever lost.
        if (code === typeCodes.tagged) reader.i32();
        const field = this.need(depth + 1);
        cache.set(id, field);
        return field;
      }
      default:
        this.account(1);
        return this.plain(code, depth);
    }
  }

  private plain(code: number, depth: number): Field {
    const { reader } = this;
    switch (code) {
      case typeCodes.structure: { const id = reader.string(); return structure(id, this.members(depth)); }
      case typeCodes.union: { const id = reader.string(); return union(id, this.members(depth)); }
      case typeCodes.any: return variantUnion;
      case typeCodes.any | arrayFlags.variable: return variantUnionArray;
      // The specification's table says 0x86, its text and every implementation 0x83.
      case typeCodes.boundedString: case 0x86: return boundedString(reader.size());
      case typeCodes.structure | arrayFlags.variable: {
        const element = this.need(depth + 1);
        if (element.kind !== 'structure') throw new RemoteProtocolError('An array of structures is described without a structure.');
        return { kind: 'structureArray', element };
      }
      case typeCodes.union | arrayFlags.variable: {
        const element = this.need(depth + 1);
        if (element.kind !== 'union') throw new RemoteProtocolError('An array of unions is described without a union.');
        return { kind: 'unionArray', element };
      }
      default: {
        const type = byCode.get(code & ~arrayMask);
        if (type === undefined) throw new RemoteProtocolError(`A type with code 0x${code.toString(16)} does not exist.`);
        switch (code & arrayMask) {
          case 0: return scalar(type);
          case arrayFlags.variable: return array(type);
          case arrayFlags.bounded: return boundedArray(type, reader.size());
          default: return fixedArray(type, reader.size());
        }
      }
    }
  }

  private members(depth: number): [string, Field][] {
    const count = this.reader.count(2);
    const members: [string, Field][] = [];
    for (let i = 0; i < count; i += 1) {
      const name = this.reader.string();
      // It would change the object that holds the values instead of becoming one of them.
      if (name === '__proto__') throw new RemoteProtocolError('A field may not be named __proto__.');
      members.push([name, this.need(depth + 1)]);
    }
    return members;
  }

  private need(depth: number): Field {
    const field = this.read(depth);
    if (!field) throw new RemoteProtocolError('A description has a member without a type.');
    return field;
  }

  private account(fields: number): void {
    this.fields += fields;
    if (this.fields > maxFields) throw new RemoteProtocolError(`A description has more than ${maxFields} fields.`);
  }
}

/** With `sent`, compound types are described once and then named by their id; without, always in full. */
export function writeField(writer: WireWriter, field: Field | null, sent: SentTypes | null = null): void {
  if (!field) return writer.u8(typeCodes.none);
  if (field.kind === 'scalar') {
    if (field.maxLength === undefined) return writer.u8(scalarCodes[field.type]);
    writer.u8(typeCodes.boundedString);
    return writer.size(field.maxLength);
  }
  if (field.kind === 'any') return writer.u8(typeCodes.any);
  if (field.kind === 'anyArray') return writer.u8(typeCodes.any | arrayFlags.variable);
  if (field.kind === 'array') {
    writer.u8(scalarCodes[field.type] | arrayFlags[field.bound]);
    return field.bound === 'variable' ? undefined : writer.size(field.length ?? 0);
  }
  const given = sent?.idOf(field);
  if (given) {
    writer.u8(given.known ? typeCodes.cached : typeCodes.define);
    writer.u16(given.id);
    if (given.known) return undefined;
  }
  if (field.kind === 'structureArray' || field.kind === 'unionArray') {
    writer.u8((field.kind === 'structureArray' ? typeCodes.structure : typeCodes.union) | arrayFlags.variable);
    return writeField(writer, field.element, sent);
  }
  writer.u8(typeCodes[field.kind]);
  writer.string(field.id);
  writer.size(field.members.length);
  for (const member of field.members) {
    writer.string(member.name);
    writeField(writer, member.field, sent);
  }
  return undefined;
}
