// The twelve faults: each a few lines that break something for a while and mend it again.
import type { Random } from '../fuzz/random';
import type { FaultyIoc } from './faultyIoc';
import type { FaultyNetwork } from './faultyNetwork';

export interface Stage {
  readonly ioc: FaultyIoc;
  readonly network: FaultyNetwork;
  readonly random: Random;
  /** Lets so many milliseconds go by, with the program at work. `deadSince`: see Workload.check. */
  live(milliseconds: number, deadSince?: number | null): Promise<void>;
  now(): number;
  /** The clock on the wall, not the steady one. */
  setWallClock(offset: number): void;
}
export interface Fault { readonly name: string; readonly channels?: number; happen(stage: Stage): Promise<void> }

const some = (random: Random, least: number, most: number): number => least + random.below(most - least);

async function restart({ ioc, random, live }: Stage, newPort: boolean): Promise<void> {
  for (let times = 1 + random.below(2); times > 0; times -= 1) {
    ioc.kill();
    await live(some(random, 1, 15_000));
    ioc.start({ newPort });
    await live(some(random, 1, 5000));
  }
}

export const faults: readonly Fault[] = [
  { name: 'reset', async happen({ ioc, random, live }) {
    for (let times = 3; times > 0; times -= 1) {
      ioc.reset();
      await live(some(random, 1, 5000));
    }
  } },
  { name: 'half-open', async happen({ ioc, random, live, now }) {
    ioc.deaf = true;
    await live(some(random, 20_000, 60_000), now());
    // The other end has forgotten the connections, and says so.
    ioc.deaf = false;
    ioc.reset();
  } },
  { name: 'stopped server', async happen({ ioc, random, live, now }) {
    ioc.frozen = true;
    await live(some(random, 1, 40_000), now());
    ioc.thaw();
  } },
  { name: 'IOC restart on the same port', happen: (stage) => restart(stage, false) },
  { name: 'IOC restart on a new port', happen: (stage) => restart(stage, true) },
  { name: 'UDP loss 50%', async happen(stage) {
    stage.network.datagrams.lost = 50;
    await restart(stage, false);
    await stage.live(30_000);
    stage.network.datagrams.lost = 0;
  } },
  { name: 'duplicates', async happen(stage) {
    Object.assign(stage.network.datagrams, { copies: 3, late: 500 });
    await restart(stage, stage.random.oneIn(2));
    await stage.live(10_000);
    Object.assign(stage.network.datagrams, { copies: 1, late: 0 });
  } },
  { name: 'reordering', async happen(stage) {
    stage.network.datagrams.late = 3000;
    await restart(stage, stage.random.oneIn(2));
    await stage.live(10_000);
    stage.network.datagrams.late = 0;
  } },
  { name: 'clock +-1 h', async happen({ random, live, setWallClock }) {
    for (const offset of [3_600_000, -3_600_000, 0]) {
      setWallClock(offset);
      await live(some(random, 1, 30_000));
    }
  } },
  { name: 'slow reader', async happen({ ioc, random, live }) {
    ioc.setBlocked(true);
    for (let i = 0; i < 3000; i += 1) ioc.update('P1', 1e7 + i);
    await live(some(random, 1, 8000));
    ioc.setBlocked(false);
  } },
  { name: 'garbage from the server', async happen({ ioc, random, live }) {
    for (let times = 3; times > 0; times -= 1) {
      ioc.babble(Uint8Array.from({ length: some(random, 1, 400) }, () => random.below(256)));
      await live(some(random, 1, 3000));
      // It goes down then, as a program does that writes past its arrays: what is left half said is of no use.
      ioc.reset();
      await live(some(random, 1, 3000));
    }
  } },
  { name: 'close in mid-message', async happen({ ioc, random, live }) {
    for (let times = 3; times > 0; times -= 1) {
      ioc.cutAfter = some(random, 1, 200);
      await live(some(random, 1, 6000));
      ioc.cutAfter = null;
    }
  } },
  { name: '10,000 channels dropped at once', channels: 10_000, happen: async ({ ioc, random, live }) => {
    ioc.kill();
    await live(some(random, 1, 5000));
    ioc.start();
  } },
];
