// The bytes of one input, written in either byte order into a buffer that is used again and again.
import type { Random } from './random';

const capacity = 1 << 16;
const telling = [0, 1, 2, 7, 8, 15, 16, 0x40, 0x7f, 0x80, 0x88, 0xca, 0xfc, 0xfd, 0xfe, 0xff];

export class InputBytes {
  at = 0;
  littleEndian = false;
  private readonly bytes = new Uint8Array(capacity);
  private readonly view = new DataView(this.bytes.buffer);

  start(littleEndian: boolean): this {
    this.at = 0;
    this.littleEndian = littleEndian;
    return this;
  }

  u8(value: number): void { if (this.at < capacity) this.bytes[this.at++] = value; }
  u16(value: number): void { if (this.room(2)) this.view.setUint16(this.at - 2, value, this.littleEndian); }
  u32(value: number): void { if (this.room(4)) this.view.setUint32(this.at - 4, value, this.littleEndian); }
  f64(value: number): void { if (this.room(8)) this.view.setFloat64(this.at - 8, value, this.littleEndian); }
  append(bytes: Uint8Array): void { if (this.room(bytes.length)) this.bytes.set(bytes, this.at - bytes.length); }
  setU32(at: number, value: number): void { if (at + 4 <= capacity) this.view.setUint32(at, value, this.littleEndian); }

  /** NULs, or bytes that mean something somewhere, or noise. */
  noise(random: Random, size: number): void {
    const kind = random.below(3);
    for (let i = 0; i < size; i += 1) this.u8(kind === 0 ? 0 : kind === 1 ? random.pick(telling) : random.below(256));
  }

  /** Some bytes changed, cut out or doubled. */
  damage(random: Random): void {
    for (let changes = 1 + random.below(4); changes > 0 && this.at > 0; changes -= 1) {
      const at = random.below(this.at);
      const kind = random.below(10);
      const size = Math.min(1 + random.below(24), this.at - at);
      if (kind < 7) this.bytes[at] = random.oneIn(2) ? random.pick(telling) : random.below(256);
      else if (kind === 7) {
        this.bytes.copyWithin(at, at + size, this.at);
        this.at -= size;
      } else if (kind === 8 && this.at + size <= capacity) {
        this.bytes.copyWithin(at + size, at, this.at);
        this.at += size;
      } else this.at = at;
    }
  }

  /** What was written, until the next start. */
  written(): Uint8Array { return this.bytes.subarray(0, this.at); }

  /** A copy of what was written. */
  take(): Uint8Array { return this.bytes.slice(0, this.at); }

  private room(size: number): boolean {
    if (this.at + size > capacity) return false;
    this.at += size;
    return true;
  }
}
