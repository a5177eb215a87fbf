// Writes messages in the connection's byte order, one after the other into one buffer: the socket is written once per tick.
import { ByteWriter } from '../../bytes/byteWriter';
import { textLength } from '../../bytes/text';
import { flags, headerSize, magic, protocolRevision } from './commands';

export type Role = 'client' | 'server';

export class WireWriter extends ByteWriter {
  /** Of the messages that follow; SET_BYTE_ORDER decides it for a client. */
  littleEndian = false;
  private messageAt = -1;

  /** `role` marks the direction in every header. */
  constructor(readonly role: Role, capacity?: number) { super(capacity); }

  override u16(value: number): void { const at = this.claim(2); this.view.setUint16(at, value, this.littleEndian); }
  override u32(value: number): void { const at = this.claim(4); this.view.setUint32(at, value, this.littleEndian); }
  override i16(value: number): void { const at = this.claim(2); this.view.setInt16(at, value, this.littleEndian); }
  override i32(value: number): void { const at = this.claim(4); this.view.setInt32(at, value, this.littleEndian); }
  override f32(value: number): void { const at = this.claim(4); this.view.setFloat32(at, value, this.littleEndian); }
  override f64(value: number): void { const at = this.claim(8); this.view.setFloat64(at, value, this.littleEndian); }
  override u8(value: number): void { const at = this.claim(1); this.bytes[at] = value; }

  /** Signed and unsigned alike: the low 64 bits. */
  i64(value: number | bigint): void {
    const at = this.claim(8);
    this.view.setBigInt64(at, BigInt.asIntN(64, typeof value === 'bigint' ? value : BigInt(Math.trunc(value))), this.littleEndian);
  }

  /** -1 writes null. */
  size(value: number): void {
    if (value < 0) this.u8(255);
    else if (value < 254) this.u8(value);
    else {
      this.u8(254);
      this.i32(value);
    }
  }

  string(value: string): void {
    if (value === '') return this.size(0);
    const room = value.length * 3;
    // A size below 254 takes one byte.
    const at = room < 254 ? this.claim(1) : -1;
    if (at < 0) this.size(textLength(value));
    this.claim(room);
    const length = this.text(value, room);
    if (at >= 0) this.bytes[at] = length;
  }

  /** Starts an application message; `end` completes its header. */
  begin(command: number): void {
    const at = this.claim(headerSize);
    this.messageAt = at;
    this.header(at, 0, command);
  }

  end(): void {
    this.view.setUint32(this.messageAt + 4, this.length - this.messageAt - headerSize, this.littleEndian);
    this.messageAt = -1;
  }

  /** Takes back everything since `begin`: what could not be said is not sent by halves. */
  abandon(): void {
    if (this.messageAt < 0) return;
    this.bytes.fill(0, this.messageAt, this.length);
    this.length = this.messageAt;
    this.messageAt = -1;
  }

  /** A control message: `data` goes into the size field. */
  control(control: number, data: number): void {
    const at = this.claim(headerSize);
    this.header(at, flags.control, control);
    this.view.setUint32(at + 4, data, this.littleEndian);
  }

  private header(at: number, extra: number, command: number): void {
    const bits = extra | (this.role === 'server' ? flags.server : 0) | (this.littleEndian ? 0 : flags.bigEndian);
    this.view.setUint32(at, (magic << 24) | (protocolRevision << 16) | (bits << 8) | command);
  }
}
