// pvAccess types and values of them as bytes, by a writer of the fuzzer's own: most are right, some are not.
import { array, arrayOf, boundedArray, boundedString, fixedArray, scalar, scalarCodes, structure, union, variantUnion, variantUnionArray } from '../../src/pva/protocol/fields';
import type { Field, ScalarType } from '../../src/pva/protocol/fields';
import type { InputBytes } from './inputBytes';
import type { Random } from './random';

const scalarTypes = Object.keys(scalarCodes) as ScalarType[];
const widths: Readonly<Record<ScalarType, number>> = { boolean: 1, byte: 1, short: 2, int: 4, long: 8, ubyte: 1, ushort: 2, uint: 4, ulong: 8, float: 4, double: 8, string: 0 };
const memberNames = ['value', 'alarm', 'severity', 'timeStamp', 'a', 'b', '', '__proto__', 'constructor', 'toString'];
const texts = ['', 'text', '\u00e9t\u00e9', 'x'.repeat(30)];

/** Mostly shallow. `compound`: a structure for sure. */
export function randomField(random: Random, depth: number, compound = false): Field {
  const kind = compound ? 9 : depth > 4 ? random.below(4) : random.below(14);
  switch (kind) {
    case 0: case 1: return scalar(random.pick(scalarTypes));
    case 2: case 3: case 4: return array(random.pick(scalarTypes));
    case 5: return variantUnion;
    case 6: return variantUnionArray;
    case 7: return boundedString(random.below(40));
    case 8: return random.oneIn(2) ? boundedArray(random.pick(scalarTypes), random.below(9)) : fixedArray(random.pick(scalarTypes), random.below(9));
    case 12: return union('', members(random, depth));
    case 13: return random.oneIn(2) ? arrayOf(union('', members(random, depth))) : arrayOf(structure('', members(random, depth)));
    default: return random.oneIn(60) ? hollow(random) : structure(random.pick(['', 'epics:nt/NTScalar:1.0', 'time_t']), members(random, depth));
  }
}

function members(random: Random, depth: number): [string, Field][] {
  return Array.from({ length: random.below(depth === 0 ? 6 : 4) }, () => [random.pick(memberNames), randomField(random, depth + 1)]);
}

/** Much in memory for few bytes: an array of structures that hold nothing but structures that hold nothing. */
function hollow(random: Random): Field {
  const empty = structure('', []);
  return structure('', [['h', arrayOf(structure('', Array.from({ length: random.below(200) }, (_, i): [string, Field] => [`${i}`, empty])))]]);
}

export function describe(out: InputBytes, field: Field, random: Random): void {
  const cached = random.below(40);
  if (cached < 4) {
    out.u8([0xfe, 0xfd, 0xfc, 0xff][cached] as number);
    if (cached < 3) out.u16(random.below(6));
    if (cached === 2) out.u32(random.u32());
    if (cached === 0 || cached === 3) return;
  }
  switch (field.kind) {
    case 'scalar':
      if (field.maxLength === undefined) return out.u8(scalarCodes[field.type]);
      out.u8(0x83);
      return size(out, field.maxLength);
    case 'array':
      out.u8(scalarCodes[field.type] | (field.bound === 'variable' ? 0x08 : field.bound === 'bounded' ? 0x10 : 0x18));
      return field.bound === 'variable' ? undefined : size(out, random.oneIn(20) ? random.u32() & 0x7fffffff : field.length ?? 0);
    case 'any': return out.u8(0x82);
    case 'anyArray': return out.u8(0x8a);
    case 'structureArray': case 'unionArray':
      out.u8(field.kind === 'structureArray' ? 0x88 : 0x89);
      return describe(out, field.element, random);
    default:
      out.u8(field.kind === 'structure' ? 0x80 : 0x81);
      text(out, field.id);
      size(out, random.oneIn(60) ? random.u32() & 0xffff : field.members.length);
      for (const member of field.members) {
        text(out, member.name);
        describe(out, member.field, random);
      }
  }
}

export function randomValue(out: InputBytes, field: Field, random: Random): void {
  switch (field.kind) {
    case 'scalar': return field.type === 'string' ? text(out, random.pick(texts)) : out.noise(random, widths[field.type]);
    case 'array': {
      const count = field.bound === 'fixed' ? field.length ?? 0 : few(out, random);
      for (let i = 0; i < count; i += 1) {
        if (field.type === 'string') text(out, random.pick(texts));
        else out.noise(random, widths[field.type]);
      }
      return undefined;
    }
    case 'any': return variant(out, random);
    case 'union':
      if (field.members.length === 0 || random.oneIn(5)) return out.u8(255);
      return selected(out, field, random);
    case 'structure':
      for (const member of field.members) randomValue(out, member.field, random);
      return undefined;
    default: {
      const hollowElement = field.kind === 'structureArray' && field.element.members.length > 20;
      const count = hollowElement ? random.below(1000) : few(out, random);
      if (hollowElement) size(out, count);
      for (let i = 0; i < count; i += 1) {
        if (!hollowElement && random.oneIn(4)) { out.u8(0); continue; }
        out.u8(1);
        if (field.kind === 'anyArray') variant(out, random);
        else randomValue(out, field.element, random);
      }
    }
  }
}

function selected(out: InputBytes, field: Extract<Field, { kind: 'union' }>, random: Random): void {
  const index = random.below(field.members.length);
  size(out, random.oneIn(30) ? index + 3 : index);
  const member = field.members[index];
  if (member) randomValue(out, member.field, random);
}

function variant(out: InputBytes, random: Random): void {
  if (random.oneIn(4)) return out.u8(0xff);
  const field = randomField(random, 4);
  describe(out, field, random);
  return randomValue(out, field, random);
}

/** Writes a count and returns how many elements follow: once in twenty the count lies. */
function few(out: InputBytes, random: Random): number {
  const count = random.below(6);
  size(out, random.oneIn(20) ? random.pick([count + 1, random.u32() & 0x7fffffff, 1000]) : count);
  return count;
}

function size(out: InputBytes, value: number): void {
  if (value < 254) return out.u8(value);
  out.u8(254);
  return out.u32(value);
}

function text(out: InputBytes, value: string): void {
  size(out, value.length);
  for (let i = 0; i < value.length; i += 1) out.u8(value.charCodeAt(i));
}
