// A run as columns: collects the events of its primary stream.
import type { DataKey, Descriptor, Event, RunDocument, RunStart, RunStop } from '@shared/documents';
import { EndstationError } from '@shared/errors';

type Column =
  | { readonly kind: 'number'; readonly values: number[] }
  | { readonly kind: 'text'; readonly values: string[] }
  | { readonly kind: 'array'; readonly values: (readonly number[])[] };

const oddNumbers: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

/** A number as it stands in a document; NaN for what is none. */
export function documentNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? oddNumbers[value] ?? Number.NaN : Number.NaN;
}

function newColumn(key: DataKey): Column {
  if (key.dtype === 'array') return { kind: 'array', values: [] };
  return key.dtype === 'string' ? { kind: 'text', values: [] } : { kind: 'number', values: [] };
}

export class RunTable {
  start: RunStart | null = null;
  /** Of the primary stream. */
  descriptor: Descriptor | null = null;
  stop: RunStop | null = null;
  readonly columns = new Map<string, Column>();
  /** Unix seconds. */
  readonly time: number[] = [];

  add(documents: readonly RunDocument[]): void {
    for (const document of documents) {
      if (document.name === 'event') this.#addEvent(document.doc);
      else if (document.name === 'start') this.start = document.doc;
      else if (document.name === 'stop') this.stop = document.doc;
      else if (document.doc.name === 'primary') this.#describe(document.doc);
    }
  }

  #describe(descriptor: Descriptor): void {
    this.descriptor ??= descriptor;
    for (const [key, dataKey] of Object.entries(descriptor.data_keys)) {
      if (!this.columns.has(key)) this.columns.set(key, newColumn(dataKey));
    }
  }

  #addEvent(event: Event): void {
    if (event.descriptor !== this.descriptor?.uid) return;
    this.time.push(event.time);
    for (const [key, column] of this.columns) {
      const value = event.data[key];
      if (column.kind === 'number') column.values.push(documentNumber(value));
      else if (column.kind === 'text') column.values.push(value === undefined ? '' : String(value));
      else column.values.push(Array.isArray(value) ? value.map(documentNumber) : []);
    }
  }

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
