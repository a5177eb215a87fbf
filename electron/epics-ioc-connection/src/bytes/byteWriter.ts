// A growing big-endian writer: many messages go into one buffer, so that the socket is written once per tick.

const firstCapacity = 4096;
/** `Buffer.write` without the checks of its arguments, which cost more than the few bytes of a name; where a runtime has not got it, `write` itself. */
const writeUtf8 = (Buffer.prototype as Partial<Record<'utf8Write', typeof Buffer.prototype.write>>).utf8Write ?? Buffer.prototype.write;

export class ByteWriter {
  bytes: Buffer;
  view: DataView;
  /** Bytes written since the last `take`. */
  length = 0;

  constructor(capacity = firstCapacity) {
    this.bytes = Buffer.alloc(capacity);
    this.view = viewOf(this.bytes);
  }

  /** Claims `size` zeroed bytes and returns the offset of the first. */
  claim(size: number): number {
    const start = this.length;
    const end = start + size;
    if (end > this.bytes.length) this.grow(end);
    this.length = end;
    return start;
  }

  u8(value: number): void { this.view.setUint8(this.claim(1), value); }
  u16(value: number): void { this.view.setUint16(this.claim(2), value); }
  u32(value: number): void { this.view.setUint32(this.claim(4), value); }
  i16(value: number): void { this.view.setInt16(this.claim(2), value); }
  i32(value: number): void { this.view.setInt32(this.claim(4), value); }
  f32(value: number): void { this.view.setFloat32(this.claim(4), value); }
  f64(value: number): void { this.view.setFloat64(this.claim(8), value); }

  append(source: Uint8Array): void {
    const start = this.claim(source.length);
    this.bytes.set(source, start);
  }

  /** Writes `text` as UTF-8 into the last `room` bytes that were claimed, at least three a character, and gives back what it does not need. Returns its bytes. */
  text(text: string, room: number): number {
    const at = this.length - room;
    // A loop over its characters would be compiled at once where a thousand channels connect: this is one call.
    const length = text === '' ? 0 : writeUtf8.call(this.bytes, text, at, room);
    this.length = at + length;
    return length;
  }

  /** What was written. The caller owns the bytes; the writer goes on with a fresh buffer. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset, this.length);
    // A small message does not throw away the rest of the buffer: the next ones use what is left.
    const rest = this.bytes.length - this.length;
    const keep = rest >= 512;
    this.bytes = keep ? this.bytes.subarray(this.length) : Buffer.alloc(firstCapacity);
    this.view = viewOf(this.bytes);
    this.length = 0;
    return taken;
  }

  private grow(needed: number): void {
    const larger = Buffer.alloc(Math.max(needed, firstCapacity, Math.min(this.bytes.length * 2, needed + (1 << 20))));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
