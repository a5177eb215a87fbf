// PVs by pvAccess: values, alarms, limits and states come by one monitor, so that all of them follow the server.
import type { Channel, ChannelInfo, ChannelState, ProtocolClient, Metadata, Reading } from 'epics-ioc-connection';
import { DisposableStore } from '@shared/disposable';
import type { PvInfo, WritableValue } from '@shared/pv';
import { PvError } from './pvError';
import type { OpenPv, PvChange, PvMetadata, PvSink, PvSource, ReadOptions, RequestOptions, SourceReading } from './pvSource';

/** Milliseconds that `info` waits after the connection for other servers that answer for the same name. */
const duplicateWait = 250;
/** Seconds for a call "without limit": near the longest that a timer can hold (2^31 ms). */
const noLimit = 2_000_000;

export class PvaSource implements PvSource {
  #client: ProtocolClient | null = null;

  /** `create` is called when the first PV is opened: who uses none has no pvAccess client. */
  constructor(private readonly create: () => ProtocolClient) {}

  open(name: string, sink: PvSink): OpenPv {
    this.#client ??= this.create();
    return new PvaPv(this.#client.channel(name), sink);
  }

  async dispose(): Promise<void> { await this.#client?.close(); }
}

class PvaPv implements OpenPv {
  #held = new DisposableStore();
  #started = false;
  #fresh = false;

  constructor(private readonly channel: Channel, private readonly sink: PvSink) {}

  get fresh(): boolean { return this.#fresh; }
  /** An array of pvAccess may have any length unless its type says otherwise. */
  get capacity(): number {
    const count = this.channel.info?.count ?? 1;
    return count === 0 ? Infinity : count;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { channel, sink } = this;
    this.#held.add(channel.onState((state, info) => this.#onState(state, info)));
    if (channel.connected) this.#onState('connected', channel.info);
    // Both share one monitor on the wire.
    this.#held.add(channel.monitor({ mask: ['property'], metadata: true }, (reading) => {
      this.#fresh = true;
      sink.metadata(metadataOf(reading.metadata));
    }));
    this.#held.add(channel.monitor({ metadata: true }, (reading) => sink.change({ connection: 'connected', staleSince: null, ...changeOf(reading) })));
  }

  #onState(state: ChannelState, info: ChannelInfo | null): void {
    if (state === 'connected' && info) this.sink.change({ connection: 'connected', type: info.type, access: info.access, host: info.host });
    else if (state === 'disconnected') {
      this.#fresh = false;
      this.sink.change({ connection: 'disconnected' });
    }
  }

  async read(options: ReadOptions): Promise<SourceReading> {
    const info = await this.#connected(options);
    const reading = await this.channel.get({
      ...requestOf(options), metadata: true, ...(options.as ? { as: options.as } : {}), ...(options.count === undefined ? {} : { count: options.count }),
    });
    return { change: { ...connectionOf(info), ...changeOf(reading) }, metadata: metadataOf(reading.metadata) };
  }

  async present(options: RequestOptions): Promise<SourceReading> {
    const info = await this.#connected(options);
    const reading = await this.channel.get({ ...requestOf(options), metadata: true });
    const first = typeof reading.value === 'object' ? { value: reading.value.slice(0, 1) as typeof reading.value } : {};
    return { change: { ...connectionOf(info), ...changeOf(reading), ...first }, metadata: metadataOf(reading.metadata) };
  }

  async write(value: WritableValue, options: RequestOptions & { readonly wait: boolean }): Promise<void> {
    await this.channel.put(value, { ...requestOf(options), wait: options.wait });
  }

  async info(options: RequestOptions): Promise<Omit<PvInfo, 'pv'>> {
    await this.#connected(options);
    await new Promise((resolve) => setTimeout(resolve, duplicateWait));
    const { info, name } = this.channel;
    if (!info) throw new PvError('DISCONNECTED', `${name} was disconnected while it was asked. Try again when its server is back.`);
    const { type, count, access, host, searchTime, duplicates, tls } = info;
    return { protocol: 'pva', type, count, access, host, searchTime, duplicates, tls };
  }

  /** With its type, which is asked for where nobody wanted to know it before. */
  #connected(options: RequestOptions): Promise<ChannelInfo> { return this.channel.whenConnected(requestOf(options)); }

  dispose(): void {
    this.#held.dispose();
    this.channel.close();
  }
}

function requestOf(options: RequestOptions): { timeout: number; signal?: AbortSignal } {
  return { timeout: options.timeout > 0 ? options.timeout : noLimit, ...(options.signal ? { signal: options.signal } : {}) };
}

function connectionOf(info: ChannelInfo): PvChange {
  return { connection: 'connected', staleSince: null, access: info.access, host: info.host };
}

function changeOf(reading: Reading): PvChange {
  const { type, value, severity, status, timestamp, count, size } = reading;
  return { type, value, severity, status, timestamp, count, ...(size ? { size } : {}) };
}

function metadataOf(metadata: Metadata | undefined): PvMetadata {
  const { acknowledge: _acknowledge, ...rest } = metadata ?? {};
  return rest;
}
