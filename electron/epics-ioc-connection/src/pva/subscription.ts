// One MONITOR on the wire, shared by all listeners of a channel that ask for the same; renewed after every reconnect.
// A monitor starts stopped; with a pipeline the server sends no more than was acknowledged; 0x10 marks the last update.
import type { Disposable } from '../api';
import type { RequestSink } from './clientConnection';
import type { ConnectionLink } from './connectionLink';
import { buildPvRequest, commands, isSuccess, parsePvRequest, statusWords, subcommands, writeMonitorAck, writeOperation } from './protocol';
import type { Field, Status, StructureField, WireReader } from './protocol';
import type { PvaWireChannel } from './wireChannel';

export interface UpdateListener<Update> {
  update(update: Update): void;
  /** The server ended the monitor: no more updates until the channel connects anew. */
  ended?(status: Status): void;
}

/** No request any more, and none to be made on this connection. */
const ended = -1;

/** One listener of it. */
class Follower<Update> implements Disposable {
  active = true;

  constructor(private readonly subscription: PvaSubscription<Update>, readonly listener: UpdateListener<Update>) {}

  dispose(): void {
    if (!this.active) return;
    this.active = false;
    this.subscription.remove(this);
  }
}

/** What an update is to its listeners is said by those that extend it. */
export abstract class PvaSubscription<Update> implements RequestSink {
  readonly command = commands.MONITOR;
  private followers: readonly Follower<Update>[] = [];
  /** Of this connection: which update was the last that a listener saw. */
  private updates = 0;
  private link: ConnectionLink | null = null;
  private requestId: number | null = null;
  private field: StructureField | null = null;
  private unacknowledged = 0;

  /** `window`: updates under way with a pipeline; 0: without. */
  constructor(protected readonly channel: PvaWireChannel, private readonly request: string, private readonly window: number) {}

  /** It may be shared by who asks for this. One that its server has ended stays so until the channel connects anew: who asks then has one of his own. */
  fits(request: string, window: number): boolean { return this.request === request && this.window === window && this.requestId !== ended; }

  /** The update in a message, after its head. Null: it is nothing to tell. */
  protected abstract read(reader: WireReader, field: StructureField, link: ConnectionLink): Update | null;
  /** What the listeners have, for one that comes late; null: nothing yet, or it is not current any more. */
  protected abstract latest(): Update | null;
  protected abstract forget(): void;

  /** The last one that is disposed ends the subscription. */
  add(listener: UpdateListener<Update>): Disposable {
    const follower = new Follower(this, listener);
    this.followers = this.followers.concat(follower);
    const { updates } = this;
    // A late comer gets the value that the others have, whole, after its own call has returned.
    if (updates > 0) this.channel.host.clock.soon(() => {
      const latest = this.updates === updates ? this.latest() : null;
      if (latest !== null) this.tell(follower, latest);
    });
    return follower;
  }

  remove(follower: Follower<Update>): void {
    this.followers = this.followers.filter((other) => other !== follower);
    if (this.followers.length === 0) this.channel.unsubscribe(this);
  }

  /** The channel is there: subscribe. */
  start(): void {
    if (this.requestId !== null) return;
    const { channel } = this;
    this.link = channel.connection();
    this.unacknowledged = 0;
    const request = parsePvRequest(this.request);
    const piped = this.window > 0 ? { ...request, options: { ...request.options, pipeline: 'true', queueSize: String(this.window) } } : request;
    this.requestId = this.link.wire.begin(this, channel.serverId, buildPvRequest(piped), this.window > 0 ? this.window : undefined);
    channel.flush();
  }

  /** Nobody listens any more. */
  cancel(): void {
    const { requestId, link } = this;
    if (requestId !== null && link) {
      link.wire.end(this.channel.serverId, requestId, this.field, true);
      link.flushSoon();
    }
    this.reset();
  }

  /** The channel is gone from its server; what was read is not current any more. */
  lost(): void {
    if (this.requestId !== null) this.link?.wire.forget(this.requestId);
    this.reset();
  }

  initialised(status: Status, fields: readonly Field[]): void {
    const [field] = fields;
    if (!isSuccess(status) || field?.kind !== 'structure') {
      const why = isSuccess(status) ? 'it is not a structure' : statusWords(status);
      if (this.requestId !== null) this.link?.wire.forget(this.requestId);
      // Not tried again before the channel connects anew.
      this.channel.warn('MONITOR_FAILED', `The server cannot send updates of "${this.channel.name}": ${why}.`);
      return this.end(isSuccess(status) ? { type: 'ERROR', message: why, callTree: '' } : status);
    }
    this.field = field;
    const { link, requestId, channel } = this;
    if (!link || requestId === null) return undefined;
    writeOperation(link.wire.out, commands.MONITOR, { serverId: channel.serverId, requestId, subcommand: subcommands.start });
    return link.flushSoon();
  }

  answered(status: Status | null, subcommand: number, reader: WireReader): void {
    const { field, link } = this;
    if (!field || !link) return;
    const last = (subcommand & subcommands.finish) !== 0;
    if (!last || reader.remaining > 0) {
      const update = this.read(reader, field, link);
      if (this.window > 0) this.acknowledge();
      if (update !== null) {
        this.updates += 1;
        const { followers } = this;
        for (let i = 0; i < followers.length; i += 1) this.tell(followers[i] as Follower<Update>, update);
      }
    }
    if (!last) return;
    if (this.requestId !== null) link.wire.forget(this.requestId);
    this.end(status ?? { type: 'OK', message: '', callTree: '' });
  }

  tooLarge(): void {
    const { channel } = this;
    channel.warn('TOO_LARGE', `An update of "${channel.name}" is larger than this client accepts: its monitor was stopped. Raise maxMessageBytes.`);
    const { requestId, link } = this;
    if (requestId !== null && link) link.wire.end(channel.serverId, requestId, this.field, true);
    this.end({ type: 'ERROR', message: 'larger than this client accepts', callTree: '' });
  }

  dropped(): void { this.reset(); }

  private acknowledge(): void {
    const { link, requestId, channel, window } = this;
    if (!link || requestId === null) return;
    this.unacknowledged += 1;
    // Half a window at a time, and the very first at once where the window is small: a server with nothing left would wait for ever.
    if (this.unacknowledged * 2 < window) return;
    writeMonitorAck(link.wire.out, { serverId: channel.serverId, requestId }, this.unacknowledged);
    this.unacknowledged = 0;
    link.flushSoon();
  }

  /** The server sends no more; the last value stays with those who have it. */
  private end(status: Status): void {
    this.requestId = ended;
    this.updates = 0;
    this.forget();
    for (const follower of this.followers) {
      try {
        if (follower.active) follower.listener.ended?.(status);
      } catch (error) {
        this.channel.host.listenerFailed(error);
      }
    }
  }

  private reset(): void {
    this.requestId = null;
    this.link = null;
    this.field = null;
    this.updates = 0;
    this.forget();
  }

  private tell(follower: Follower<Update>, update: Update): void {
    if (!follower.active) return;
    try {
      follower.listener.update(update);
    } catch (error) {
      this.channel.host.listenerFailed(error);
    }
  }
}
