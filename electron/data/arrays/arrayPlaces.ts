// The arrays that a run's documents have told of and no event has used yet: each belongs to one event, which comes right after it.
import type { DataValue, Datum, Event } from '@shared/documents';
import { longestTold } from '@shared/messages';
import { elementsOf, type ArrayPlace } from './arrayRecord';
import { placeOf, type ArraysReader } from './arraysReader';

export class ArrayPlaces {
  readonly #waiting = new Map<string, ArrayPlace>();

  /** null: no array of ours. */
  add(datum: Datum): ArrayPlace | null {
    const place = placeOf(datum);
    if (place) this.#waiting.set(datum.datum_id, place);
    return place;
  }

  /** Where the array of an event is; null for a value that is none. It is forgotten then. */
  take(value: DataValue | undefined): ArrayPlace | null {
    if (typeof value !== 'string') return null;
    const place = this.#waiting.get(value) ?? null;
    this.#waiting.delete(value);
    return place;
  }
}

/** The event with its arrays, as a plan was told it: long ones are left out, and what can't be read any more is empty. */
export async function toldArrays(event: Event, places: ArrayPlaces, reader: ArraysReader): Promise<Event> {
  const data: Record<string, DataValue> = { ...event.data };
  for (const key of Object.keys(event.filled ?? {})) {
    const place = places.take(event.data[key]);
    if (!place || elementsOf(place.shape) > longestTold) delete data[key];
    else data[key] = await reader.read(place) ?? [];
  }
  return { ...event, data };
}
