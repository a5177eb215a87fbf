// The client's side of one virtual circuit. Pure: bytes in -> events, requests -> bytes out (`out`), time passed in.
// Channel Access protocol, "Virtual circuit"; one circuit per (address, port, priority).
import { ByteWriter } from '../bytes/byteWriter';
import { accessRight, commands } from './protocol/commands';
import { RemoteProtocolError } from './protocol/errors';
import type { Message } from './protocol/message';
import { MessageReader } from './protocol/messageReader';
import { commandName, readError, readSearchAnswer } from './protocol/payloads';
import type { ErrorReport, SearchAnswer } from './protocol/payloads';
import * as requests from './protocol/requests';
import { eca, isSuccess } from './protocol/status';
import { RequestTable } from './requestTable';
import type { Access } from '../api';
import type { PvValue } from '../value';

/** Milliseconds that a server has to answer an echo before it counts as unresponsive (libca: 5 s). */
export const echoTimeout = 5000;

/** By the bits of ACCESS_RIGHTS: one object for all channels with the same. */
const accesses: readonly Access[] = [0, 1, 2, 3].map((rights) => ({ read: (rights & accessRight.read) !== 0, write: (rights & accessRight.write) !== 0 }));

/** A request that waits for its answer. `message` is null where there is no value. */
export interface PendingRequest {
  answered(status: number, message: Message | null): void;
  /** The circuit went down: no answer will come. */
  dropped(): void;
}

/** A subscription on the wire. */
export interface EventSink {
  updated(status: number, message: Message): void;
}

/** What the circuit tells its owner. Channels are named by their client id. */
export interface CircuitEvents {
  channelCreated(clientId: number, serverId: number, dataType: number, count: number): void;
  /** CREATE_CH_FAIL: the server has no such PV (any more). */
  channelRefused(clientId: number): void;
  /** SERVER_DISCONN: this channel goes, the circuit stays. */
  channelDropped(clientId: number): void;
  /** May come before `channelCreated`, and at any time. */
  accessChanged(clientId: number, access: Access): void;
  /** A name server's answer. */
  searchAnswered(answer: SearchAnswer): void;
  /** A request without an answer of its own failed. */
  requestFailed(clientId: number, report: ErrorReport): void;
  /** False: no answer to an echo for 5 s; true: it speaks again. */
  responsivenessChanged(responsive: boolean): void;
}

export interface CircuitOptions {
  priority: number;
  userName: string;
  hostName: string;
  /** Milliseconds of silence until an echo is sent. */
  connectionTimeout: number;
  /** Bytes. */
  maxPayload: number;
}

export class ClientCircuit {
  /** Bytes to send. The owner takes them once per tick. */
  readonly out = new ByteWriter();
  /** Of the server; 0 until it said so (an old server says it late, so it is never waited for). */
  minorVersion = 0;
  responsive = true;
  eventsReceived = 0;
  private readonly reader: MessageReader;
  private readonly pending = new RequestTable<PendingRequest>();
  private readonly subscriptions = new Map<number, EventSink>();
  /** Cancelled, and not confirmed yet: their ids may still carry updates and are not used again. */
  private readonly cancelling = new Set<number>();
  private nextId = 1;
  private wentRound = false;
  /** When the server last said something, ms. */
  heardAt: number;
  private echoSentAt: number | null = null;

  constructor(private readonly options: CircuitOptions, private readonly events: CircuitEvents, now: number) {
    this.reader = new MessageReader((message) => this.dispatch(message), { maxPayload: options.maxPayload });
    this.heardAt = now;
    requests.writeVersion(this.out, options.priority);
    requests.writeClientName(this.out, options.userName);
    requests.writeHostName(this.out, options.hostName);
  }

  /** Takes what came from the server. Throws RemoteProtocolError where it makes no sense: close the circuit then. */
  receive(chunk: Uint8Array, now: number): void {
    this.heardAt = now;
    this.echoSentAt = null;
    if (!this.responsive) this.setResponsive(true);
    this.reader.push(chunk);
  }

  /** Where the next bytes are wanted; see `ConnectionEvents.readInto`. */
  get target(): Uint8Array | null { return this.reader.target; }

  /** Does what is due at `now` and returns when to be called again (the same clock, ms). */
  tick(now: number): number {
    if (this.echoSentAt !== null) {
      const limit = this.echoSentAt + echoTimeout;
      if (now < limit) return limit;
      if (this.responsive) this.setResponsive(false);
      this.sendEcho(now);
      return now + this.options.connectionTimeout;
    }
    const { connectionTimeout } = this.options;
    const due = this.heardAt + connectionTimeout;
    if (now < due) return due;
    this.sendEcho(now);
    // Its answer may come at once, and the next silence is counted from there.
    return now + Math.min(echoTimeout, connectionTimeout);
  }

  /** Asks at once whether the server is there, for example after a beacon anomaly. */
  probe(now: number): void {
    if (this.echoSentAt === null) this.sendEcho(now);
  }

