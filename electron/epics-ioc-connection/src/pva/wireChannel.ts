// A channel as the wire knows it: one per name of a client, shared by all handles (`channel.ts`) of it.
import type { ChannelInfo, ChannelState, Disposable } from '../api';
import type { Deadlines } from '../ca/deadlines';
import { DisconnectedError } from '../ca/errors';
import type { CaError } from '../ca/errors';
import { Listeners } from '../ca/listeners';
import { Setbacks } from '../link/setbacks';
import type { Clock } from '../transport/transport';
import type { Reading } from '../value';
import type { Obstacle } from './clientSecurity';
import type { ConnectionLink } from './connectionLink';
import { Description } from './description';
import { Operation } from './operation';
import type { OperationUser } from './operation';
import type { Field, OperationCommand } from './protocol';
import type { AnyPvaRequest } from './requests';
import { nativeTypeOf } from './reading';
import { ReadingSubscription } from './readingSubscription';
import { StructureSubscription } from './structureSubscription';
import type { StructureUpdate } from './structureSubscription';
import type { PvaSubscription, UpdateListener } from './subscription';

type AnySubscription = Pick<PvaSubscription<unknown>, 'start' | 'lost' | 'cancel'>;

/** What a channel needs of its client. */
export interface ChannelHost {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** What to look at when a name is not found. */
  readonly addressHint: string;
  warn(warning: { code: string; message: string; pv?: string; host?: string }): void;
  readonly listenerFailed: (error: unknown) => void;
  released(channel: PvaWireChannel): void;
}

/** `count` is 0 for an array of any length; `minorVersion` is the protocol revision of the server. */
export interface PvaChannelInfo extends ChannelInfo {
  /** The type of the whole channel; null where the server does not describe it (one for RPC only), or was not asked (see `whenReachable`). */
  readonly field: Field | null;
  /** Of the server process: changes when it restarts. */
  readonly guid: string;
}

/** Operations of one kind that are kept for the next request. */
const maxIdle = 4;
/** Milliseconds that a channel waits for its description until it counts as connected without. */
const describePatience = 2000;
/** Of most channels, so that each needs no list of its own. */
const noServers: readonly string[] = [];
const noSubscriptions: readonly AnySubscription[] = [];

export class PvaWireChannel {
  state: ChannelState = 'never';
  link: ConnectionLink | null = null;
  guid = '';
  serverId = 0;
  /** The server has it. */
  created = false;
  handles = 0;
  /** When the present search began, ms. */
  searchStarted = 0;
  searchTime = 0;
  readonly setbacks = new Setbacks();
  /** Other servers that answered, `host:port`. */
  duplicates: readonly string[] = noServers;
  /** Why the server that was found last cannot be used. */
  obstacle: Obstacle | null = null;
  /** Requests that wait for the connection, where there are any. */
  waiting: AnyPvaRequest[] | null = null;
  private listeners: Listeners<[ChannelState, PvaChannelInfo | null]> | null = null;
  private subscriptions = noSubscriptions;
  /** Requests on the wire that are no operations. */
  private requests: Set<{ channelLost(): void }> | null = null;
  /** Free ones, by command and request. */
  private idle: Map<string, Operation[]> | null = null;
  private operations: Set<Operation> | null = null;
  /** Somebody wants to know the type: it is asked for before the channel counts as connected. */
  private typeWanted = false;
  private description: Description | null = null;
  /** The type is known, or known not to come. */
  described = false;
  /** What could not be shown last: not said with every update. */
  private unshown = '';
  private field: Field | null = null;
  /** Made when it is asked for: few want to know it of a thousand channels. */
  private told: PvaChannelInfo | null = null;

  constructor(readonly host: ChannelHost, readonly name: string, readonly clientId: number) {}

  /** For who will listen: they are told the type as well. */
  get stateListeners(): Listeners<[ChannelState, PvaChannelInfo | null]> {
    this.wantType();
    return this.listeners ??= new Listeners(this.host.listenerFailed);
  }

  get connected(): boolean { return this.state === 'connected'; }
  /** Since it was connected first. */
  get info(): PvaChannelInfo | null { return this.told ??= this.connected && this.link ? this.infoOf(this.link) : null; }

  /** The connection of a created channel. */
  connection(): ConnectionLink {
    if (!this.link || !this.created) throw new DisconnectedError(`"${this.name}" is disconnected. It is being searched for: try again.`, this.name);
    return this.link;
  }

  flush(): void { this.link?.flushSoon(); }

  /** An operation for `user`: one of this kind that is free, or a new one. */
  operation(command: OperationCommand, request: string, user: OperationUser, kind: string): Operation | null {
    const key = `${command} ${kind} ${request}`;
    const free = this.idle?.get(key)?.pop();
    if (free) {
      free.use(user);
      return free;
    }
    const operation = new Operation({
      link: this.connection(), serverId: this.serverId,
      idle: (done) => {
        const idle = this.idle ??= new Map();
        const list = idle.get(key) ?? [];
        idle.set(key, list);
        if (list.length < maxIdle) list.push(done);
        else done.destroy();
      },
      ended: (gone) => this.operations?.delete(gone),
    }, command, request, user);
    (this.operations ??= new Set()).add(operation);
    return operation;
  }

