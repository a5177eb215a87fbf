// A channel as the wire knows it: one per name and priority of a client, shared by all handles (`channel.ts`) of it.
import type { Access, ChannelInfo, ChannelState, Disposable } from '../api';
import type { Clock } from '../transport/transport';
import type { NativeType, Reading } from '../value';
import { nativeTypes } from '../value';
import type { CircuitLink } from './circuitLink';
import type { Deadlines } from './deadlines';
import type { CaError } from './errors';
import { DisconnectedError, RequestError } from './errors';
import { Listeners } from './listeners';
import { Setbacks } from '../link/setbacks';
import { dbrCode } from './protocol/dbrTypes';
import type { AnyRequest } from './requests';
import { Subscription } from './subscription';
import type { SubscriptionKind } from './subscription';

/** What a channel needs of its client. */
export interface ChannelHost {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** What to look at when a name is not found. */
  readonly addressHint: string;
  warn(warning: { code: string; message: string; pv?: string; host?: string }): void;
  readonly listenerFailed: (error: unknown) => void;
  released(channel: WireChannel): void;
}

const openAccess: Access = { read: true, write: true };
/** Of most channels, so that each needs no list of its own. */
const noServers: readonly string[] = [];
const noSubscriptions: readonly Subscription[] = [];

export class WireChannel {
  state: ChannelState = 'never';
  access: Access = openAccess;
  link: CircuitLink | null = null;
  serverId = 0;
  handles = 0;
  /** When the present search began, ms. */
  searchStarted = -1;
  searchTime = 0;
  /** Answers to datagrams before this one are stale. */
  searchSequence = 0;
  /** The present search is not its first. */
  searchedBefore = false;
  readonly setbacks = new Setbacks();
  /** Other servers that answered, `host:port`. */
  duplicates: readonly string[] = noServers;
  /** Why no request can be served, though the server has the channel; null: they can. */
  unusable: CaError | null = null;
  /** Requests that wait for the connection, where there are any. */
  waiting: AnyRequest[] | null = null;
  private listeners: Listeners<[ChannelState, ChannelInfo | null]> | null = null;
  private accessed: Listeners<[Access]> | null = null;
  private subscriptions = noSubscriptions;
  /** Made when it is asked for: few want to know it of a thousand channels. */
  private told: ChannelInfo | null = null;
  private type: NativeType = 'DOUBLE';
  private capacity = 1;
  /** The server has it, whether or not it answers just now. */
  created = false;

  constructor(readonly host: ChannelHost, readonly name: string, readonly priority: number, readonly clientId: number) {}

  get stateListeners(): Listeners<[ChannelState, ChannelInfo | null]> { return this.listeners ??= new Listeners(this.host.listenerFailed); }
  get accessListeners(): Listeners<[Access]> { return this.accessed ??= new Listeners(this.host.listenerFailed); }

  get connected(): boolean { return this.state === 'connected'; }
  /** Since it was connected first. */
  get info(): ChannelInfo | null { return this.told ??= this.created && this.link ? this.infoOf(this.link) : null; }
  get nativeType(): NativeType { return this.type; }
  get nativeCount(): number { return this.capacity; }
  /** Its values are numbers and strings, not arrays. */
  get scalar(): boolean { return this.capacity === 1; }

  /** The circuit of a connected channel. */
  wire(): CircuitLink {
    if (!this.link) throw new DisconnectedError(`"${this.name}" is disconnected. It is being searched for: try again.`, this.name);
    return this.link;
  }

  flush(): void { this.link?.flushSoon(); }

  /** Started once the channel is connected. */
  wait(request: AnyRequest): void {
    if (this.waiting) this.waiting.push(request);
    else this.waiting = [request];
  }

  /** It is over. */
  stopWaiting(request: AnyRequest): void {
    const at = this.waiting?.indexOf(request) ?? -1;
    if (at >= 0) this.waiting?.splice(at, 1);
  }

  dbrFor(form: 'time' | 'ctrl', asString: boolean): number {
    return dbrCode(asString ? 'STRING' : this.type, form);
  }

  /** `wanted` 0: all that there is, by a dynamic count where the server has it (v4.13). */
  countFor(wanted: number): number {
    if (wanted > 0) return Math.min(wanted, this.capacity);
    if (this.capacity === 1) return 1;
    return this.wire().circuit.minorVersion >= 13 ? 0 : this.capacity;
  }

