// A run that is being written: its journal, its arrays beside it, and the NeXus file that is made of it at its end.
import { Emitter, type Disposable } from '@shared/disposable';
import type { RunDocument } from '@shared/documents';
import { EndstationError, toErrorData, type ErrorData } from '@shared/errors';
import type { ArrayTaker } from './arrays/arrayTaker';
import { readWholeJournal } from './journal/reader';
import { explainMoved, type JournalWriter } from './journal/writer';
import type { NexusMaker } from './nexus/nexusMaker';
import { releaseLock } from './runLock';
import { nexusPath } from './runNames';

export class StoredRun {
  readonly derived: Promise<{ nexus: string | null; error?: ErrorData }>;
  readonly #changed = new Emitter<void>();
  #resolve: (result: { nexus: string | null; error?: ErrorData }) => void = () => undefined;
  #closing: Promise<void> | null = null;

  /** `arrays`: takes images and spectra out of the documents. `columns`: where the columns are kept when it has ended. */
  constructor(private readonly writer: JournalWriter, readonly uid: string, private readonly arrays: ArrayTaker, private readonly maker: NexusMaker, private readonly columns: string) {
    this.derived = new Promise((resolve) => { this.#resolve = resolve; });
  }

  get journal(): string { return this.writer.path; }
  get pending(): number { return this.writer.pending; }
  get synced(): (listener: (documents: readonly RunDocument[]) => void) => Disposable { return this.writer.synced; }
  get trouble(): (listener: (error: ErrorData) => void) => Disposable { return this.writer.trouble; }
  /** Its files changed. */
  readonly changed = this.#changed.on;

  append(document: RunDocument): void {
    for (const taken of this.arrays.take(document)) this.writer.append(taken.document, taken.record);
  }

  retry(): void {
    this.writer.retry();
  }

  drained(): Promise<void> {
    return this.writer.drained();
  }

  /** Called again with a shorter limit it hurries. */
  async close(timeout: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<void>((resolve) => {
      if (timeout !== Infinity) timer = setTimeout(resolve, timeout);
    });
    await Promise.race([this.writer.drained(), limit]);
    clearTimeout(timer);
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    const inPlace = await this.writer.isInPlace().catch(() => true);
    await this.writer.close().catch(() => undefined);
    await releaseLock(this.journal).catch(() => undefined);
    this.#changed.emit();
    void this.#derive(inPlace);
  }

  async #derive(inPlace: boolean): Promise<void> {
    const target = nexusPath(this.journal);
    try {
      if (!inPlace) {
        throw new EndstationError('RUN_MOVED', `${explainMoved(this.journal)} Put it back there, then make its NeXus file with \`endstation runs export\`.`);
      }
      await this.maker.make(this.journal, target, this.columns);
      this.#resolve({ nexus: target });
    } catch (error) {
      this.#resolve({ nexus: null, error: toErrorData(error) });
    }
    this.#changed.emit();
  }

  replay(): Promise<readonly RunDocument[]> {
    return readWholeJournal(this.journal, this.writer.length);
  }
}