  subscribe(request: string, window: number, listener: UpdateListener<StructureUpdate>): Disposable {
    const known = this.subscriptions.find((other): other is StructureSubscription => other instanceof StructureSubscription && other.fits(request, window));
    return this.follow(known ?? new StructureSubscription(this, request, window), listener);
  }

  subscribeReading(request: string, listener: UpdateListener<Reading>): Disposable {
    const known = this.subscriptions.find((other): other is ReadingSubscription => other instanceof ReadingSubscription && other.fits(request, 0));
    return this.follow(known ?? new ReadingSubscription(this, request, 0), listener);
  }

  private follow<Update>(subscription: PvaSubscription<Update>, listener: UpdateListener<Update>): Disposable {
    const follower = subscription.add(listener);
    if (this.created) {
      try {
        subscription.start();
      } catch (error) {
        follower.dispose();
        throw error;
      }
    }
    if (!this.subscriptions.includes(subscription)) this.subscriptions = this.subscriptions.concat(subscription);
    return follower;
  }

  /** Nobody listens to it any more. */
  unsubscribe(subscription: AnySubscription): void {
    if (!this.subscriptions.includes(subscription)) return;
    this.subscriptions = this.subscriptions.filter((other) => other !== subscription);
    subscription.cancel();
  }

  /** Started once it can be. */
  wait(request: AnyPvaRequest): void {
    if (this.waiting) this.waiting.push(request);
    else this.waiting = [request];
  }

  /** It is over. */
  stopWaiting(request: AnyPvaRequest): void {
    const at = this.waiting?.indexOf(request) ?? -1;
    if (at >= 0) this.waiting?.splice(at, 1);
  }

  /** A request on the wire that is no operation: told when the channel goes. */
  track(request: { channelLost(): void }): void { (this.requests ??= new Set()).add(request); }
  untrack(request: { channelLost(): void }): void { this.requests?.delete(request); }

  /** CREATE_CHANNEL was answered. */
  onCreated(serverId: number): void {
    const { link } = this;
    if (!link) return;
    this.serverId = serverId;
    this.created = true;
    this.obstacle = null;
    this.setbacks.created(link.wire.heardAt);
    if (this.typeWanted) this.describe(link);
    else this.setConnected(null);
    // No iterators here and below: a thousand channels come at once, in code that has not been compiled yet.
    const { subscriptions } = this;
    for (let i = 0; i < subscriptions.length; i += 1) (subscriptions[i] as AnySubscription).start();
    this.startWaiting();
  }

  /** Connecting a thousand channels is half the work where nobody asks for their types: the server has to make each description. */
  wantType(): void {
    if (this.typeWanted) return;
    this.typeWanted = true;
    if (this.created && this.link) this.describe(this.link);
  }

  /** The channel counts as connected once the type is known, or known not to come. */
  private describe(link: ConnectionLink): void {
    this.description = new Description(link, this.serverId, describePatience, this.host.deadlines, (field) => {
      this.description = null;
      this.described = true;
      this.setConnected(field);
      this.startWaiting();
    });
  }

  /** The channel is gone from its server. */
  onLost(): void {
    this.dropRequests();
    this.keepInfo();
    this.link = null;
    this.created = this.described = false;
    if (this.connected) this.setState('disconnected');
  }

  private dropRequests(): void {
    const { description, operations, requests } = this;
    this.description = this.operations = this.requests = this.idle = null;
    description?.channelLost();
    for (const subscription of this.subscriptions) subscription.lost();
    for (const operation of operations ?? []) operation.channelLost();
    for (const request of requests ?? []) request.channelLost();
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

  /** For good. The server forgets its requests with the channel. */
  close(): void {
    for (const request of [...this.waiting ?? []]) request.cancelled();
    this.dropRequests();
    this.subscriptions = noSubscriptions;
    this.keepInfo();
    this.link = null;
    this.created = this.described = false;
    this.setState('closed');
    this.listeners?.clear();
  }

  /** An update has no value that could be shown. Neither its server nor a listener did anything wrong: it is said, once. */
  notShown({ code, message }: CaError): void {
    if (message === this.unshown) return;
    this.unshown = message;
    this.warn(code, message);
  }

  warn(code: string, message: string): void {
    this.host.warn({ code, message, pv: this.name, ...(this.link ? { host: this.link.server } : {}) });
  }

  private setConnected(field: Field | null): void {
    this.field = field;
    this.told = null;
    this.setState('connected');
  }

  private infoOf({ server, tls, wire: { revision: minorVersion } }: ConnectionLink): PvaChannelInfo {
    const { name, field, searchTime, duplicates, guid } = this;
    return { name, ...nativeTypeOf(field), access: { read: true, write: true }, host: server, searchTime, duplicates, minorVersion, field, guid, tls };
  }

  /** What it was is known when it is gone. */
  private keepInfo(): void { this.told = this.info; }

  private startWaiting(): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = null;
    for (let i = 0; i < waiting.length; i += 1) {
      const request = waiting[i] as AnyPvaRequest;
      if (request.canStart) request.tryStart();
      else this.wait(request);
    }
  }

  private setState(state: ChannelState): void {
    if (this.state === state) return;
    this.state = state;
    this.listeners?.emit(state, this.info);
  }
}
