// Takes images and spectra out of the documents: the values become records of the arrays file, the documents refer to them by
// event-model's `resource` and `datum`.
import { randomUUID } from 'node:crypto';
import type { DataKey, DataValue, Descriptor, Event, Resource, RunDocument } from '@shared/documents';
import type { NumericArray } from '@shared/pv';
import { elementsOf, encodeArray, headerLength, isArrayType, numbersOf, typeOf } from './arrayRecord';
import type { ArrayRecord } from './arraysFile';

/** The format that a handler is chosen by; described in docs/data.md. */
export const arraysSpec = 'ENDSTATION_ARRAYS_1';
/** Of data keys whose values are in files, as event-model has it. */
const external = 'FILESTORE:';

export interface Taken { readonly document: RunDocument; readonly record?: ArrayRecord }

/** What a run that goes on has already. */
export interface TakenBefore {
  /** null: it has no arrays yet. */
  readonly resource: string | null;
  readonly arrays: number;
  /** Bytes of the file up to the end of the last one. */
  readonly end: number;
  readonly descriptors: readonly Descriptor[];
}

const isNumbers = (value: unknown): value is NumericArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** `value` as numbers of this type where it fits, as doubles where it does not; null where it is no array of numbers. */
function numbersIn(value: DataValue | undefined, { dtype_numpy: type }: DataKey): NumericArray | null {
  if (isNumbers(value)) return value;
  if (!Array.isArray(value) || !value.every((element) => typeof element === 'number')) return null;
  const numbers = value as readonly number[];
  const exact = isArrayType(type) ? numbersOf(type, numbers) : null;
  return exact && numbers.every((number, index) => Object.is(exact[index], number)) ? exact : Float64Array.from(numbers);
}

export class ArrayTaker {
  readonly #keys = new Map<string, Readonly<Record<string, DataKey>>>();
  #resource: string | null;
  #arrays: number;
  #end: number;

  /** `run`: its uid; `folder` and `name` of the arrays file. */
  constructor(private readonly run: string, private readonly folder: string, private readonly name: string, before?: TakenBefore) {
    this.#resource = before?.resource ?? null;
    this.#arrays = before?.arrays ?? 0;
    this.#end = before?.end ?? 0;
    for (const descriptor of before?.descriptors ?? []) this.#learn(descriptor);
  }

  take(document: RunDocument): readonly Taken[] {
    if (document.name === 'descriptor') return [{ document: { name: 'descriptor', doc: this.#learn(markExternal(document.doc)) } }];
    return document.name === 'event' ? this.#takeEvent(document.doc) : [{ document }];
  }

  #learn(descriptor: Descriptor): Descriptor {
    const keys = Object.entries(descriptor.data_keys).filter(([, key]) => key.external === external);
    if (keys.length > 0) this.#keys.set(descriptor.uid, Object.fromEntries(keys));
    return descriptor;
  }

  #takeEvent(event: Event): readonly Taken[] {
    const keys = this.#keys.get(event.descriptor);
    if (!keys) return [{ document: { name: 'event', doc: event } }];
    const before: Taken[] = [];
    const data: Record<string, DataValue> = { ...event.data };
    const filled: Record<string, boolean> = {};
    for (const [key, about] of Object.entries(keys)) {
      const values = numbersIn(event.data[key], about);
      if (!values) continue;
      const resource = this.#resource ?? this.#newResource(before);
      const shape = elementsOf(about.shape) === values.length ? about.shape : [values.length];
      const bytes = encodeArray(values, shape);
      const datum = `${resource}/${this.#arrays}`;
      const offset = this.#end + headerLength(shape.length);
      before.push({
        document: { name: 'datum', doc: { datum_id: datum, resource, datum_kwargs: { offset, dtype: typeOf(values), shape } } },
        record: { position: this.#end, bytes },
      });
      this.#arrays += 1;
      this.#end += bytes.length;
      data[key] = datum;
      filled[key] = false;
    }
    return [...before, { document: { name: 'event', doc: { ...event, data, filled } } }];
  }

  #newResource(taken: Taken[]): string {
    const doc: Resource = {
      uid: randomUUID(), run_start: this.run, spec: arraysSpec, root: this.folder, resource_path: this.name, resource_kwargs: {},
      path_semantics: process.platform === 'win32' ? 'windows' : 'posix',
    };
    taken.push({ document: { name: 'resource', doc } });
    this.#resource = doc.uid;
    return doc.uid;
  }
}

/** Arrays of numbers go to the file; texts stay in the documents. */
function markExternal(descriptor: Descriptor): Descriptor {
  const keys = Object.entries(descriptor.data_keys);
  if (!keys.some(([, key]) => isStored(key))) return descriptor;
  return { ...descriptor, data_keys: Object.fromEntries(keys.map(([name, key]) => [name, isStored(key) ? { ...key, external } : key])) };
}

function isStored({ dtype, dtype_numpy: type }: DataKey): boolean {
  return dtype === 'array' && isArrayType(type);
}
