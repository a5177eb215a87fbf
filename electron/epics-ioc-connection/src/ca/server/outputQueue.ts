// What a circuit wants to send: small messages gathered in one buffer, large payloads by reference, so that subscribers share them.
import { ByteWriter } from '../../bytes/byteWriter';

/** Bytes; below this, copying is cheaper than one more chunk for the socket. */
const shareFrom = 16_384;

export class OutputQueue<Writer extends ByteWriter = ByteWriter> {
  private chunks: Uint8Array[] = [];
  private taken = 0;

  constructor(readonly writer: Writer) {}

  /** Bytes that wait. */
  get size(): number {
    return this.taken + this.writer.length;
  }

  /** Adds bytes that nobody changes any more. */
  append(bytes: Uint8Array): void {
    if (bytes.length < shareFrom) {
      this.writer.append(bytes);
      return;
    }
    this.closeWriter();
    this.chunks.push(bytes);
    this.taken += bytes.length;
  }

  /** All chunks, in order. */
  take(): Uint8Array[] {
    this.closeWriter();
    const chunks = this.chunks;
    this.chunks = [];
    this.taken = 0;
    return chunks;
  }

  private closeWriter(): void {
    if (this.writer.length === 0) return;
    const bytes = this.writer.take();
    this.taken += bytes.length;
    this.chunks.push(bytes);
  }
}
