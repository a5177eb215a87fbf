// One subscription on the wire, shared by all monitors of a channel that ask for the same; renewed after every reconnect.
import type { Reading } from '../value';
import type { EventSink } from './clientCircuit';
import { decodeReading } from './protocol/dbrDecode';
import type { Message } from './protocol/message';
import { isSuccess, statusName, statusText } from './protocol/status';
import type { WireChannel } from './wireChannel';

export interface SubscriptionKind { readonly form: 'time' | 'ctrl'; readonly asString: boolean; readonly count: number; readonly mask: number }

export class Subscription implements EventSink {
  private listeners: readonly ((reading: Reading) => void)[] = [];
  private last: Reading | null = null;
  /** Late comers that have not got the value yet that the others have. */
  private readonly owed = new Set<(reading: Reading) => void>();
  private wireId: number | null = null;
  private dataType = 0;
  private wireCount = 0;

  constructor(private readonly channel: WireChannel, private readonly kind: SubscriptionKind) {}

  get used(): boolean { return this.listeners.length > 0; }

  add(listener: (reading: Reading) => void): () => void {
    let active = true;
    const own = (reading: Reading): void => { if (active) listener(reading); };
    this.listeners = [...this.listeners, own];
    if (this.last && this.wireId !== null) {
      this.owed.add(own);
      // After its own call has returned.
      this.channel.host.clock.soon(() => this.payOwed());
    }
    return () => {
      active = false;
      this.owed.delete(own);
      this.listeners = this.listeners.filter((other) => other !== own);
    };
  }

  /** The channel is connected, again or after its server's silence: subscribe, or read what may have changed meanwhile. */
  resume(): void {
    if (this.wireId === null) this.start();
    else this.readAgain();
  }

  /** Subscribes where that was not done yet. */
  start(): void {
    if (this.wireId !== null || !this.channel.access.read) return;
    const { channel, kind } = this;
    this.dataType = channel.dbrFor(kind.form, kind.asString);
    this.wireCount = channel.countFor(kind.count);
    this.wireId = channel.wire().circuit.subscribe(this, this.dataType, this.wireCount, channel.serverId, kind.mask);
    channel.flush();
  }

  /** Nobody listens any more. */
  cancel(): void {
    const { wireId, channel } = this;
    this.wireId = null;
    this.forget();
    if (wireId === null || !channel.link) return;
    channel.link.circuit.unsubscribe(wireId, this.dataType, this.wireCount, channel.serverId);
    channel.flush();
  }

  /** The channel is gone from its server; what was read is not current any more. */
  lost(): void {
    if (this.wireId !== null) this.channel.link?.circuit.dropSubscription(this.wireId);
    this.wireId = null;
    this.forget();
  }

  updated(status: number, message: Message): void {
    if (!isSuccess(status)) {
      if (this.channel.access.read) {
        this.channel.warn('MONITOR_FAILED', `The IOC cannot send updates of "${this.channel.name}": ${statusText(status)} (${statusName(status)}).`);
      }
      return;
    }
    const reading = decodeReading(message, this.channel.scalar);
    this.last = reading;
    if (this.owed.size > 0) this.owed.clear();
    const { listeners } = this;
    for (let i = 0; i < listeners.length; i += 1) this.deliver(listeners[i] as (reading: Reading) => void, reading);
  }

  /** After a silence, as libca does: the listeners took what they had for lost, and no update may come for hours. */
  private readAgain(): void {
    const { wireId, channel } = this;
    channel.wire().circuit.read({
      answered: (status, message) => {
        if (this.wireId !== wireId) return;
        if (message && isSuccess(status)) this.updated(status, message);
        else this.payOwed();
      },
      dropped: () => undefined,
    }, this.dataType, this.wireCount, channel.serverId);
    channel.flush();
  }

  /** Late comers get nothing before the next update. */
  forget(): void {
    this.last = null;
    this.owed.clear();
  }

  /** Only while the server answers: what a silent circuit brought last is not shown as live. It is due once the server speaks again. */
  private payOwed(): void {
    const { last } = this;
    if (!last || !this.channel.link?.circuit.responsive || this.owed.size === 0) return;
    const listeners = [...this.owed];
    this.owed.clear();
    for (const listener of listeners) this.deliver(listener, last);
  }

  private deliver(listener: (reading: Reading) => void, reading: Reading): void {
    try {
      listener(reading);
    } catch (error) {
      this.channel.host.listenerFailed(error);
    }
  }
}
