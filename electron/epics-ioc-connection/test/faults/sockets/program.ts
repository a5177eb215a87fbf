// What a program does over real sockets while things break, and what must hold all the while.
import { CaClient, PvaClient, type Reading } from '../../../src';
import type { Transport } from '../../../src/transport/transport';
import type { Random } from '../../fuzz/random';
import type { Protocol } from './answers';
import { now, type Ioc } from './ioc';

type Channel = ReturnType<CaClient['channel']>;
interface Watched { readonly channel: Channel; shown: Reading | null; /** When it came, on the program's own time. */ shownAt: number }

/** Seconds without traffic until the server is asked; and milliseconds until a server that is silent counts as gone (CA: the echo's 5 s more). */
const connectionTimeout = { ca: 1, pva: 1.5 } as const;
export const knownDeadAfter: Readonly<Record<Protocol, number>> = { ca: 1000 + 5000, pva: (1500 * 4) / 3 };
/** Seconds, where a server has thousands of channels to make and says nothing meanwhile. */
const patientTimeout = 20;
/** Milliseconds that a busy machine may add, to the program and to the server. */
export const slack = 2500;
/** Milliseconds between two looks, where the machine has time. */
const usualPause = 60;
/** Seconds, for each request. */
const timeout = 4;

export class Program {
  readonly client: CaClient | PvaClient;
  readonly acknowledged: number[] = [];
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  /** Puts by how they ended: DONE, or the error's code. */
  readonly outcomes = new Map<string, number>();
  updates = 0;
  private readonly clocks: Watched[];
  private readonly targets: Watched[];
  private puts = 0;
  /** What is read can be believed. */
  private readonly trusted: boolean;
  private pending = 0;
  private looked = now();
  /** Milliseconds that this program did not get from its machine, so far. */
  private stolen = 0;

  constructor(private readonly protocol: Protocol, udpPort: number, private readonly ioc: Ioc, transport: Transport, private readonly random: Random, fault: { readonly garbles?: true; readonly channels?: number }) {
    this.trusted = !fault.garbles;
    const options = {
      environment: {}, addressList: [`127.0.0.1:${udpPort}`], autoAddressList: false, connectionTimeout: fault.channels === undefined ? connectionTimeout[protocol] : patientTimeout, userName: 'u', hostName: 'h',
    };
    this.client = protocol === 'ca' ? new CaClient({ ...options, repeater: false }, transport) : new PvaClient(options, transport);
    this.client.onWarning(({ code }) => this.warnings.push(code));
    this.clocks = ioc.names.clocks.map((name) => this.watch(name, true));
    this.targets = ioc.names.targets.map((name) => this.watch(name, false));
    if (ioc.names.wave) this.watch(ioc.names.wave, false);
  }

  private watch(name: string, isClock: boolean): Watched {
    const channel = this.client.channel(name) as Channel;
    const watched: Watched = { channel, shown: null, shownAt: 0 };
    let newest = -Infinity;
    // What was shown before is not live any more.
    channel.onState(() => { watched.shown = null; });
    channel.monitor({}, (reading) => {
      watched.shown = reading;
      watched.shownAt = now() - this.stolen;
      this.updates += 1;
      if (!isClock || !this.trusted) return;
      const moment = this.ioc.momentOf(reading);
      if (moment < newest - 1) this.problems.push(`${name} went back by ${Math.round(newest - moment)} ms.`);
      newest = Math.max(newest, moment);
    });
    return watched;
  }

  get waiting(): number { return this.pending; }

  put(): void {
    const value = (this.puts += 1);
    const { channel } = this.random.pick(this.targets);
    this.pending += 1;
    const ended = (outcome: string): void => {
      this.pending -= 1;
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    };
    channel.put(value, { wait: true, timeout }).then(() => {
      this.acknowledged.push(value);
      ended('DONE');
    }, (error: { code?: string }) => ended(error.code ?? 'FAILED'));
  }

  /** A reading must not be older than the question; `frozenSince`: a server that was stopped holds what it held then. */
  get(frozenSince: number | null): void {
    const asked = now();
    const { channel } = this.random.pick(this.clocks);
    channel.get({ timeout }).then((reading) => {
      const moment = this.ioc.momentOf(reading);
      if (this.trusted && moment < Math.min(asked, frozenSince ?? asked) - slack) this.problems.push(`${channel.name}: a get gave a value of ${Math.round(asked - moment)} ms before it was asked for.`);
    }, () => undefined);
  }

  /** Nothing that is older than it takes to notice a silent server is shown as live. To be called every 40 ms. */
  look(): void {
    const moment = now();
    // A program that did not run can't have noticed.
    this.stolen += Math.max(0, moment - this.looked - usualPause);
    this.looked = moment;
    for (const { channel, shown, shownAt } of this.clocks) {
      if (!channel.connected || !shown) continue;
      const age = moment - this.stolen - shownAt;
      if (age <= knownDeadAfter[this.protocol] + slack) continue;
      this.problems.push(`${channel.name} shows what came ${Math.round(age)} ms ago as live.`);
      return;
    }
  }

  /** What is not yet as it should be after all is well again since `since`; '' where all is. */
  async unsettled(since: number): Promise<string> {
    for (const { channel, shown } of this.clocks) {
      if (!channel.connected) return `${channel.name} is ${channel.state} though its server is back.`;
      if (!shown || this.ioc.momentOf(shown) < since) return `${channel.name} shows nothing that is new.`;
    }
    const held = await this.ioc.targets();
    for (const { channel, shown } of this.targets) {
      if (shown?.value !== held.get(channel.name)) return `${channel.name} shows ${String(shown?.value)}, and holds ${String(held.get(channel.name))}.`;
    }
    return '';
  }

  /** `done`: every value that the server has written. */
  checkPuts(done: readonly number[]): void {
    const counts = new Map<number, number>();
    for (const value of done) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, count] of counts) if (count > 1) this.problems.push(`Put ${value} was done ${count} times.`);
    for (const value of this.acknowledged) if (!counts.has(value)) this.problems.push(`Put ${value} was acknowledged, and was never done.`);
  }

  step(frozenSince: number | null): void {
    if (this.random.below(3) < 2) this.put();
    else this.get(frozenSince);
  }
}