  createChannel(clientId: number, name: string): void { requests.writeCreateChannel(this.out, clientId, name); }
  clearChannel(serverId: number, clientId: number): void { requests.writeClearChannel(this.out, serverId, clientId); }

  /** The answer's `message` is valid only during `answered`. */
  read(request: PendingRequest, dataType: number, count: number, serverId: number): number {
    const id = this.newId();
    this.pending.set(id, request);
    requests.writeReadNotify(this.out, dataType, count, serverId, id);
    return id;
  }

  write(dataType: number, count: number, serverId: number, value: PvValue): void {
    requests.writeWrite(this.out, dataType, count, serverId, this.newId(), value);
  }

  writeNotify(request: PendingRequest, dataType: number, count: number, serverId: number, value: PvValue): number {
    const id = this.newId();
    requests.writeWriteNotify(this.out, dataType, count, serverId, id, value);
    this.pending.set(id, request);
    return id;
  }

  /** The answer, should it still come, is ignored. */
  forget(requestId: number): void { this.pending.take(requestId); }

  subscribe(sink: EventSink, dataType: number, count: number, serverId: number, mask: number): number {
    const id = this.newId();
    this.subscriptions.set(id, sink);
    requests.writeEventAdd(this.out, dataType, count, serverId, id, mask);
    return id;
  }

  unsubscribe(subscriptionId: number, dataType: number, count: number, serverId: number): void {
    if (!this.subscriptions.delete(subscriptionId)) return;
    this.cancelling.add(subscriptionId);
    requests.writeEventCancel(this.out, dataType, count, serverId, subscriptionId);
  }

  /** The channel is gone with its subscription: nothing is sent. */
  dropSubscription(subscriptionId: number): void { this.subscriptions.delete(subscriptionId); }

  setEventFlow(on: boolean): void {
    if (on) requests.writeEventsOn(this.out);
    else requests.writeEventsOff(this.out);
  }

  /** The connection is gone: every pending request hears it, nothing is delivered any more. */
  close(): void {
    this.reader.stop();
    const pending = this.pending.takeAll();
    this.subscriptions.clear();
    this.cancelling.clear();
    for (const request of pending) request.dropped();
  }

  private dispatch(message: Message): void {
    switch (message.command) {
      case commands.EVENT_ADD: return this.event(message);
      case commands.READ_NOTIFY: return this.answer(message.parameter2, message.parameter1, message);
      case commands.WRITE_NOTIFY: return this.answer(message.parameter2, message.parameter1, null);
      case commands.CREATE_CHAN:
        return this.events.channelCreated(message.parameter1, message.parameter2, message.dataType, message.count);
      case commands.ACCESS_RIGHTS: {
        const rights = message.parameter2;
        return this.events.accessChanged(message.parameter1, accesses[rights & (accessRight.read | accessRight.write)] as Access);
      }
      case commands.VERSION: this.minorVersion = message.count; return;
      case commands.CREATE_CH_FAIL: return this.events.channelRefused(message.parameter1);
      case commands.SERVER_DISCONN: return this.events.channelDropped(message.parameter1);
      case commands.SEARCH: return this.events.searchAnswered(readSearchAnswer(message));
      case commands.ERROR: return this.failed(message);
      case commands.ECHO: case commands.NOT_FOUND: case commands.CLEAR_CHANNEL: case commands.READ_SYNC: return;
      default:
        throw new RemoteProtocolError(`The server sent ${commandName(message.command)}, which no server sends over TCP.`);
    }
  }

  private event(message: Message): void {
    const id = message.parameter2;
    const sink = this.subscriptions.get(id);
    if (sink) {
      this.eventsReceived += 1;
      sink.updated(message.oversize ? eca.TOLARGE : message.parameter1, message);
    } else if (message.payloadSize === 0) this.cancelling.delete(id);
  }

  private answer(id: number, status: number, message: Message | null): void {
    const request = this.pending.take(id);
    if (!request) return;
    if (message?.oversize) request.answered(eca.TOLARGE, null);
    else request.answered(status, isSuccess(status) ? message : null);
  }

  private failed(message: Message): void {
    if (message.oversize) return;
    const report = readError(message);
    const { command, parameter2 } = report.request;
    const status = isSuccess(report.status) ? eca.INTERNAL : report.status;
    if ((command === commands.READ_NOTIFY || command === commands.WRITE_NOTIFY) && this.pending.has(parameter2)) {
      return this.answer(parameter2, status, null);
    }
    this.events.requestFailed(message.parameter1, report);
  }

  private sendEcho(now: number): void {
    requests.writeEcho(this.out);
    this.echoSentAt = now;
  }

  private setResponsive(responsive: boolean): void {
    this.responsive = responsive;
    this.events.responsivenessChanged(responsive);
  }

  private newId(): number {
    let id: number;
    do {
      id = this.nextId;
      if (id === 0xffffffff) this.wentRound = true;
      this.nextId = id === 0xffffffff ? 1 : id + 1;
    } while (this.wentRound && (this.pending.has(id) || this.subscriptions.has(id) || this.cancelling.has(id)));
    return id;
  }
}
