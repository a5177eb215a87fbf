// PVs by Channel Access: values and alarms by one subscription, limits and states by a second one on DBE_PROPERTY, so that they follow the IOC.
import type { Channel, ChannelInfo, ChannelState, ProtocolClient, Metadata, Reading } from 'epics-ioc-connection';
import { DisposableStore } from '@shared/disposable';
import type { PvInfo, WritableValue } from '@shared/pv';
import { PvError } from './pvError';
import type { EventMask, OpenPv, PvChange, PvMetadata, PvSink, PvSource, ReadOptions, RequestOptions, SourceReading } from './pvSource';

/** Milliseconds that `info` waits after the connection for other servers that answer for the same name. */
const duplicateWait = 250;
/** Milliseconds after a reconnection until a value that no event brought is asked for: a circuit that was only silent for a while renews no monitors. */
const renewAfter = 1000;
/** Seconds for a call "without limit": near the longest that a timer can hold (2^31 ms). */
const noLimit = 2_000_000;

export class CaSource implements PvSource {
  constructor(readonly client: ProtocolClient) {}

  open(name: string, sink: PvSink, mask: EventMask = ['value', 'alarm']): OpenPv { return new CaPv(this.client.channel(name), sink, mask); }

  dispose(): Promise<void> { return this.client.close(); }
}

class CaPv implements OpenPv {
  #held = new DisposableStore();
  #started = false;
  #fresh = false;
  /** The value is of before a disconnection. */
  #stale = false;
  #renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly channel: Channel, private readonly sink: PvSink, private readonly mask: EventMask) {}

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
    this.#held.add(channel.monitor({ mask: this.mask }, (reading) => this.#onReading(reading)));
  }

  #onReading(reading: Reading): void {
    this.#stale = false;
    this.sink.change({ connection: 'connected', staleSince: null, ...changeOf(reading) });
  }

  #onState(state: ChannelState, info: ChannelInfo | null): void {
    if (state === 'connected' && info) {
      this.sink.change({ connection: 'connected', type: info.type, count: info.count, access: info.access, host: info.host });
      if (this.#stale) this.#renewal = setTimeout(() => void this.#renew(), renewAfter);
    } else if (state === 'disconnected') {
      clearTimeout(this.#renewal);
      this.#fresh = false;
      this.#stale = true;
      this.sink.change({ connection: 'disconnected' });
    }
  }

  async #renew(): Promise<void> {
    if (!this.#stale) return;
    try {
      const reading = await this.channel.get();
      if (this.#stale && this.channel.connected) this.#onReading(reading);
    } catch {
      // Still stale, and shown so: the next event or reconnection brings it back.
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
    const { type, count, access, host, searchTime, duplicates, minorVersion } = info;
    return { protocol: 'ca', type, count, access, host, searchTime, duplicates, minorVersion };
  }

  async #connected(options: RequestOptions): Promise<ChannelInfo> {
    return this.channel.connected && this.channel.info ? this.channel.info : this.channel.whenConnected(requestOf(options));
  }

  dispose(): void {
    clearTimeout(this.#renewal);
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
