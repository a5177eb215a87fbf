// PVs by Channel Access: values and alarms by one subscription, limits and states by a second one on DBE_PROPERTY, so that they follow the IOC.
import type { Channel, ChannelInfo, ChannelState, Client, Metadata, Reading } from 'epics-ioc-connection';
import { DisposableStore } from '@shared/disposable';
import type { PvInfo, WritableValue } from '@shared/pv';
import { PvError } from './pvError';
import type { OpenPv, PvChange, PvMetadata, PvSink, PvSource, ReadOptions, RequestOptions, SourceReading } from './pvSource';

/** Milliseconds that `info` waits after the connection for other servers that answer for the same name. */
const duplicateWait = 250;
/** Seconds for a call "without limit": near the longest that a timer can hold (2^31 ms). */
const noLimit = 2_000_000;

export class CaSource implements PvSource {
  constructor(readonly client: Client) {}

  open(name: string, sink: PvSink): OpenPv { return new CaPv(this.client.channel(name), sink); }

  dispose(): Promise<void> { return this.client.close(); }
}

class CaPv implements OpenPv {
  #held = new DisposableStore();
  #started = false;
  #fresh = false;

  constructor(private readonly channel: Channel, private readonly sink: PvSink) {}

  get fresh(): boolean { return this.#fresh; }
  get capacity(): number { return this.channel.info?.count ?? 1; }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { channel, sink } = this;
    this.#held.add(channel.onState((state, info) => this.#onState(state, info)));
    this.#held.add(channel.onAccess((access) => sink.change({ access })));
    if (channel.connected) this.#onState('connected', channel.info);
    this.#held.add(channel.monitor({ mask: ['property'], metadata: true, count: 1 }, (reading) => {
      this.#fresh = true;
      sink.metadata(metadataOf(reading.metadata));
    }));
    this.#held.add(channel.monitor({ mask: ['value', 'alarm'] }, (reading) => sink.change({ connection: 'connected', staleSince: null, ...changeOf(reading) })));
  }

  #onState(state: ChannelState, info: ChannelInfo | null): void {
    if (state === 'connected' && info) {
      this.sink.change({ connection: 'connected', type: info.type, count: info.count, access: info.access, host: info.host });
    } else if (state === 'disconnected') {
      this.#fresh = false;
      this.sink.change({ connection: 'disconnected' });
    }
  }

  async read(options: ReadOptions): Promise<SourceReading> {
    const info = await this.#connected(options);
    const request = requestOf(options);
    const [reading, described] = await Promise.all([
      this.channel.get({ ...request, ...(options.as ? { as: options.as } : {}), ...(options.count === undefined ? {} : { count: options.count }) }),
      info.type === 'STRING' ? undefined : this.channel.get({ ...request, metadata: true, count: 1 }),
    ]);
    return { change: { ...connectionOf(info), ...changeOf(reading), type: info.type }, metadata: metadataOf(described?.metadata) };
  }

  async present(options: RequestOptions): Promise<SourceReading> {
    const info = await this.#connected(options);
    if (!info.access.read) return { change: connectionOf(info), metadata: {} };
    const reading = await this.channel.get({ ...requestOf(options), metadata: info.type !== 'STRING', count: 1 });
    return { change: { ...connectionOf(info), ...changeOf(reading), count: info.count, type: info.type }, metadata: metadataOf(reading.metadata) };
  }

  async write(value: WritableValue, options: RequestOptions & { readonly wait: boolean }): Promise<void> {
    await this.channel.put(value, { ...requestOf(options), wait: options.wait });
  }

  async info(options: RequestOptions): Promise<Omit<PvInfo, 'pv'>> {
    await this.#connected(options);
    await new Promise((resolve) => setTimeout(resolve, duplicateWait));
    const info = this.channel.info;
    if (!info) throw new PvError('DISCONNECTED', `${this.channel.name} was disconnected while it was asked. Try again when its server is back.`);
    const { type, count, access, host, searchTime, duplicates } = info;
    return { protocol: 'ca', type, count, access, host, searchTime, duplicates };
  }

  async #connected(options: RequestOptions): Promise<ChannelInfo> {
    return this.channel.connected && this.channel.info ? this.channel.info : this.channel.whenConnected(requestOf(options));
  }

  dispose(): void {
    this.#held.dispose();
    this.channel.close();
  }
}

function requestOf(options: RequestOptions): { timeout: number; signal?: AbortSignal } {
  return { timeout: options.timeout > 0 ? options.timeout : noLimit, ...(options.signal ? { signal: options.signal } : {}) };
}

function connectionOf(info: ChannelInfo): PvChange {
  return { connection: 'connected', staleSince: null, type: info.type, count: info.count, access: info.access, host: info.host };
}

function changeOf(reading: Reading): PvChange {
  return { value: reading.value, severity: reading.severity, status: reading.status, timestamp: reading.timestamp, count: reading.count };
}

function metadataOf(metadata: Metadata | undefined): PvMetadata {
  if (!metadata) return {};
  const { acknowledge: _acknowledge, ...rest } = metadata;
  return rest;
}
