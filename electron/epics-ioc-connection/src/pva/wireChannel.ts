// A channel as the wire knows it: one per name of a client, shared by all handles (`channel.ts`) of it.
import type { ChannelInfo, ChannelState } from '../api';
import type { Deadlines } from '../ca/deadlines';
import { DisconnectedError } from '../ca/errors';
import { Listeners } from '../ca/listeners';
import { Setbacks } from '../link/setbacks';
import type { Clock, Timer } from '../transport/transport';
import type { RequestSink } from './clientConnection';
import type { ConnectionLink } from './connectionLink';
import { Operation } from './operation';
import type { OperationUser } from './operation';
import { commands } from './protocol';
import type { Field, OperationCommand } from './protocol';
import type { AnyPvaRequest } from './requests';
import { nativeTypeOf } from './reading';
import { PvaSubscription } from './subscription';
import type { UpdateListener } from './subscription';

/** What a channel needs of its client. */
export interface ChannelHost {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** What to look at when a name is not found. */
  readonly addressHint: string;
  warn(warning: { code: string; message: string; pv?: string; host?: string }): void;
  listenerFailed(error: unknown): void;
  released(channel: PvaWireChannel): void;
}

/** `count` is 0 for an array of any length; `minorVersion` is the protocol revision of the server. */
export interface PvaChannelInfo extends ChannelInfo {
  /** The type of the whole channel; null where the server does not describe it (one for RPC only). */
  readonly field: Field | null;
  /** Of the server process: changes when it restarts. */
  readonly guid: string;
}

/** Operations of one kind that are kept for the next request. */
const maxIdle = 4;
/** Milliseconds that a channel waits for its description until it counts as connected without. */
const describePatience = 2000;

export class PvaWireChannel {
  state: ChannelState = 'never';
  info: PvaChannelInfo | null = null;
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
  readonly duplicates = new Set<string>();
  /** Requests that wait for the connection. */
  readonly waiting = new Set<AnyPvaRequest>();
  /** Requests on the wire that are no operations. */
  readonly requests = new Set<{ channelLost(): void }>();
  readonly stateListeners: Listeners<[ChannelState, PvaChannelInfo | null]>;
  private readonly subscriptions = new Set<PvaSubscription>();
  private readonly idle = new Map<string, Operation[]>();
  private readonly operations = new Set<Operation>();
  private patience: Timer | null = null;
  private describing: { channelLost(): void } | null = null;

  constructor(readonly host: ChannelHost, readonly name: string, readonly clientId: number) {
    this.stateListeners = new Listeners((error) => host.listenerFailed(error));
  }

  get connected(): boolean { return this.state === 'connected'; }

  /** The connection of a created channel. */
  connection(): ConnectionLink {
    if (!this.link || !this.created) throw new DisconnectedError(`"${this.name}" is disconnected. It is being searched for: try again.`, this.name);
    return this.link;
  }

  flush(): void { this.link?.flushSoon(); }

  /** An operation for `user`: one that is free, or a new one. */
  operation(command: OperationCommand, request: string, user: OperationUser): Operation | null {
    const key = `${command} ${request}`;
    const free = this.idle.get(key)?.pop();
    if (free) {
      free.use(user);
      return free;
    }
    const operation = new Operation({
      link: this.connection(), serverId: this.serverId,
      idle: (done) => {
        const list = this.idle.get(key) ?? [];
        this.idle.set(key, list);
        if (list.length < maxIdle) list.push(done);
        else done.destroy();
      },
      ended: (gone) => this.operations.delete(gone),
    }, command, request, user);
    this.operations.add(operation);
    return operation;
  }

  subscribe(request: string, window: number, listener: UpdateListener): () => void {
    const subscription = [...this.subscriptions].find((each) => each.fits(request, window)) ?? new PvaSubscription(this, request, window);
    const remove = subscription.add(listener);
    if (this.created) {
      try {
        subscription.start();
      } catch (error) {
        remove();
        throw error;
      }
    }
    this.subscriptions.add(subscription);
    return () => {
      remove();
      if (!subscription.used && this.subscriptions.delete(subscription)) subscription.cancel();
    };
  }

  /** CREATE_CHANNEL was answered. */
  onCreated(serverId: number): void {
    const { link } = this;
    if (!link) return;
    this.serverId = serverId;
    this.created = true;
    this.setbacks.created(this.host.clock.now());
    this.describe(link);
    for (const subscription of this.subscriptions) subscription.start();
    this.startWaiting();
  }

  /** Asks for the type; the channel counts as connected once it is known, or known not to come. */
  private describe(link: ConnectionLink): void {
    let done = false;
    const finish = (field: Field | null): void => {
      if (done || this.link !== link || !this.created) return;
      done = true;
      this.patience?.cancel();
      if (this.describing) this.requests.delete(this.describing);
      this.setConnected(field);
    };
    const sink: RequestSink = {
      command: commands.GET_FIELD,
      initialised: (_status, [field]) => finish(field ?? null),
      answered: () => undefined, tooLarge: () => finish(null), dropped: () => { done = true; },
    };
    const requestId = link.wire.getField(sink, this.serverId, '');
    this.describing = { channelLost: () => link.wire.forget(requestId) };
    this.requests.add(this.describing);
    const { clock, deadlines } = this.host;
    const limit = { deadline: clock.now() + describePatience, expired: () => finish(null) };
    deadlines.add(limit);
    this.patience = { cancel: () => deadlines.remove(limit) };
    this.flush();
  }

  /** The channel is gone from its server. */
  onLost(): void {
    this.dropRequests();
    this.link = null;
    this.created = false;
    if (this.connected) this.setState('disconnected');
  }

  private dropRequests(): void {
    this.patience?.cancel();
    for (const subscription of this.subscriptions) subscription.lost();
    const operations = [...this.operations];
    const requests = [...this.requests];
    this.operations.clear();
    this.idle.clear();
    this.requests.clear();
    for (const operation of operations) operation.channelLost();
    for (const request of requests) request.channelLost();
  }

  addDuplicate(server: string): void {
    this.duplicates.add(server);
    if (this.info) this.info = { ...this.info, duplicates: [...this.duplicates] };
  }

  release(): void {
    this.handles -= 1;
    if (this.handles === 0) this.host.released(this);
  }

  /** For good. The server forgets its requests with the channel. */
  close(): void {
    for (const request of [...this.waiting]) request.cancelled();
    this.dropRequests();
    this.subscriptions.clear();
    this.link = null;
    this.created = false;
    this.setState('closed');
    this.stateListeners.clear();
  }

  warn(code: string, message: string): void {
    this.host.warn({ code, message, pv: this.name, ...(this.link ? { host: this.link.server } : {}) });
  }

  private setConnected(field: Field | null): void {
    const link = this.connection();
    const { type, count } = nativeTypeOf(field);
    this.info = {
      name: this.name, type, count, access: { read: true, write: true }, host: link.server, searchTime: this.searchTime,
      duplicates: [...this.duplicates], minorVersion: link.wire.revision, field, guid: this.guid,
    };
    this.setState('connected');
    this.startWaiting();
  }

  private startWaiting(): void {
    for (const request of [...this.waiting]) {
      if (!request.canStart) continue;
      this.waiting.delete(request);
      request.tryStart();
    }
  }

  private setState(state: ChannelState): void {
    if (this.state === state) return;
    this.state = state;
    this.stateListeners.emit(state, this.info);
  }
}
