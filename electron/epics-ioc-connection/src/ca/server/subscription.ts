// One subscription of one client: sends updates, or remembers that one is due while the client cannot take any. PURE.
import { eca, writeEventCancelled, writeEventFailed, writeHeader, commands } from '../protocol';
import type { CaServerPv, Encode, Subscriber } from './caServerPv';
import type { EncodedValue } from './pvEncoding';
import type { EventGate } from './eventGate';

export interface SubscriptionRequest {
  readonly id: number;
  readonly dataType: number;
  /** Elements asked for; 0: as many as there are. */
  readonly count: number;
  readonly mask: number;
}

export class Subscription implements Subscriber {
  constructor(
    private readonly pv: CaServerPv, private readonly request: SubscriptionRequest,
    private readonly gate: EventGate, private readonly mayRead: () => boolean,
  ) {}

  get mask(): number {
    return this.request.mask;
  }

  /** Starts with the value as it is now. */
  open(): void {
    this.pv.subscribers.add(this);
    this.gate.join(this);
    this.sendNow();
  }

  post(encode: Encode): void {
    if (!this.mayRead()) return;
    if (this.gate.isShut) this.gate.hold(this);
    else this.send(encode);
  }

  /** The newest value, or that it may not be read. */
  sendNow(): void {
    if (this.mayRead()) this.send((dataType, count) => this.pv.encode(dataType, count));
    else this.fail(eca.NORDACCESS);
  }

  close(): void {
    this.pv.subscribers.delete(this);
    this.gate.leave(this);
  }

  /** Says that no more updates will come. */
  confirmCancel(serverId: number): void {
    const { id, dataType, count } = this.request;
    writeEventCancelled(this.gate.output.writer, dataType, count, serverId, id);
  }

  private send(encode: Encode): void {
    let encoded: EncodedValue;
    try {
      encoded = encode(this.request.dataType, this.request.count);
    } catch {
      this.fail(eca.GETFAIL);
      return;
    }
    const { output } = this.gate;
    writeHeader(output.writer, commands.EVENT_ADD, encoded.payload.length, encoded.dataType, encoded.count, eca.NORMAL, this.request.id);
    output.append(encoded.payload);
    this.gate.wrote();
  }

  private fail(status: number): void {
    const { id, dataType, count } = this.request;
    writeEventFailed(this.gate.output.writer, dataType, Math.min(count, this.pv.count), id, status);
    this.gate.wrote();
  }
}