  subscribe(kind: SubscriptionKind, listener: (reading: Reading) => void): Disposable {
    let subscription = this.subscriptions.find((known) => known.is(kind));
    if (!subscription) {
      subscription = new Subscription(this, kind);
      this.subscriptions = this.subscriptions.concat(subscription);
    }
    const follower = subscription.add(listener);
    if (this.connected) subscription.start();
    return follower;
  }

  /** Nobody listens to it any more. */
  unsubscribe(subscription: Subscription): void {
    if (!this.subscriptions.includes(subscription)) return;
    this.subscriptions = this.subscriptions.filter((other) => other !== subscription);
    subscription.cancel();
  }

  /** CREATE_CHAN was answered. */
  onCreated(serverId: number, dataType: number, count: number): void {
    if (!this.link) return;
    const type = nativeTypes[dataType];
    if (type === undefined) return this.refuseType(serverId, dataType);
    this.unusable = null;
    this.serverId = serverId;
    this.type = type;
    this.capacity = Math.max(1, count);
    this.created = true;
    this.setbacks.created(this.link.circuit.heardAt);
    this.setConnected();
  }

  /** A server with a type that Channel Access has not: nothing that is asked of it can be answered. */
  private refuseType(serverId: number, dataType: number): void {
    const link = this.wire();
    link.circuit.clearChannel(serverId, this.clientId);
    this.flush();
    const text = `"${this.name}" is of data type ${dataType} on ${link.server}, which Channel Access has not (0 to 6): it cannot be read or written. Ask who runs that server.`;
    this.unusable = new RequestError('BAD_TYPE', text, this.name);
    this.warn('BAD_TYPE', text);
    for (const request of [...this.waiting ?? []]) request.fail(this.unusable);
  }

  onAccess(access: Access): void {
    const readable = access.read && !this.access.read;
    this.access = access;
    if (this.told) this.told = { ...this.told, access };
    this.accessed?.emit(access);
    // What was read is not current any more, and the IOC will not say so.
    if (!access.read) for (const subscription of this.subscriptions) subscription.forget();
    if (readable && this.connected) for (const subscription of this.subscriptions) subscription.start();
  }

  /** The server speaks again on a circuit that was silent: the channel and its subscriptions still exist there. */
  onResponsive(): void {
    if (this.created && this.link) this.setConnected();
  }

  /** The circuit is silent: not to be trusted, and not given up yet. */
  onUnresponsive(): void {
    if (this.connected) this.setState('disconnected');
  }

  /** The channel is gone from its server. */
  onLost(): void {
    for (const subscription of this.subscriptions) subscription.lost();
    this.keepInfo();
    this.link = null;
    this.created = false;
    this.unusable = null;
    this.access = openAccess;
    if (this.connected) this.setState('disconnected');
  }

  addDuplicate(server: string): void {
    this.duplicates = [...this.duplicates, server];
    if (this.told) this.told = { ...this.told, duplicates: this.duplicates };
  }

  forgetDuplicates(): void { this.duplicates = noServers; }

  release(): void {
    this.handles -= 1;
    if (this.handles === 0) this.host.released(this);
  }

  /** For good. */
  close(): void {
    for (const request of [...this.waiting ?? []]) request.cancelled();
    this.subscriptions = noSubscriptions;
    this.keepInfo();
    this.link = null;
    this.setState('closed');
    this.listeners?.clear();
    this.accessed?.clear();
  }

  warn(code: string, message: string): void {
    this.host.warn({ code, message, pv: this.name, ...(this.link ? { host: this.link.server } : {}) });
  }

  private setConnected(): void {
    this.told = null;
    // No iterators: a thousand channels come at once, in code that has not been compiled yet.
    const { subscriptions } = this;
    for (let i = 0; i < subscriptions.length; i += 1) (subscriptions[i] as Subscription).resume();
    this.setState('connected');
    const { waiting } = this;
    this.waiting = null;
    if (waiting) for (let i = 0; i < waiting.length; i += 1) (waiting[i] as AnyRequest).tryStart();
  }

  private infoOf({ server, circuit: { minorVersion } }: CircuitLink): ChannelInfo {
    const { name, type, capacity: count, access, searchTime, duplicates } = this;
    return { name, type, count, access, host: server, searchTime, duplicates, minorVersion, tls: null };
  }

  /** What it was is known when it is gone. */
  private keepInfo(): void { this.told = this.info; }

  private setState(state: ChannelState): void {
    if (this.state === state) return;
    this.state = state;
    this.listeners?.emit(state, this.info);
  }
}
