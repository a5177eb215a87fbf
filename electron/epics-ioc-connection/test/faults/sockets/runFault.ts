// One fault with one seed: a server, the proxy, a program; what was wrong, and what was done.
import { Random } from '../../fuzz/random';
import type { Protocol } from './answers';
import { countingTransport } from './countingTransport';
import { now, type Ioc } from './ioc';
import { OurIoc } from './ours';
import { knownDeadAfter, Program, slack } from './program';
import { FaultyProxy } from './proxy';
import type { SocketFault, SocketStage } from './socketFaults';
import { SoftIoc } from './softIoc';

export interface RunOptions { readonly fault: SocketFault; readonly protocol: Protocol; readonly seed: number; readonly folder: string; readonly python: string | null }
export interface RunResult {
  readonly fault: string; readonly protocol: Protocol; readonly seed: number; readonly problems: readonly string[];
  readonly acknowledged: number; readonly unknown: number; readonly updates: number;
}

/** Milliseconds until all must be well again: far longer than it takes, since others may use the machine too. */
const patience = 120_000;
const stepPause = 40;
const realNow = Date.now.bind(Date);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

export async function runFault({ fault, protocol, seed, folder, python }: RunOptions): Promise<RunResult> {
  const random = new Random(seed);
  const id = `${protocol}-${fault.name.replace(/\W+/g, '-')}-${seed}`;
  const ours = python === null ? await OurIoc.make(protocol, folder, id, fault.channels ?? 5) : null;
  const ioc: Ioc = ours ?? await SoftIoc.make(protocol, folder, id, python as string);
  const proxy = new FaultyProxy(protocol, random, ioc.udpPort);
  const { transport, open } = countingTransport();
  await proxy.open();
  let program: Program | null = null;
  try {
    await ioc.start();
    program = new Program(protocol, proxy.udpPort, ioc, transport, random, fault);
    await act(program, { ioc, ours, proxy, random, fault, protocol });
    program.checkPuts(await ioc.puts());
    await leave(program, proxy, ours, open);
  } finally {
    await program?.client.close();
    await ioc.kill();
    await proxy.close();
  }
  const { outcomes, problems, acknowledged, updates } = program;
  return { fault: fault.name, protocol, seed, problems, acknowledged: acknowledged.length, unknown: outcomes.get('PUT_OUTCOME_UNKNOWN') ?? 0, updates };
}

interface Scene { readonly ioc: Ioc; readonly ours: OurIoc | null; readonly proxy: FaultyProxy; readonly random: Random; readonly fault: SocketFault; readonly protocol: Protocol }

async function act(program: Program, { ioc, ours, proxy, random, fault, protocol }: Scene): Promise<void> {
  let [frozenSince, thawedAt] = [null as number | null, Infinity];
  let silent = false;
  const live = async (milliseconds: number): Promise<void> => {
    for (const end = now() + milliseconds; now() < end;) {
      if (now() > thawedAt + slack) frozenSince = null;
      if (!silent) program.step(frozenSince);
      program.look();
      await pause(Math.min(stepPause, end - now()));
    }
  };
  /** While no request is under way. */
  const quietly = async <Result>(ask: () => Result | Promise<Result>): Promise<Result> => {
    silent = true;
    for (let wait = 0; program.waiting > 0 && wait < patience; wait += stepPause) await pause(stepPause);
    const result = await ask();
    silent = false;
    return result;
  };
  const settle = async (): Promise<void> => {
    const since = now();
    let wrong = '';
    do {
      await live(100);
      wrong = await quietly(() => program.unsettled(since));
    } while (wrong !== '' && now() - since < patience);
    if (wrong !== '') program.problems.push(`${wrong} (${patience / 1000} s later)`);
  };
  await settle();
  await live(300);
  const stage: SocketStage = {
    ioc, ours, proxy, random, problems: program.problems, deadTime: knownDeadAfter[protocol] + slack + 500, live,
    freeze: () => {
      [frozenSince, thawedAt] = [now(), Infinity];
      ioc.freeze();
    },
    thaw: () => {
      thawedAt = now();
      ioc.thaw();
    },
    kill: async () => {
      if (ioc.remember) await quietly(() => ioc.remember?.());
      await ioc.kill();
    },
    setWallClock: (offset) => {
      ours?.setClock(offset);
      Date.now = () => realNow() + offset;
    },
  };
  await fault.happen(stage);
  await settle();
}

/** The program ends: nothing of it may be left, here and in the server. */
async function leave(program: Program, proxy: FaultyProxy, ours: OurIoc | null, open: Readonly<Record<string, number>>): Promise<void> {
  const { problems, client } = program;
  // With requests under way.
  for (let i = 0; i < 3; i += 1) program.put();
  await client.close();
  await pause(20);
  for (const [what, count] of Object.entries(open)) if (count > 0) problems.push(`${count} ${what} of the client are left.`);
  const { channels, circuits } = client.statistics;
  if (channels + circuits > 0) problems.push(`${channels} channels and ${circuits} circuits are left.`);
  if (program.warnings.includes('DUPLICATE_PV')) problems.push('One server was taken for two.');
  if (!ours) return;
  let sockets = 0;
  for (let wait = 0; wait < 5000; wait += stepPause) {
    ({ sockets } = await ours.report());
    if (sockets === 0) return;
    await pause(stepPause);
  }
  problems.push(`${sockets} connections are left in the server, ${proxy.connections} in the proxy.`);
}
