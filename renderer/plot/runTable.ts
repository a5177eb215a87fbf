// A run as columns, from its documents as they come or from a file: what the plots and tables of the window show.
import type { DataKey, DataValue, Descriptor, RunData, RunDocument, RunStart, RunStop } from '@shared/documents';
import { GrowingNumbers } from './growingNumbers';

export interface Field {
  readonly name: string;
  readonly units: string;
  readonly precision: number | undefined;
  /** `besides`: of a detector, what it is not there for (a frame number, a mean): not plotted unless it is chosen. */
  readonly role: 'motor' | 'detector' | 'besides';
  /** The device in the run's start document that this field came from, where that is known. */
  readonly device: string | undefined;
  readonly text: boolean;
  readonly choices: readonly string[] | undefined;
}

type Keys = Readonly<Record<string, DataKey>>;

/** What each device is there for, by its hints, or its first number where they have none. */
function mainFields(keys: Keys, ownerOf: (name: string) => string | undefined, hints: Descriptor['hints']): ReadonlySet<string> {
  const hinted = new Set(Object.values(hints).flatMap(({ fields }) => fields));
  const byOwner = new Map<string, string[]>();
  for (const [name, { dtype }] of Object.entries(keys)) {
    const owner = ownerOf(name) ?? name;
    if (dtype !== 'array') byOwner.set(owner, [...byOwner.get(owner) ?? [], name]);
  }
  return new Set([...byOwner.values()].flatMap((names) => {
    const wanted = names.filter((name) => hinted.has(name));
    return wanted.length > 0 ? wanted : names.slice(0, 1);
  }));
}

export class RunTable {
  start: RunStart | null = null;
  stop: RunStop | null = null;
  readonly fields: Field[] = [];
  readonly #numbers = new Map<string, GrowingNumbers>();
  readonly #texts = new Map<string, string[]>();
  #time = new GrowingNumbers();
  #primary: string | null = null;

  get rows(): number { return this.#time.length; }
  /** Unix seconds of each row. */
  get time(): Float64Array { return this.#time.values; }

  static of(data: RunData): RunTable {
    const table = new RunTable();
    table.start = data.start;
    table.#time = new GrowingNumbers(data.time);
    const main = mainFields(data.dataKeys, (name) => data.dataKeys[name]?.object_name, data.hints ?? {});
    for (const [name, key] of Object.entries(data.dataKeys)) {
      const column = data.columns[name];
      if (column instanceof Float64Array) table.#numbers.set(name, new GrowingNumbers(column));
      else if (column) table.#texts.set(name, [...column]);
      else continue;
      table.#addField(name, key, undefined, main);
    }
    return table;
  }

  /** True where the document changed what is shown. */
  apply(document: RunDocument): boolean {
    switch (document.name) {
      case 'start': this.start = document.doc; return true;
      case 'descriptor': return this.#describe(document.doc);
      case 'event':
        if (document.doc.descriptor !== this.#primary) return false;
        this.#append(document.doc.data, document.doc.time);
        return true;
      case 'stop': this.stop = document.doc; return true;
      // Images and spectra are in a file.
      case 'resource': case 'datum': return false;
    }
  }

  numbers(name: string): Float64Array | null { return this.#numbers.get(name)?.values ?? null; }
  texts(name: string): readonly string[] | null { return this.#texts.get(name) ?? null; }
  field(name: string): Field | undefined { return this.fields.find((field) => field.name === name); }
  get numericFields(): Field[] { return this.fields.filter((field) => !field.text); }

  #describe(descriptor: Descriptor): boolean {
    if (descriptor.name !== 'primary') return false;
    this.#primary = descriptor.uid;
    const owners = new Map(Object.entries(descriptor.object_keys).flatMap(([device, names]) => names.map((name) => [name, device] as const)));
    const main = mainFields(descriptor.data_keys, (name) => descriptor.data_keys[name]?.object_name ?? owners.get(name), descriptor.hints);
    for (const [name, key] of Object.entries(descriptor.data_keys)) {
      if (key.dtype === 'array' || this.field(name)) continue;
      if (key.dtype === 'string') this.#texts.set(name, []);
      else this.#numbers.set(name, new GrowingNumbers());
      this.#addField(name, key, owners.get(name), main);
    }
    return true;
  }

  #addField(name: string, key: DataKey, owner: string | undefined, main: ReadonlySet<string>): void {
    const device = key.object_name ?? owner;
    const dimension = this.start?.hints.dimensions.some(([names]) => names.includes(name)) ?? false;
    const motor = dimension || (device !== undefined && (this.start?.motors.includes(device) ?? false));
    this.fields.push({
      name, units: key.units ?? '', precision: key.precision, role: motor ? 'motor' : main.has(name) ? 'detector' : 'besides', device, text: this.#texts.has(name), choices: key.choices,
    });
  }

  #append(data: Readonly<Record<string, DataValue>>, time: number): void {
    this.#time.push(time);
    for (const [name, column] of this.#numbers) {
      const value = data[name];
      column.push(typeof value === 'number' ? value : NaN);
    }
    for (const [name, column] of this.#texts) column.push(String(data[name] ?? ''));
  }
}
