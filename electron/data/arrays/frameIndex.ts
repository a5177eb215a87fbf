// Where each point of a run has its images and spectra: read from the journal once, and further where the run goes on. In bounded memory.
import { stat } from 'node:fs/promises';
import type { RunDocument } from '@shared/documents';
import type { RunFrame } from '@shared/frames';
import { scanJournal } from '../journal/reader';
import type { ArrayPlace } from './arrayRecord';
import { ArrayPlaces } from './arrayPlaces';
import { ArraysReader } from './arraysReader';

/** Of one data key, a number a point: an offset (-1: it has none), and what it is like. */
interface Places { readonly offsets: number[]; readonly kinds: number[] }

export class FrameIndex {
  /** Bytes of the journal that are known. */
  #known = 0;
  #primary: string | null = null;
  #waiting = new ArrayPlaces();
  readonly #places = new Map<string, Places>();
  readonly #kinds: Pick<ArrayPlace, 'dtype' | 'shape'>[] = [];
  #points = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(readonly journal: string) {}

  /** `point`: from 1; null: it has no such array, or the file has lost it. One at a time. Errors: of a disk that can't be read. */
  frame(key: string, point: number): Promise<RunFrame | null> {
    const turn = this.#turn.catch(() => undefined).then(() => this.#read(key, point));
    this.#turn = turn;
    return turn;
  }

  async #read(key: string, point: number): Promise<RunFrame | null> {
    if (this.#placeOf(key, point) === null) await this.#goOn();
    const place = this.#placeOf(key, point);
    if (!place) return null;
    const reader = new ArraysReader(this.journal);
    try {
      const values = await reader.read(place);
      return values && { shape: place.shape, values };
    } finally {
      await reader.close();
    }
  }

  /** null: none that is known. */
  #placeOf(key: string, point: number): ArrayPlace | null {
    const { offsets, kinds } = this.#places.get(key) ?? { offsets: [], kinds: [] };
    const offset = offsets[point - 1] ?? -1;
    const kind = this.#kinds[kinds[point - 1] ?? -1];
    return offset < 0 || !kind ? null : { offset, ...kind };
  }

  /** What came since. A journal that is shorter now is another one. */
  async #goOn(): Promise<void> {
    const { size } = await stat(this.journal);
    if (size < this.#known) this.#forget();
    if (size === this.#known) return;
    try {
      const { good } = await scanJournal(this.journal, (documents) => documents.forEach((document) => this.#take(document)), this.#known);
      this.#known = good;
    } catch (error) {
      // What was taken in of it must not be taken in again.
      this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#known = 0;
    this.#primary = null;
    this.#points = 0;
    this.#waiting = new ArrayPlaces();
    this.#places.clear();
  }

  #take(document: RunDocument): void {
    if (document.name === 'descriptor' && document.doc.name === 'primary') this.#primary ??= document.doc.uid;
    else if (document.name === 'datum') this.#waiting.add(document.doc);
    else if (document.name === 'event') {
      const isPoint = document.doc.descriptor === this.#primary;
      // Those of other streams are taken off too.
      const taken = Object.keys(document.doc.filled ?? {}).map((key) => [key, this.#waiting.take(document.doc.data[key])] as const);
      if (!isPoint) return;
      for (const [key, place] of taken) if (place) this.#put(key, place);
      this.#points += 1;
    }
  }

  #put(key: string, { offset, dtype, shape }: ArrayPlace): void {
    const places = this.#places.get(key) ?? { offsets: [], kinds: [] };
    this.#places.set(key, places);
    while (places.offsets.length < this.#points) {
      places.offsets.push(-1);
      places.kinds.push(-1);
    }
    let kind = this.#kinds.findIndex((known) => known.dtype === dtype && known.shape.join() === shape.join());
    if (kind < 0) kind = this.#kinds.push({ dtype, shape }) - 1;
    places.offsets.push(offset);
    places.kinds.push(kind);
  }
}

/** Runs whose frames are looked at: the last few. */
const kept = 4;
const indexes = new Map<string, FrameIndex>();

export function frameOf(journal: string, key: string, point: number): Promise<RunFrame | null> {
  const index = indexes.get(journal) ?? new FrameIndex(journal);
  indexes.delete(journal);
  indexes.set(journal, index);
  for (const oldest of indexes.keys()) {
    if (indexes.size <= kept) break;
    indexes.delete(oldest);
  }
  return index.frame(key, point);
}
