// Text on the wire: no charset is declared, so UTF-8 first, Latin-1 otherwise. Fixed fields are padded with NUL.

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes the bytes from `start` to the first NUL or `end`, whichever comes first (the NUL is not guaranteed). */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  let stop = start;
  let high = 0;
  while (stop < end) {
    const byte = bytes[stop] as number;
    if (byte === 0) break;
    high |= byte;
    stop += 1;
  }
  if (stop === start) return '';
  if (high < 0x80) return stop - start > 24 ? latin1(bytes, start, stop) : asciiText(bytes, start, stop);
  try {
    return strictUtf8.decode(bytes.subarray(start, stop));
  } catch {
    return latin1(bytes, start, stop);
  }
}

/** The UTF-8 bytes of `text`. */
export function encodeText(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** Bytes of `text` in UTF-8. */
export function textLength(text: string): number {
  return Buffer.byteLength(text);
}

/** As many bytes of `text` in UTF-8 as fit in `room`, never half a character. */
export function encodeTextUpTo(text: string, room: number): Uint8Array {
  const bytes = encodeText(text);
  if (bytes.length <= room) return bytes;
  let end = room;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function asciiText(bytes: Uint8Array, start: number, stop: number): string {
  let text = '';
  for (let i = start; i < stop; i += 1) text += String.fromCharCode(bytes[i] as number);
  return text;
}

function latin1(bytes: Uint8Array, start: number, stop: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start).toString('latin1');
}
