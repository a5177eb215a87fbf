// A Channel Access client in memory for tests: PVs that a test serves, takes away and changes.
import type {
  Access, Channel, ChannelInfo, ChannelState, ClientStatistics, GetOptions, Metadata, MonitorOptions, NativeType, ProtocolClient, PutOptions, PvValue, Reading, WritableValue,
} from 'epics-ioc-connection';

class Coded extends Error {
  constructor(readonly code: string, message: string) { super(message); }
}

interface Served { type: NativeType; value: PvValue; capacity: number; metadata: Metadata; access: Access; onPut?: (value: WritableValue, options: PutOptions) => Promise<void> }
interface Monitor { options: MonitorOptions; listener: (reading: Reading) => void }

export class MemoryClient implements ProtocolClient {
  readonly channels: MemoryChannel[] = [];
  readonly puts: { pv: string; value: WritableValue; wait: boolean }[] = [];
  closed = false;
  #served = new Map<string, Served>();
  statistics: ClientStatistics = {
    channels: 0, connected: 0, circuits: 0, searchesSent: 0, datagramsSent: 0, repliesReceived: 0, bytesReceived: 0, bytesSent: 0, eventsReceived: 0,
  };

  /** Makes a PV exist; channels that wait for it connect. */
  serve(name: string, pv: Partial<Served> & { value: PvValue }): void {
    this.#served.set(name, { type: 'DOUBLE', capacity: 1, metadata: {}, access: { read: true, write: true }, ...pv });
    for (const channel of this.channels) if (channel.name === name) channel.connect();
  }

  /** The IOC goes away. */
  drop(name: string): void {
    this.#served.delete(name);
    for (const channel of this.channels) if (channel.name === name) channel.lose();
  }

  post(name: string, value: PvValue): void {
    const served = this.served(name);
    served.value = value;
    for (const channel of this.channels) if (channel.name === name) channel.post(['value', 'log']);
  }

  describe(name: string, metadata: Metadata): void {
    this.served(name).metadata = metadata;
    for (const channel of this.channels) if (channel.name === name) channel.post(['property']);
  }

  /** Changes what the IOC says, without an event. */
  describeSilently(name: string, metadata: Metadata): void { this.served(name).metadata = metadata; }

  has(name: string): boolean { return this.#served.has(name); }
  served(name: string): Served {
    const served = this.#served.get(name);
    if (!served) throw new Coded('TIMEOUT', `"${name}" was not found.`);
    return served;
  }

  channel(name: string): MemoryChannel {
    const channel = new MemoryChannel(this, name);
    this.channels.push(channel);
    if (this.has(name)) queueMicrotask(() => channel.connect());
    return channel;
  }

  onWarning(): { dispose(): void } { return { dispose() { /* none is given */ } }; }
  async close(): Promise<void> { this.closed = true; }
}

export class MemoryChannel implements Channel {
  state: ChannelState = 'never';
  monitors = new Set<Monitor>();
  #states = new Set<(state: ChannelState, info: ChannelInfo | null) => void>();
  #access = new Set<(access: Access) => void>();

  constructor(private readonly client: MemoryClient, readonly name: string) {}

  get connected(): boolean { return this.state === 'connected'; }
  get info(): ChannelInfo | null {
    if (!this.connected || !this.client.has(this.name)) return null;
    const { type, capacity, access } = this.client.served(this.name);
    return { name: this.name, type, count: capacity, access, host: '10.0.0.1:5064', searchTime: 1.5, duplicates: ['10.0.0.2:5064'], minorVersion: 13, tls: null };
  }

  connect(): void {
    if (this.state === 'closed' || this.connected) return;
    this.#to('connected');
    for (const monitor of this.monitors) monitor.listener(this.#reading(monitor.options.metadata ?? false));
  }

  lose(): void { if (this.connected) this.#to('disconnected'); }

  tellAccess(access: Access): void { for (const listener of this.#access) listener(access); }

  post(kinds: readonly string[]): void {
    for (const monitor of this.monitors) {
      if (this.connected && monitor.options.mask?.some((kind) => kinds.includes(kind))) monitor.listener(this.#reading(monitor.options.metadata ?? false));
    }
  }

  async whenConnected(): Promise<ChannelInfo> {
    await Promise.resolve();
    const { info } = this;
    if (!info) throw new Coded('TIMEOUT', `"${this.name}" was not found.`);
    return info;
  }

  async get(options: GetOptions = {}): Promise<Reading> {
    await Promise.resolve();
    return this.#reading(options.metadata ?? false);
  }

  async put(value: WritableValue, options: PutOptions = {}): Promise<void> {
    const served = this.client.served(this.name);
    this.client.puts.push({ pv: this.name, value, wait: options.wait ?? false });
    await served.onPut?.(value, options);
  }

  monitor(options: MonitorOptions, listener: (reading: Reading) => void): { dispose(): void } {
    const monitor = { options, listener };
    this.monitors.add(monitor);
    if (this.connected) queueMicrotask(() => { if (this.monitors.has(monitor)) listener(this.#reading(options.metadata ?? false)); });
    return { dispose: () => this.monitors.delete(monitor) };
  }

  onState(listener: (state: ChannelState, info: ChannelInfo | null) => void): { dispose(): void } {
    this.#states.add(listener);
    return { dispose: () => this.#states.delete(listener) };
  }

  onAccess(listener: (access: Access) => void): { dispose(): void } {
    this.#access.add(listener);
    return { dispose: () => this.#access.delete(listener) };
  }

  close(): void { this.state = 'closed'; }

  #to(state: ChannelState): void {
    this.state = state;
    for (const listener of [...this.#states]) listener(state, this.info);
  }

  #reading(metadata: boolean): Reading {
    const served = this.client.served(this.name);
    const { type, value } = served;
    const count = typeof value === 'object' ? value.length : 1;
    const reading: Reading = { type, value, count, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: metadata ? null : { seconds: 1_700_000_000, nanoseconds: 5 } };
    return metadata ? { ...reading, metadata: served.metadata } : reading;
  }
}

export { Coded as CodedError };
