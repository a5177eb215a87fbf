// One client's channel to one PV: reads, writes, subscriptions, access rights. PURE.
import type { Access } from '../../api';
import { nativeTypes } from '../../value';
import {
  commands, dbrCode, decodeValue, eca, readEventMask, writeAccessRights, writeChannelCreated, writeHeader, writeReadFailed,
  writeServerDisconnect, writeWriteReply,
} from '../protocol';
import type { Message } from '../protocol';
import { ownWord } from './caServerPv';
import type { CaServerPv, PvUser } from './caServerPv';
import type { EventGate } from './eventGate';
import { checkRequest } from './pvEncoding';
import { Subscription } from './subscription';
import { convertWritten } from './writeConversion';

/** What a channel needs of its circuit. */
export interface ChannelCircuit {
  readonly gate: EventGate;
  readonly user: string;
  readonly host: string;
  readonly closed: boolean;
  /** Sends CA_PROTO_ERROR with a copy of the request's header. */
  refuse(request: Message, channel: ServerChannel, status: number, text?: string): void;
  forget(channel: ServerChannel): void;
}

export class ServerChannel implements PvUser {
  private readonly subscriptions = new Map<number, Subscription>();
  private access: Access;

  constructor(private readonly circuit: ChannelCircuit, readonly pv: CaServerPv, readonly clientId: number, readonly serverId: number) {
    this.access = pv.access(circuit.user, circuit.host);
    pv.users.add(this);
    const { writer } = circuit.gate.output;
    writeAccessRights(writer, clientId, this.access);
    writeChannelCreated(writer, dbrCode(pv.options.type, 'plain'), pv.count, clientId, serverId);
    circuit.gate.wrote();
  }

  /** READ_NOTIFY, and READ of clients before v4.1, whose answer names the client's channel. */
  read(request: Message): void {
    const { dataType, count, parameter2: ioId } = request;
    const { pv, circuit: { gate } } = this;
    const status = this.access.read ? checkRequest(dataType, count, pv.count, pv.options.recordType) : eca.NORDACCESS;
    if (status === eca.BADTYPE) return this.circuit.refuse(request, this, status);
    if (status !== eca.NORMAL) return this.failRead(request, status);
    try {
      const { payload, count: replied } = pv.encode(dataType, count);
      const first = request.command === commands.READ ? this.clientId : eca.NORMAL;
      writeHeader(gate.output.writer, request.command, payload.length, dataType, replied, first, ioId);
      gate.output.append(payload);
      gate.wrote();
    } catch {
      this.failRead(request, eca.GETFAIL);
    }
  }

  /** WRITE and WRITE_NOTIFY; the latter is answered when the PV's handler has finished. */
  write(request: Message): void {
    const header = { ...request, bytes: new Uint8Array(0) };
    let done: void | Promise<void>;
    try {
      const status = this.checkWrite(request);
      if (status !== eca.NORMAL) return this.answerWrite(header, status);
      if (isAcknowledgement(request.dataType)) {
        this.pv.acknowledge(request.dataType, Number(decodeValue(request, true)));
        return this.answerWrite(header, eca.NORMAL);
      }
      const value = convertWritten(decodeValue(request, true), nativeTypes[request.dataType]!, {
        type: this.pv.options.type, count: this.pv.count, metadata: this.pv.state.metadata,
      });
      const { user, host } = this.circuit;
      done = this.pv.options.onWrite?.({ value, user, host, identity: ownWord, notify: request.command === commands.WRITE_NOTIFY });
    } catch (error) {
      return this.answerWrite(header, eca.PUTFAIL, error);
    }
    if (!done) return this.answerWrite(header, eca.NORMAL);
    done.then(() => this.answerWrite(header, eca.NORMAL), (error: unknown) => this.answerWrite(header, eca.PUTFAIL, error));
  }

  subscribe(request: Message): void {
    const { dataType, count, parameter2: id } = request;
    const mask = readEventMask(request);
    const status = mask === 0 ? eca.BADMASK : this.subscriptions.has(id) ? eca.BADMONID : checkRequest(dataType, count, this.pv.count, this.pv.options.recordType);
    if (status !== eca.NORMAL) return this.circuit.refuse(request, this, status);
    const subscription = new Subscription(this.pv, { id, dataType, count, mask }, this.circuit.gate, () => this.access.read);
    this.subscriptions.set(id, subscription);
    subscription.open();
  }

  unsubscribe(request: Message): void {
    const subscription = this.subscriptions.get(request.parameter2);
    if (!subscription) return this.circuit.refuse(request, this, eca.BADMONID);
    this.subscriptions.delete(request.parameter2);
    subscription.close();
    subscription.confirmCancel(this.serverId);
    this.circuit.gate.wrote();
  }

  accessChanged(): void {
    const before = this.access;
    this.access = this.pv.access(this.circuit.user, this.circuit.host);
    if (this.access.read === before.read && this.access.write === before.write) return;
    writeAccessRights(this.circuit.gate.output.writer, this.clientId, this.access);
    if (this.access.read !== before.read) for (const subscription of this.subscriptions.values()) subscription.sendNow();
    this.circuit.gate.wrote();
  }

  pvRemoved(): void {
    this.close();
    writeServerDisconnect(this.circuit.gate.output.writer, this.clientId);
    this.circuit.forget(this);
    this.circuit.gate.wrote();
  }

  close(): void {
    this.pv.users.delete(this);
    for (const subscription of this.subscriptions.values()) subscription.close();
    this.subscriptions.clear();
  }

  private checkWrite({ dataType, count, oversize }: Message): number {
    const { pv } = this;
    if (!this.access.write) return eca.NOWTACCESS;
    if (isAcknowledgement(dataType)) return count === 1 && !oversize ? eca.NORMAL : eca.BADCOUNT;
    if (!pv.options.onWrite) return eca.NOWTACCESS;
    // Values are written as plain types.
    if (dataType >= nativeTypes.length) return eca.BADTYPE;
    if (oversize) return eca.TOLARGE;
    return count > pv.count || (count === 0 && pv.count === 1) ? eca.BADCOUNT : eca.NORMAL;
  }

  private failRead({ command, dataType, count, parameter2: ioId }: Message, status: number): void {
    const { gate } = this.circuit;
    // The payload is zeroed, of no more elements than the PV has: a count from the network allocates nothing.
    if (command === commands.READ_NOTIFY) writeReadFailed(gate.output.writer, dataType, Math.min(count, this.pv.count), ioId, status);
    gate.wrote();
  }

  private answerWrite(request: Message, status: number, error?: unknown): void {
    const { gate, closed } = this.circuit;
    if (closed) return;
    if (request.command === commands.WRITE_NOTIFY) {
      gate.afterHeldEvents(() => writeWriteReply(gate.output.writer, request.dataType, request.count, request.parameter2, status));
    } else if (status !== eca.NORMAL) {
      this.circuit.refuse(request, this, status, error instanceof Error ? error.message : undefined);
    }
  }
}

/** PUT_ACKT and PUT_ACKS. */
function isAcknowledgement(dataType: number): boolean {
  return dataType === 35 || dataType === 36;
}
