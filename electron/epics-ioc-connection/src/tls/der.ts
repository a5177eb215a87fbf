// Reads ASN.1 in DER, as far as keychains need it (ITU-T X.690). Pure.

/** Bytes that are no DER, or not what was expected there. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

export interface DerValue {
  /** Class, form and number: one byte. */
  readonly tag: number;
  readonly content: Uint8Array;
}

export const tags = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, set: 0x31, explicit: 0xa0, implicit: 0x80 } as const;

/** Bytes of a length that is believed: nothing here is larger than 4 GiB. */
const longestLength = 4;

/** The value at the start of `bytes`; what follows it is of no interest. */
export function readDer(bytes: Uint8Array): DerValue {
  const { value } = readAt(bytes, 0);
  return value;
}

/** The values within a constructed one. */
export function childrenOf(value: DerValue): DerValue[] {
  const children: DerValue[] = [];
  for (let at = 0; at < value.content.length;) {
    const read = readAt(value.content, at);
    children.push(read.value);
    at = read.end;
  }
  return children;
}

/** `value` where it has the tag. Errors: `DerError`. */
export function expectTag(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) throw new DerError(`Expected tag 0x${tag.toString(16)}, found ${value ? `0x${value.tag.toString(16)}` : 'nothing'}.`);
  return value;
}

/** The children of a SEQUENCE. */
export function sequence(value: DerValue | undefined): DerValue[] { return childrenOf(expectTag(value, tags.sequence)); }
export function octets(value: DerValue | undefined): Uint8Array { return expectTag(value, tags.octets).content; }

/** The first value within `[0] EXPLICIT`. */
export function explicit(value: DerValue | undefined): DerValue { return readDer(expectTag(value, tags.explicit).content); }

/** Of up to 6 bytes. */
export function integer(value: DerValue | undefined): number {
  const { content } = expectTag(value, tags.integer);
  if (content.length === 0 || content.length > 6) throw new DerError('A number is too large.');
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Such as `1.2.840.113549.1.7.1`. */
export function oid(value: DerValue | undefined): string {
  const { content } = expectTag(value, tags.oid);
  const parts: number[] = [];
  let part = 0;
  for (const byte of content) {
    part = part * 128 + (byte & 127);
    if ((byte & 128) !== 0) continue;
    if (parts.length > 0) parts.push(part);
    else {
      const root = Math.min(Math.floor(part / 40), 2);
      parts.push(root, part - root * 40);
    }
    part = 0;
  }
  return parts.join('.');
}

function readAt(bytes: Uint8Array, at: number): { value: DerValue; end: number } {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new DerError('It ends within a value.');
  let start = at + 2;
  let length = first;
  if (first > 127) {
    const count = first & 127;
    if (count === 0 || count > longestLength) throw new DerError('A length is not written as DER wants it.');
    length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('It ends within a value.');
  return { value: { tag, content: bytes.subarray(start, end) }, end };
}
