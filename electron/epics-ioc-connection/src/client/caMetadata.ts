// Units, limits and states of one Channel Access channel, which its values don't carry: kept fresh by a subscription of its own (DBE_PROPERTY).
import type { Channel, Disposable } from '../api';
import type { Metadata } from '../value';

export class CaMetadata {
  /** What the IOC said last; null until it did. It outlives a reconnect until the IOC says it anew. */
  known: Metadata | null = null;
  private subscription: Disposable | null = null;
  private users = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly channel: Channel) {}

  get followed(): boolean { return this.subscription !== null; }

  /** Subscribes if nobody did; `changed` is called each time that the IOC says it, the first time too. */
  follow(changed: () => void): Disposable {
    const listener = (): void => changed();
    this.listeners.add(listener);
    this.users += 1;
    // One element is enough: a waveform's values are not asked for twice.
    this.subscription ??= this.channel.monitor({ mask: ['property'], metadata: true, count: 1 }, ({ metadata }) => {
      this.known = metadata ?? {};
      for (const each of [...this.listeners]) each();
    });
    return {
      dispose: () => {
        if (!this.listeners.delete(listener)) return;
        this.users -= 1;
        if (this.users > 0) return;
        this.subscription?.dispose();
        this.subscription = null;
        this.known = null;
      },
    };
  }
}
