// An independent, tiny builder of pvAccess bytes for tests, in either byte order: nothing of the codec is used here.
import { MessageReader } from './messageReader';
import type { WireReader } from './wireReader';
import type { Role } from './wireWriter';

export type Order = 'little' | 'big';
export const orders: readonly Order[] = ['little', 'big'];

type Bytes = readonly number[];

/** `w.u32(7)` and so on, for one byte order. */
export function wire(order: Order) {
  const turned = (view: ArrayBufferView): number[] => {
    const bytes = [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];
    return order === 'little' ? bytes : bytes.reverse();
  };
  const each = (make: (value: number) => ArrayBufferView) => (...values: number[]): number[] => values.flatMap((value) => turned(make(value)));
  const u16 = each((value) => new Uint16Array([value]));
  const u32 = each((value) => new Uint32Array([value]));
  const text = (value: string): number[] => {
    const bytes = [...Buffer.from(value, 'utf8')];
    return bytes.length < 254 ? [bytes.length, ...bytes] : [254, ...u32(bytes.length), ...bytes];
  };
  return {
    order, u16, u32, text,
    i64: (...values: bigint[]): number[] => values.flatMap((value) => turned(new BigInt64Array([value]))),
    f32: each((value) => new Float32Array([value])),
    f64: each((value) => new Float64Array([value])),
    /** A member of a structure's description. */
    member: (name: string, ...description: number[]): number[] => [...text(name), ...description],
    message: (from: Role, command: number, payload: Bytes, segment = 0): number[] =>
      [0xca, 2, segment | (from === 'server' ? 0x40 : 0) | (order === 'big' ? 0x80 : 0), command, ...u32(payload.length), ...payload],
    control: (from: Role, command: number, data: number): number[] =>
      [0xca, 2, 0x01 | (from === 'server' ? 0x40 : 0) | (order === 'big' ? 0x80 : 0), command, ...u32(data)],
  };
}
export type Wire = ReturnType<typeof wire>;

/** How the bytes may come: in one piece, one by one, and in the middle of other bytes. */
export const chunkings: readonly [name: string, cut: (bytes: Bytes) => Uint8Array[]][] = [
  ['whole', (bytes) => [Uint8Array.from(bytes)]],
  ['byte by byte', (bytes) => bytes.map((byte) => Uint8Array.of(byte))],
];

/** Feeds the chunks to a reader, overwriting each one after it was read, as the socket's buffer is. */
export function feed(from: Role, chunks: readonly Uint8Array[], onMessage: (command: number, payload: WireReader, oversize: boolean) => void,
  options: { maxPayload?: number; onControl?: (control: number, data: number, bigEndian: boolean) => void } = {}): void {
  const { maxPayload, onControl } = options;
  const reader = new MessageReader({ message: onMessage, control: onControl ?? (() => undefined) }, { from, ...(maxPayload === undefined ? {} : { maxPayload }) });
  for (const chunk of chunks) {
    reader.push(chunk);
    chunk.fill(0xee);
  }
}
