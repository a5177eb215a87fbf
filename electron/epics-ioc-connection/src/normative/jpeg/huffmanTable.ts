// A Huffman table of a JPEG picture (ITU-T T.81, annex C): codes by their first bits, longer ones by their length. Pure.
import { brokenJpeg } from './brokenJpeg';

/** Codes of up to so many bits are found by one look. */
export const quickBits = 9;
export const longestCode = 16;

export class HuffmanTable {
  /** By the next `quickBits` bits: the code's length times 256, and its symbol. 0 where the code is longer. */
  readonly quick = new Uint16Array(1 << quickBits);
  /** By length: the last code that long, -1 for none. */
  readonly last = new Int32Array(longestCode + 1).fill(-1);
  /** By length: what a code that long plus this is the place of among the symbols. */
  readonly shift = new Int32Array(longestCode + 1);

  /** `counts`: how many codes there are of 1, 2, ... 16 bits. Errors: `RemoteProtocolError` where there are more than those bits can say. */
  constructor(counts: Uint8Array, readonly symbols: Uint8Array) {
    let code = 0;
    let place = 0;
    for (let length = 1; length <= longestCode; length += 1) {
      const count = counts[length - 1] as number;
      if (code + count > 1 << length) throw brokenJpeg('has a Huffman table with more codes than there can be');
      this.shift[length] = place - code;
      if (count > 0) this.last[length] = code + count - 1;
      for (let i = 0; i < count; i += 1, code += 1, place += 1) {
        if (length > quickBits) continue;
        const free = quickBits - length;
        this.quick.fill((length << 8) | (symbols[place] as number), code << free, (code + 1) << free);
      }
      code <<= 1;
    }
  }
}
