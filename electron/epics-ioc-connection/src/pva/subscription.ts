// One MONITOR on the wire, shared by all listeners of a channel that ask for the same; renewed after every reconnect.
// A monitor starts stopped; with a pipeline the server sends no more than was acknowledged; 0x10 marks the last update.
import type { RequestSink } from './clientConnection';
import type { ConnectionLink } from './connectionLink';
import { buildPvRequest, commands, defaultValue, isSuccess, parsePvRequest, readMonitorUpdate, subcommands, writeMonitorAck, writeOperation } from './protocol';
import type { BitSet, Field, PvaStructure, Status, StructureField, WireReader } from './protocol';
import type { PvaWireChannel } from './wireChannel';

export interface StructureUpdate {
  readonly field: StructureField;
  /** The whole value, with what changed now. What did not change is the same object as before. */
  readonly value: PvaStructure;
  /** What this update brought; see `isChanged` and `changedPaths`. */
  readonly changed: BitSet;
  /** What changed more than once since the update before. */
  readonly overrun: BitSet;
}

export interface UpdateListener {
  update(update: StructureUpdate): void;
  /** The server ended the monitor: no more updates until the channel connects anew. */
  ended?(status: Status): void;
}

/** No request any more, and none to be made on this connection. */
const ended = -1;

export class PvaSubscription implements RequestSink {
  readonly command = commands.MONITOR;
  private listeners: readonly UpdateListener[] = [];
  private last: StructureUpdate | null = null;
  private link: ConnectionLink | null = null;
  private requestId: number | null = null;
  private field: StructureField | null = null;
  private unacknowledged = 0;

  /** `window`: updates under way with a pipeline; 0: without. */
  constructor(private readonly channel: PvaWireChannel, private readonly request: string, private readonly window: number) {}

  get used(): boolean { return this.listeners.length > 0; }
  /** It may be shared by who asks for this. One that its server has ended stays so until the channel connects anew: who asks then has one of his own. */
  fits(request: string, window: number): boolean { return this.request === request && this.window === window && this.requestId !== ended; }

  add(listener: UpdateListener): () => void {
    // Its own object, so that the same listener may be added twice and disposed one by one.
    let active = true;
    const own: UpdateListener = { update: (update) => { if (active) listener.update(update); }, ended: (status) => { if (active) listener.ended?.(status); } };
    this.listeners = [...this.listeners, own];
    const { last } = this;
    // A late comer gets the value that the others have, whole, after its own call has returned.
    if (last) {
      this.channel.host.clock.soon(() => {
        if (this.last === last && this.listeners.includes(own)) this.call(() => own.update(last));
      });
    }
    return () => {
      active = false;
      this.listeners = this.listeners.filter((other) => other !== own);
    };
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
      const why = isSuccess(status) ? 'it is not a structure' : status.message || status.type;
      if (this.requestId !== null) this.link?.wire.forget(this.requestId);
      // Not tried again before the channel connects anew.
      this.channel.warn('MONITOR_FAILED', `The server cannot send updates of "${this.channel.name}": ${why}.`);
      return this.call(() => this.end(isSuccess(status) ? { type: 'ERROR', message: why, callTree: '' } : status));
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
      const before = this.last?.value ?? defaultValue(field) as PvaStructure;
      const update: StructureUpdate = { field, ...readMonitorUpdate(reader, field, link.wire.typeCache, before) };
      this.last = update;
      this.acknowledge();
      for (const listener of this.listeners) this.call(() => listener.update(update));
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
    if (window === 0 || !link || requestId === null) return;
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
    this.last = null;
    for (const listener of this.listeners) this.call(() => listener.ended?.(status));
  }

  private reset(): void {
    this.requestId = null;
    this.link = null;
    this.field = null;
    this.last = null;
  }

  private call(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.channel.host.listenerFailed(error);
    }
  }
}
