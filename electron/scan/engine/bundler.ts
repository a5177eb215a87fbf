// Makes event-model documents of what is read (https://blueskyproject.io/event-model).
import { randomUUID } from 'node:crypto';
import type { DataKey, Descriptor, RunDocument, RunStart } from '@shared/documents';
import { dataKeyName } from '@shared/dataKeyName';
import { EndstationError } from '@shared/errors';
import type { Reading, Readings } from '@shared/messages';
import type { Readable } from '../../devices/device';

/** `events`: how many it has. */
export interface Stream { readonly descriptor: string; events: number }
interface OpenEvent { readonly stream: string; readonly devices: Map<string, Readable>; readonly data: Record<string, Reading['value']>; readonly timestamps: Record<string, number> }

export class Bundler {
  readonly #streams: Map<string, Stream>;
  #open: OpenEvent | null = null;

  /** `now`: Unix seconds. `streams`: by name, what a run that goes on has already. */
  constructor(readonly start: RunStart, private readonly emit: (document: RunDocument) => void, private readonly now: () => number, streams: ReadonlyMap<string, Stream> = new Map()) {
    this.#streams = new Map(streams);
  }

  create(stream: string): void {
    if (this.#open) throw new EndstationError('PLAN', 'The plan opened an event twice: `create` came before `save`.');
    this.#open = { stream, devices: new Map(), data: {}, timestamps: {} };
  }

  /** Readings outside an event are the plan's own business. */
  add(device: Readable, readings: Readings): void {
    const open = this.#open;
    if (!open) return;
    open.devices.set(device.name, device);
    for (const key in readings) {
      const reading = readings[key];
      if (!reading) continue;
      open.data[key] = reading.value;
      open.timestamps[key] = reading.timestamp;
    }
  }

  save(): void {
    const open = this.#open;
    if (!open) throw new EndstationError('PLAN', 'The plan saved an event that it had not opened with `create`.');
    this.#open = null;
    this.#emitEvent(open);
  }

  /** An event of its own, whatever event is open: of a stream that goes on by itself. `time`: Unix seconds of the sample. */
  record(stream: string, taken: readonly (readonly [device: Readable, readings: Readings])[], time?: number): void {
    const event: OpenEvent = { stream, devices: new Map(taken.map(([device]) => [device.name, device])), data: {}, timestamps: {} };
    for (const [, readings] of taken) {
      for (const [key, { value, timestamp }] of Object.entries(readings)) {
        event.data[key] = value;
        event.timestamps[key] = timestamp;
      }
    }
    this.#emitEvent(event, time);
  }

  /** An event of values that no device gives; the first one describes its stream. */
  note(stream: string, keys: Readonly<Record<string, DataKey>>, data: Readonly<Record<string, Reading['value']>>): void {
    const now = this.now();
    let known = this.#streams.get(stream);
    if (!known) {
      known = { descriptor: randomUUID(), events: 0 };
      this.#streams.set(stream, known);
      this.emit({ name: 'descriptor', doc: { uid: known.descriptor, run_start: this.start.uid, time: now, name: stream, data_keys: keys, object_keys: {}, configuration: {}, hints: {} } });
    }
    known.events += 1;
    this.emit({ name: 'event', doc: { uid: randomUUID(), descriptor: known.descriptor, time: now, seq_num: known.events, data, timestamps: Object.fromEntries(Object.keys(data).map((key) => [key, now])) } });
  }

  #emitEvent({ stream: name, devices, data, timestamps }: OpenEvent, time = this.now()): void {
    const stream = this.#streams.get(name) ?? this.#describe(name, devices);
    stream.events += 1;
    this.emit({ name: 'event', doc: { uid: randomUUID(), descriptor: stream.descriptor, time, seq_num: stream.events, data, timestamps } });
  }

  drop(): void {
    this.#open = null;
  }

  #describe(stream: string, devices: ReadonlyMap<string, Readable>): Stream {
    const dataKeys: Record<string, DataKey> = {};
    const objectKeys: Record<string, string[]> = {};
    const hints: Record<string, { fields: readonly string[] }> = {};
    const configuration: Record<string, Descriptor['configuration'][string]> = {};
    for (const device of devices.values()) {
      const keys = device.describe();
      Object.assign(dataKeys, keys);
      const name = dataKeyName(device.name);
      objectKeys[name] = Object.keys(keys);
      hints[name] = { fields: device.hints };
      const settings = device.configuration?.();
      const entries = Object.entries(settings?.data ?? {});
      configuration[name] = {
        data: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
        timestamps: Object.fromEntries(entries.map(([key, { timestamp }]) => [key, timestamp])),
        data_keys: settings?.keys ?? {},
      };
    }
    const described: Stream = { descriptor: randomUUID(), events: 0 };
    this.#streams.set(stream, described);
    const doc: Descriptor = {
      uid: described.descriptor, run_start: this.start.uid, time: this.now(), name: stream,
      data_keys: dataKeys, object_keys: objectKeys, configuration, hints,
    };
    this.emit({ name: 'descriptor', doc });
    return described;
  }

  stop(exitStatus: 'success' | 'abort' | 'fail', reason: string): void {
    this.#open = null;
    const counts = [...this.#streams].map(([name, { events }]) => [name, events] as const);
    this.emit({
      name: 'stop',
      doc: { uid: randomUUID(), run_start: this.start.uid, time: this.now(), exit_status: exitStatus, reason, num_events: Object.fromEntries(counts) },
    });
  }
}
