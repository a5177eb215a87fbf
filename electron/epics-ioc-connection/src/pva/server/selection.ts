// Which fields of a structure a client asked for, and what a change has in common with them. PURE.
import { BitSet, bitsOf, fieldAt } from '../protocol';
import type { Field, PvRequest, StructureField } from '../protocol';

/** `key` is equal for equal selections of one type: what was encoded for one subscriber serves the others. */
export interface Selection { readonly bits: BitSet; readonly key: string }

const everything: Selection = { bits: BitSet.of(0), key: '0' };

/** Names that the type has not are left out, as other servers do; null where nothing is left. */
export function selectFields(type: StructureField, { fields }: Pick<PvRequest, 'fields'>): Selection | null {
  if (fields.length === 0) return everything;
  const bits = new BitSet();
  for (const path of fields) {
    const found = fieldAt(type, path);
    if (found) bits.add(found.bit);
  }
  if (bits.isEmpty) return null;
  return bits.has(0) ? everything : { bits, key: bits.toArray().join() };
}

/** The fields that both name. The result may be one of the two: don't change it. */
export function intersect(type: StructureField, a: BitSet, b: BitSet): BitSet {
  if (a.has(0)) return b;
  if (b.has(0)) return a;
  const common = new BitSet();
  const walk = (field: Field, bit: number, wholeA: boolean, wholeB: boolean): void => {
    const inA = wholeA || a.has(bit);
    const inB = wholeB || b.has(bit);
    if (inA && inB) {
      common.add(bit);
      return;
    }
    const end = bit + bitsOf(field);
    if (field.kind !== 'structure' || (!inA && a.next(bit) >= end) || (!inB && b.next(bit) >= end)) return;
    for (const member of field.members) walk(member.field, bit + member.bit, inA, inB);
  };
  walk(type, 0, false, false);
  return common;
}

/** An option of a request such as `block` or `pipeline`, which are texts. */
export function isSet({ options }: Pick<PvRequest, 'options'>, name: string): boolean {
  return ['true', '1', 'yes', 'on'].includes((options[name] ?? '').trim().toLowerCase());
}
