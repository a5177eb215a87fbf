// What a program does while things break, and what must hold all the while: puts that are counted, gets and monitors that are checked.
import { CaClient, PvaClient } from '../../src';
import type { ManualClock } from '../../src/transport/memory';
import type { Random } from '../fuzz/random';
import { addressOf, type FaultyIoc, type Protocol } from './faultyIoc';
import type { FaultyNetwork } from './faultyNetwork';

type Channel = ReturnType<CaClient['channel']>;
interface Watched { readonly channel: Channel; shown: number | null; shownAt: number; connectedAt: number }

/** Seconds without traffic until the server is asked, and until it counts as gone. */
const connectionTimeout = 10;
export const knownDeadAfter = { ca: (connectionTimeout + 5 + 3) * 1000, pva: (connectionTimeout * (4 / 3) + 3) * 1000 } as const;

export class Workload {
  readonly client: CaClient | PvaClient;
  readonly acknowledged: number[] = [];
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  puts = 0;
  private readonly watched = new Map<string, Watched>();
  private readonly clock: ManualClock;

  constructor(network: FaultyNetwork, private readonly ioc: FaultyIoc, private readonly protocol: Protocol, names: readonly string[]) {
    this.clock = network.memory.clock;
    const options = { environment: {}, addressList: [addressOf(protocol)], autoAddressList: false, connectionTimeout, userName: 'u', hostName: 'h' };
    this.client = protocol === 'ca' ? new CaClient(options, network.transport) : new PvaClient(options, network.transport);
    this.client.onWarning(({ code }) => this.warnings.push(code));
    for (const name of names) {
      const channel = this.client.channel(name) as Channel;
      const watched: Watched = { channel, shown: null, shownAt: 0, connectedAt: 0 };
      this.watched.set(name, watched);
      channel.onState((state) => {
        // What was shown before is not live any more.
        watched.shown = null;
        if (state === 'connected') watched.connectedAt = this.clock.now();
      });
      channel.monitor({}, ({ value }) => {
        watched.shown = value as number;
        watched.shownAt = this.clock.now();
      });
    }
  }

  get connected(): number { return [...this.watched.values()].filter(({ channel }) => channel.connected).length; }

  put(name: string): void {
    const value = (this.puts += 1);
    const { channel } = this.watched.get(name) as Watched;
    channel.put(value, { wait: true, timeout: 8 }).then(() => this.acknowledged.push(value), () => undefined);
  }

  /** A reading must be a value that the PV held between the question and the answer. */
  get(name: string): void {
    const asked = this.clock.now();
    const { channel } = this.watched.get(name) as Watched;
    channel.get({ timeout: 8 }).then(({ value }) => {
      const history = this.ioc.history.get(name) ?? [];
      const held = history.some((each, i) => each.value === value && (history[i + 1]?.at ?? Infinity) >= asked);
      if (!held) this.problems.push(`${name}: a get of ${asked} ms gave ${String(value)}, which it did not hold any more at ${this.clock.now()} ms.`);
    }, () => undefined);
  }

  /** `deadSince`: when the server went away without a word; null: it is there. */
  check(deadSince: number | null): void {
    if (deadSince === null || this.clock.now() - deadSince < knownDeadAfter[this.protocol]) return;
    for (const [name, { channel }] of this.watched) if (channel.connected) this.problems.push(`${name} is shown as live at ${this.clock.now()} ms; its server is gone since ${deadSince} ms.`);
  }

  /** After all is well again: everything is connected and shows what the server holds. */
  checkSettled(): void {
    for (const [name, { channel, shown }] of this.watched) {
      if (!channel.connected) this.problems.push(`${name} is ${channel.state} though its server is back.`);
      else if (shown !== this.ioc.current(name)) this.problems.push(`${name} shows ${String(shown)}, and holds ${String(this.ioc.current(name))}.`);
    }
    this.checkPuts();
  }

  private checkPuts(): void {
    const counts = new Map<number, number>();
    for (const value of this.ioc.done) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, count] of counts) if (count > 1) this.problems.push(`Put ${value} was done ${count} times.`);
    for (const value of this.acknowledged) if (!counts.has(value)) this.problems.push(`Put ${value} was acknowledged, and was never done.`);
  }

  /** One step of the program's life. */
  step(random: Random, names: readonly string[]): void {
    const name = random.pick(names);
    const kind = random.below(4);
    if (kind < 2) this.put(name);
    else if (kind === 2) this.get(name);
    else this.ioc.update(name, 1e9 + random.below(1e6));
  }
}
