// `npm run faults`: every fault with so many seeds, over real sockets. A round is one seed of all of them at once; after it nothing may be left.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Protocol } from './answers';
import { runFault, type RunResult } from './runFault';
import { socketFaults } from './socketFaults';

export interface FaultsOrder {
  readonly seeds: number; readonly first: number; readonly fault: string; readonly protocols: readonly Protocol[];
  /** Of a softIoc, to be used in place of our own server; null: ours. */
  readonly python: string | null;
  readonly json: boolean;
}
interface Memory { readonly round: number; /** Bytes, after a collection. */ readonly held: number }

/** Bytes that a program may hold more after a round than after the one before, on average; and what the first rounds warm up. */
const mostPerRound = 100_000;
const warmUp = 3;
/** Of runs at once: most of a run is waiting. */
const atOnce = 13;
const startPause = 60;

const order = JSON.parse(process.argv[2] ?? '{}') as FaultsOrder;
const chosen = socketFaults.filter(({ name, ours }) => name.includes(order.fault) && !(ours && order.python !== null));
const folder = mkdtempSync(join(tmpdir(), 'endstation-faults-'));
const results: RunResult[] = [];
const memory: Memory[] = [];
const problems: string[] = [];
const say = (text: string): void => { if (!order.json) console.log(text); };

process.on('unhandledRejection', (error) => problems.push(`A promise was rejected and nobody heard it: ${error instanceof Error ? error.stack : String(error)}`));
process.on('uncaughtException', (error) => problems.push(`An error that nobody caught: ${error.stack ?? error.message}`));

async function one(name: string, protocol: Protocol, seed: number): Promise<void> {
  const fault = chosen.find((each) => each.name === name);
  if (!fault) return;
  try {
    const result = await runFault({ fault, protocol, seed, folder, python: order.python });
    results.push(result);
    for (const problem of result.problems.slice(0, 5)) problems.push(`${protocol}, ${name}, seed ${seed}: ${problem}`);
  } catch (error) {
    problems.push(`${protocol}, ${name}, seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

async function together(tasks: (() => Promise<void>)[]): Promise<void> {
  const queue = [...tasks];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let task = queue.shift(); task; task = queue.shift()) await task();
  }));
}

/** Sockets, timers and processes of this program, but those that it had before it began. */
function leftOpen(before: readonly string[]): string[] {
  const left = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');
  for (const kind of before) {
    const at = left.indexOf(kind);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

async function round(seed: number, before: readonly string[]): Promise<void> {
  const all = order.protocols.flatMap((protocol) => chosen.map((fault) => ({ protocol, fault })));
  const task = ({ protocol, fault }: (typeof all)[number], index = 0) => async () => {
    // Their processes are not all started at the same moment.
    await new Promise((resolve) => { setTimeout(resolve, index * startPause); });
    await one(fault.name, protocol, seed);
  };
  await together(all.filter(({ fault }) => fault.channels === undefined).map(task));
  // Thousands of channels would make the others wait.
  for (const heavy of all.filter(({ fault }) => fault.channels !== undefined)) await task(heavy)();
  // What has ended is closed in the next turns of the loop.
  let left = leftOpen(before);
  for (let turns = 0; left.length > 0 && turns < 50; turns += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    left = leftOpen(before);
  }
  if (left.length > 0) problems.push(`Left open after the seed ${seed}: ${left.join(', ')}.`);
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  memory.push({ round: memory.length + 1, held: heapUsed + external });
}

/** Least squares over what was held after each round, bytes a round; null where there are too few. */
function growth(): number | null {
  const points = memory.slice(warmUp);
  if (points.length < 5) return null;
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  const [mx, my] = [mean(points.map(({ round: x }) => x)), mean(points.map(({ held }) => held))];
  const sxx = points.reduce((sum, { round: x }) => sum + (x - mx) ** 2, 0);
  return points.reduce((sum, { round: x, held }) => sum + (x - mx) * (held - my), 0) / sxx;
}

async function main(): Promise<void> {
  // Made when they are first used: of those that it had.
  for (const stream of [process.stdout, process.stderr]) stream.write('');
  const before = process.getActiveResourcesInfo();
  const started = performance.now();
  for (let seed = order.first; seed < order.first + order.seeds; seed += 1) {
    const already = problems.length;
    await round(seed, before);
    for (const problem of problems.slice(already)) say(`FAIL ${problem}`);
    if ((seed - order.first + 1) % 5 === 0) say(`${seed - order.first + 1} of ${order.seeds} seeds, ${results.length} runs, ${problems.length} problems, ${Math.round((performance.now() - started) / 1000)} s`);
  }
  rmSync(folder, { recursive: true, force: true });
  const perRound = growth();
  if (perRound !== null && perRound > mostPerRound) problems.push(`Memory grows by ${Math.round(perRound / 1000)} kB with each round.`);
  const rows = order.protocols.flatMap((protocol) => chosen.map(({ name }) => {
    const runs = results.filter((result) => result.protocol === protocol && result.fault === name);
    const sum = (of: (result: RunResult) => number): number => runs.reduce((total, run) => total + of(run), 0);
    return { protocol, fault: name, seeds: runs.length, failed: runs.filter((run) => run.problems.length > 0).length, acknowledged: sum((run) => run.acknowledged), unknown: sum((run) => run.unknown), updates: sum((run) => run.updates) };
  }));
  if (order.json) console.log(JSON.stringify({ rows, problems, perRound }));
  else {
    for (const { protocol, fault, seeds, failed, acknowledged, unknown, updates } of rows) {
      say(`${protocol.padEnd(3)} ${fault.padEnd(32)} ${seeds} seeds, ${failed} failed; puts: ${acknowledged} acknowledged, ${unknown} unknown; ${updates} updates`);
    }
    say(`Memory after each round: ${perRound === null ? 'too few rounds to tell' : `${(perRound / 1000).toFixed(1)} kB more each`}; nothing is left open unless said above.`);
    say(`${problems.length === 0 ? 'PASS' : 'FAIL'}: ${results.length} runs in ${Math.round((performance.now() - started) / 1000)} s, ${problems.length} problems`);
  }
  process.exit(problems.length > 0 ? 1 : 0);
}

void main();
