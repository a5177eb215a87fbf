// The twelve faults over real sockets: each a few lines that break something for a while and mend it again.
import type { Random } from '../../fuzz/random';
import type { Ioc } from './ioc';
import type { OurIoc } from './ours';
import type { FaultyProxy } from './proxy';

export interface SocketStage {
  readonly ioc: Ioc;
  /** Where the server is ours: what only it can do. */
  readonly ours: OurIoc | null;
  readonly proxy: FaultyProxy;
  readonly random: Random;
  readonly problems: string[];
  /** Milliseconds after which a server that is silent must have been noticed, whatever the machine does. */
  readonly deadTime: number;
  /** Lets so many milliseconds go by, with the program at work. */
  live(milliseconds: number): Promise<void>;
  /** The server neither runs nor dies from now on. */
  freeze(): void;
  thaw(): void;
  /** Ends the server, once it has been asked what it would forget. */
  kill(): Promise<void>;
  /** The clock on the wall of program and server. */
  setWallClock(offset: number): void;
}
export interface SocketFault {
  readonly name: string;
  readonly channels?: number;
  /** A server that is not ours cannot do it. */
  readonly ours?: true;
  /** Bytes within a message make values that nobody can tell from good ones. */
  readonly garbles?: true;
  happen(stage: SocketStage): Promise<void>;
}

/** Bytes that a server may hold for one client that does not read. */
const mostHeld = 24 * 2 ** 20;
const some = (random: Random, least: number, most: number): number => least + random.below(most - least);

async function restart({ ioc, random, live, kill }: SocketStage, newPort: boolean): Promise<void> {
  await kill();
  await live(some(random, 1, 1500));
  await ioc.start({ newPort });
  await live(some(random, 1, 800));
}

export const socketFaults: readonly SocketFault[] = [
  { name: 'reset', async happen({ proxy, random, live }) {
    for (let times = 3; times > 0; times -= 1) {
      proxy.reset();
      await live(some(random, 1, 800));
    }
  } },
  { name: 'half-open', async happen({ proxy, random, live, deadTime }) {
    proxy.deaf = true;
    await live(deadTime + random.below(1000));
    // The other end has forgotten the connections, and says so.
    proxy.deaf = false;
  } },
  { name: 'stopped server', async happen({ random, live, freeze, thaw, deadTime }) {
    freeze();
    await live(random.oneIn(2) ? some(random, 100, 2000) : deadTime + random.below(1000));
    thaw();
  } },
  { name: 'IOC restart on the same port', happen: (stage) => restart(stage, false) },
  { name: 'IOC restart on a new port', happen: (stage) => restart(stage, true) },
  { name: 'UDP loss 50%', async happen(stage) {
    stage.proxy.datagrams.lost = 50;
    await restart(stage, false);
    await stage.live(2000);
    stage.proxy.datagrams.lost = 0;
  } },
  { name: 'duplicates', async happen(stage) {
    Object.assign(stage.proxy.datagrams, { copies: 3, late: 200 });
    await restart(stage, stage.random.oneIn(2));
    await stage.live(1000);
    Object.assign(stage.proxy.datagrams, { copies: 1, late: 0 });
  } },
  { name: 'reordering and delay', async happen(stage) {
    stage.proxy.datagrams.late = 1500;
    stage.proxy.delay = 60;
    await restart(stage, stage.random.oneIn(2));
    await stage.live(2000);
    stage.proxy.datagrams.late = 0;
    stage.proxy.delay = 0;
  } },
  { name: 'clock +-1 h', ours: true, async happen({ random, live, setWallClock }) {
    for (const offset of [3_600_000, -3_600_000, 0]) {
      setWallClock(offset);
      await live(some(random, 300, 900));
    }
  } },
  { name: 'slow reader', ours: true, async happen({ ours, proxy, random, live, problems }) {
    if (!ours) return;
    const { memory: before } = await ours.report({ memory: true });
    ours.flood(true);
    proxy.stall(true);
    await live(some(random, 2500, 4000));
    ours.flood(false);
    const { memory } = await ours.report({ memory: true });
    if (memory - before > mostHeld) problems.push(`${memory - before} bytes wait in the server for a client that does not read.`);
    proxy.stall(false);
  } },
  { name: 'garbage from the server', garbles: true, async happen({ proxy, random, live }) {
    for (let times = 3; times > 0; times -= 1) {
      proxy.babble(Buffer.from(Uint8Array.from({ length: some(random, 1, 400) }, () => random.below(256))));
      await live(some(random, 1, 700));
      // It goes down then, as a program does that writes past its arrays: what is left half said is of no use.
      proxy.reset();
      await live(some(random, 1, 500));
    }
  } },
  { name: 'close in mid-message', async happen({ proxy, random, live }) {
    for (let times = 4; times > 0; times -= 1) {
      proxy.cutAfter = some(random, 1, 2000);
      await live(some(random, 100, 800));
      proxy.cutAfter = null;
    }
  } },
  { name: '10,000 channels dropped at once', channels: 10_000, ours: true, async happen(stage) {
    if (stage.random.oneIn(2)) return restart(stage, stage.random.oneIn(2));
    stage.proxy.reset();
    return stage.live(500);
  } },
];
