// A column of a run as a dataset, with what its data key says of it.
import type { DataKey } from '@shared/documents';
import { elementsOf } from '../arrays/arrayRecord';
import type { Column, StreamTable } from '../runTable';
import { numbers, text, type Attributes, type NexusNode, type NexusStack } from './tree';

export function columnAttributes(key: string, { units, source, choices }: DataKey): Attributes {
  return { long_name: key, source, ...(units ? { units } : {}), ...(choices && choices.length > 0 ? { enum: choices } : {}) };
}

/** null: the stream has no such column, or nothing in it. */
export function columnNode(stream: StreamTable, key: string): NexusNode | null {
  const column = stream.columns.get(key);
  const about = stream.descriptor.data_keys[key];
  if (!column || !about || column.values.length === 0) return null;
  const attributes = columnAttributes(key, about);
  switch (column.kind) {
    case 'text': return text(column.values, attributes);
    case 'number': return numbers(Float64Array.from(column.values), [column.values.length], attributes);
    case 'stored': return stackOf(column.values, attributes);
    case 'array': {
      const width = Math.max(0, ...column.values.map((row) => row.length));
      const values = new Float64Array(column.values.length * width).fill(Number.NaN);
      column.values.forEach((row, index) => values.set(row, index * width));
      return numbers(values, [column.values.length, width], attributes);
    }
  }
}

/** Spectra are as long as the longest; images have the shape of the first. */
function stackOf(places: Extract<Column, { kind: 'stored' }>['values'], attributes: Attributes): NexusStack | null {
  const known = places.flatMap((place) => place ?? []);
  const [first] = known;
  if (!first || elementsOf(first.shape) === 0) return null;
  const dtype = known.every((place) => place.dtype === first.dtype) ? first.dtype : '<f8';
  const longest = known.reduce((most, { shape }) => Math.max(most, elementsOf(shape)), 0);
  return { kind: 'stack', dtype, frame: first.shape.length === 1 ? [longest] : first.shape, places, attributes };
}
