// A run as columns: collects the events of its streams. Images and spectra stay in their file; a column says where each is.
import type { DataKey, Descriptor, Event, RunDocument, RunStart, RunStop } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import type { ArrayPlace } from './arrays/arrayRecord';
import { ArrayPlaces } from './arrays/arrayPlaces';

export type Column =
  | { readonly kind: 'number'; readonly values: number[] }
  | { readonly kind: 'text'; readonly values: string[] }
  /** Of journals that have their arrays in them. */
  | { readonly kind: 'array'; readonly values: (readonly number[])[] }
  /** null: the point has none. */
  | { readonly kind: 'stored'; readonly values: (ArrayPlace | null)[] };

const oddNumbers: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

/** A number as it stands in a document; NaN for what is none. */
export function documentNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? oddNumbers[value] ?? Number.NaN : Number.NaN;
}

function newColumn({ dtype, external }: DataKey): Column {
  if (dtype === 'array') return { kind: external === undefined ? 'array' : 'stored', values: [] };
  return dtype === 'string' ? { kind: 'text', values: [] } : { kind: 'number', values: [] };
}

/** One stream of a run. */
export class StreamTable {
  readonly columns = new Map<string, Column>();
  /** Unix seconds. */
  readonly time: number[] = [];

  constructor(readonly descriptor: Descriptor) {
    for (const [key, dataKey] of Object.entries(descriptor.data_keys)) this.columns.set(key, newColumn(dataKey));
  }

  get points(): number { return this.time.length; }

  add(event: Event, places: ArrayPlaces): void {
    this.time.push(event.time);
    for (const [key, column] of this.columns) {
      const value = event.data[key];
      if (column.kind === 'number') column.values.push(documentNumber(value));
      else if (column.kind === 'text') column.values.push(value === undefined ? '' : String(value));
      else if (column.kind === 'stored') column.values.push(places.take(value));
      else column.values.push(Array.isArray(value) ? value.map(documentNumber) : []);
    }
  }
}

export class RunTable {
  start: RunStart | null = null;
  stop: RunStop | null = null;
  readonly streams = new Map<string, StreamTable>();
  readonly #described = new Map<string, StreamTable>();
  readonly #places = new ArrayPlaces();

  /** `all`: also of the streams besides the points. */
  constructor(private readonly which: 'primary' | 'all' = 'primary') {}

  add(documents: readonly RunDocument[]): void {
    for (const document of documents) {
      switch (document.name) {
        case 'start': this.start = document.doc; break;
        case 'stop': this.stop = document.doc; break;
        case 'descriptor': this.#describe(document.doc); break;
        case 'event': this.#described.get(document.doc.descriptor)?.add(document.doc, this.#places); break;
        case 'datum': this.#places.add(document.doc); break;
        case 'resource': break;
      }
    }
  }

  #describe(descriptor: Descriptor): void {
    const { name, uid } = descriptor;
    if (this.streams.has(name) || (this.which === 'primary' && name !== 'primary')) return;
    const stream = new StreamTable(descriptor);
    this.streams.set(name, stream);
    this.#described.set(uid, stream);
  }

  /** null: no point was taken. */
  get primary(): StreamTable | null { return this.streams.get('primary') ?? null; }
  get descriptor(): Descriptor | null { return this.primary?.descriptor ?? null; }
  get columns(): ReadonlyMap<string, Column> { return this.primary?.columns ?? new Map<string, Column>(); }
  /** Unix seconds of each point. */
  get time(): readonly number[] { return this.primary?.time ?? []; }
  get points(): number { return this.time.length; }
  get dataKeys(): Readonly<Record<string, DataKey>> { return this.descriptor?.data_keys ?? {}; }

  /** Errors: `NO_START` for a journal without its first record. */
  get checkedStart(): RunStart {
    if (!this.start) throw new EndstationError('NO_START', 'The journal has no start record: its first line is damaged, so the run can not be read.');
    return this.start;
  }

  /** Numbers and text; arrays are left out. */
  get plainColumns(): Record<string, Float64Array | readonly string[]> {
    const columns: Record<string, Float64Array | readonly string[]> = {};
    for (const [key, column] of this.columns) {
      if (column.kind === 'number') columns[key] = Float64Array.from(column.values);
      else if (column.kind === 'text') columns[key] = column.values;
    }
    return columns;
  }
}
