// One subscription on the wire, shared by all monitors of a channel that ask for the same; renewed after every reconnect.
import type { Disposable } from '../api';
import type { Reading } from '../value';
import type { EventSink } from './clientCircuit';
import { LastReading } from './lastReading';
import { decodeReading } from './protocol/dbrDecode';
import type { Message } from './protocol/message';
import { isSuccess, statusName, statusText } from './protocol/status';
import type { WireChannel } from './wireChannel';

export interface SubscriptionKind { readonly form: 'time' | 'ctrl'; readonly asString: boolean; readonly count: number; readonly mask: number }

/** One listener of it. */
class Follower implements Disposable {
  active = true;
  /** Came late, and has not got the value yet that the others have. */
  owed = false;

  constructor(private readonly subscription: Subscription, readonly listener: (reading: Reading) => void) {}

  dispose(): void {
    if (!this.active) return;
    this.active = false;
    this.subscription.remove(this);
  }
}

const nobody: readonly Follower[] = [];

export class Subscription implements EventSink {
  private followers = nobody;
  private readonly last = new LastReading();
  /** Some follower is owed the last value. */
  private owing = false;
  private wireId: number | null = null;
  private dataType = 0;
  private wireCount = 0;

  constructor(private readonly channel: WireChannel, private readonly kind: SubscriptionKind) {}

  is({ form, asString, count, mask }: SubscriptionKind): boolean {
    const { kind } = this;
    return kind.form === form && kind.asString === asString && kind.count === count && kind.mask === mask;
  }

  /** The last one that is disposed ends the subscription. */
  add(listener: (reading: Reading) => void): Disposable {
    const follower = new Follower(this, listener);
    this.followers = this.followers.concat(follower);
    if (this.last.isKnown && this.wireId !== null) {
      follower.owed = true;
      this.owing = true;
      // After its own call has returned.
      this.channel.host.clock.soon(() => this.payOwed());
    }
    return follower;
  }

  remove(follower: Follower): void {
    this.followers = this.followers.filter((other) => other !== follower);
    if (this.followers.length === 0) this.channel.unsubscribe(this);
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
    this.last.keep(reading);
    if (this.owing) this.settle();
    const { followers } = this;
    for (let i = 0; i < followers.length; i += 1) this.deliver(followers[i] as Follower, reading);
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
    this.last.forget();
    this.settle();
  }

  /** Nobody is owed anything. Returns who was. */
  private settle(): readonly Follower[] {
    if (!this.owing) return nobody;
    this.owing = false;
    const owed = this.followers.filter((follower) => follower.owed);
    for (const follower of owed) follower.owed = false;
    return owed;
  }

  /** Only while the server answers: what a silent circuit brought last is not shown as live. It is due once the server speaks again. */
  private payOwed(): void {
    const last = this.last.get();
    if (!last || !this.channel.link?.circuit.responsive) return;
    for (const follower of this.settle()) this.deliver(follower, last);
  }

  private deliver(follower: Follower, reading: Reading): void {
    if (!follower.active) return;
    try {
      follower.listener(reading);
    } catch (error) {
      this.channel.host.listenerFailed(error);
    }
  }
}
