// Writes a run's journal: whole records only, synced in groups, told of only when they are on the disk. The arrays that a group refers
// to are on the disk before it.
import { Emitter } from '@shared/disposable';
import type { RunDocument } from '@shared/documents';
import { toErrorData, type ErrorData } from '@shared/errors';
import type { ArrayRecord, ArraysFile } from '../arrays/arraysFile';
import type { JournalHandle } from './fileLayer';
import { encodeRecord } from './record';

/** `size`: bytes for the disk, those of the array included. */
interface Waiting { readonly document: RunDocument; readonly bytes: Buffer; readonly record: ArrayRecord | undefined; readonly size: number }

/** Bytes of one group, so that memory stays bounded. */
const largestGroup = 4_000_000;

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room',
  EDQUOT: 'your quota on the disk is used up. Make room',
  EIO: 'the disk reports an error (EIO). Check the disk or the network share',
  EROFS: 'the disk has become read-only. Make it writable again',
};

class MovedFile extends Error {}

/** What to say of a run's file that is not where it was made. */
export function explainMoved(path: string): string {
  return `The run's file was moved or removed: ${path}.`;
}

export class JournalWriter {
  readonly #synced = new Emitter<readonly RunDocument[]>();
  readonly #trouble = new Emitter<ErrorData>();
  /** More is on the disk, or it is closed. */
  readonly #moved = new Emitter<void>();
  #queue: Waiting[] = [];
  /** Bytes that were ever appended, and of them those on the disk. */
  #appended = 0;
  #done = 0;
  #position: number;
  #state: 'idle' | 'writing' | 'stuck' | 'closed' = 'idle';
  #scheduled = false;
  /** Its file is elsewhere: what is written still goes there. */
  #isMoved = false;
  /** Milliseconds, when its file was last seen in its place. */
  #seen = -Infinity;
  /** What is being written, to name it where that fails. */
  #writing: string;

  /**
   * `arrays`: the file for what `append` is given besides. `lookEvery`: milliseconds after which a sync also looks whether the file is still
   * in its place. `position`: bytes that the file has, all of them whole records.
   */
  constructor(private readonly handle: JournalHandle, readonly path: string, private readonly arrays: ArraysFile | null = null, private readonly lookEvery = 1000, position = 0) {
    this.#position = position;
    this.#writing = path;
  }

  readonly synced = this.#synced.on;
  readonly trouble = this.#trouble.on;

  /** Bytes that are not on the disk yet. */
  get pending(): number { return this.#appended - this.#done; }
  /** Bytes that are on the disk. */
  get length(): number { return this.#position; }

  /** `record`: the array that the document refers to. */
  append(document: RunDocument, record?: ArrayRecord): void {
    const bytes = encodeRecord(document);
    const size = bytes.length + (record?.bytes.length ?? 0);
    this.#queue.push({ document, bytes, record, size });
    this.#appended += size;
    this.#schedule();
  }

  /** Tries again after trouble. */
  retry(): void {
    if (this.#state !== 'stuck') return;
    this.#state = 'idle';
    this.#schedule();
  }

  /** Resolves when all that was appended before is on the disk, or it is closed. */
  drained(): Promise<void> {
    const wanted = this.#appended;
    const isOver = (): boolean => this.#done >= wanted || this.#isClosed();
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const listener = this.#moved.on(() => {
        if (!isOver()) return;
        listener.dispose();
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#moved.emit();
    // Wherever the file is, it is to be whole.
    if (this.#isMoved) await this.#writeAll(this.#queue).catch(() => undefined);
    await this.arrays?.close().catch(() => undefined);
    await this.handle.close();
  }

  /** Whether its path still leads to what is written. */
  isInPlace(): Promise<boolean> {
    return this.handle.isAt(this.path);
  }

  /** What comes within one turn of the event loop, and while the disk is busy, is one group. */
  #schedule(): void {
    if (this.#scheduled || this.#state !== 'idle') return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#state === 'idle') void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#state = 'writing';
    while (this.#queue.length > 0) {
      const group = this.#nextGroup();
      try {
        await this.#writeAll(group);
      } catch (error) {
        if (this.#isClosed()) return;
        this.#state = 'stuck';
        this.#trouble.emit(this.#explain(error));
        return;
      }
      if (this.#isClosed()) return;
      this.#queue.splice(0, group.length);
      for (const { size } of group) this.#done += size;
      this.#synced.emit(group.map((waiting) => waiting.document));
      this.#moved.emit();
    }
    if (!this.#isClosed()) this.#state = 'idle';
  }

  #isClosed(): boolean { return this.#state === 'closed'; }

  #nextGroup(): Waiting[] {
    let sum = 0;
    const count = this.#queue.findIndex(({ size }) => (sum += size) > largestGroup);
    return this.#queue.slice(0, count < 0 ? undefined : Math.max(1, count));
  }

  /** At a place of its own in the file, so that writing again after a failure leaves no half records behind. */
  async #writeAll(group: readonly Waiting[]): Promise<void> {
    const records = group.flatMap(({ record }) => record ?? []);
    if (this.arrays && records.length > 0) {
      this.#writing = this.arrays.path;
      await this.arrays.write(records);
    }
    this.#writing = this.path;
    const bytes = Buffer.concat(group.map((waiting) => waiting.bytes));
    for (let done = 0; done < bytes.length;) {
      const written = await this.handle.write(bytes.subarray(done), this.#position + done);
      if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
      done += written;
    }
    await this.handle.sync();
    await this.#look();
    this.#position += bytes.length;
  }

  /** A moved file takes bytes as before: only a look at its path tells. Errors: MovedFile. */
  async #look(): Promise<void> {
    const now = performance.now();
    if (this.#isClosed() || (!this.#isMoved && now - this.#seen < this.lookEvery)) return;
    this.#isMoved = !await this.isInPlace();
    if (this.#isMoved) throw new MovedFile(this.path);
    this.#seen = now;
  }

  #explain(error: unknown): ErrorData {
    if (error instanceof MovedFile) {
      return { code: 'DISK', message: `${explainMoved(this.path)} Put it back, then resume; or stop the scan: what was measured is in the file, wherever it was moved.` };
    }
    const { code, message } = toErrorData(error);
    const reason = reasons[code] ?? `${message}. Check the folder`;
    const what = this.#writing === this.path ? 'The journal' : 'The file of the run\'s images and spectra';
    return { code: 'DISK', message: `${what} ${this.#writing} could not be written: ${reason}, then resume. No measured point is lost.` };
  }
}
