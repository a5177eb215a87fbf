// Twelve faults with fifty seeds each, over both protocols, in memory and with time that the test makes go by: no acknowledged put lost
// or repeated, no stale value shown as live, nothing left open.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Random } from '../fuzz/random';
import { FaultyIoc, type Protocol } from './faultyIoc';
import { FaultyNetwork } from './faultyNetwork';
import { faults, type Fault } from './faults';
import { Workload } from './workload';

const seeds = 50;
/** Milliseconds, for names to be found again: two searches of the longest pause after a loss, and more. */
const recovery = 30_000;
afterEach(() => { vi.restoreAllMocks(); });

/** All of them with the first seed, hundreds with the others, so that the seeds take seconds. */
function channelsOf(fault: Fault, seed: number): number {
  if (fault.channels === undefined) return 5;
  return seed === 1 ? fault.channels : fault.channels / 50;
}

async function run(fault: Fault, protocol: Protocol, seed: number): Promise<{ problems: readonly string[]; acknowledged: number }> {
  const random = new Random(seed);
  const network = new FaultyNetwork(random);
  const { clock } = network.memory;
  const names = Array.from({ length: channelsOf(fault, seed) }, (_, i) => `P${i}`);
  const ioc = new FaultyIoc(network, protocol, random, names);
  ioc.start();
  const work = new Workload(network, ioc, protocol, names);
  const wall = Date.now();
  let offset = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => wall + clock.now() + offset);
  const live = async (milliseconds: number, deadSince: number | null = null): Promise<void> => {
    const end = clock.now() + milliseconds;
    while (clock.now() < end) {
      await clock.advance(Math.min(500 + random.below(1000), end - clock.now()));
      work.step(random, names);
      work.check(deadSince);
    }
  };
  await live(3000);
  await fault.happen({ ioc, network, random, live, now: () => clock.now(), setWallClock: (by) => { offset = by; } });
  // Channels that come back are under way for a while; then all is well, and stays well.
  await live(2000);
  await clock.advance(recovery);
  work.checkSettled();
  if (ioc.mostWaiting > (1 << 20) + 1000 * names.length) work.problems.push(`${ioc.mostWaiting} bytes waited for one client.`);
  if (work.warnings.includes('DUPLICATE_PV')) work.problems.push('One server was taken for two.');
  await work.client.close();
  ioc.kill();
  await clock.advance(2000);
  if (network.open > 0) work.problems.push(`${network.open} sockets are left open.`);
  if (clock.pendingTimers > 0) work.problems.push(`${clock.pendingTimers} timers are left.`);
  const { channels, circuits } = work.client.statistics;
  if (channels + circuits > 0) work.problems.push(`${channels} channels and ${circuits} circuits are left.`);
  return { problems: work.problems, acknowledged: work.acknowledged.length };
}

describe.each(['ca', 'pva'] as const)('%s', (protocol) => {
  it.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
    let acknowledged = 0;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const result = await run(fault, protocol, seed);
      expect({ seed, problems: result.problems.slice(0, 5) }).toEqual({ seed, problems: [] });
      acknowledged += result.acknowledged;
    }
    // The puts that were counted were many.
    expect(acknowledged).toBeGreaterThan(seeds * 3);
  }, 300_000);
});
