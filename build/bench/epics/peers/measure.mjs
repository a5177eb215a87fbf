// What the JavaScript programs of the EPICS benchmark share: figures, and the talk with the benchmark on stdin and stdout.
import { once } from 'node:events';

export const [metric, channels] = [process.argv[2], Number(process.argv[3] ?? 1)];
export const names = (prefix, n = channels) => Array.from({ length: n }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);
export const sleep = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
const monotonic = () => Number(process.hrtime.bigint()) / 1e9;

/** Milliseconds of each call after the first `skip`. */
export async function timed(repeats, skip, action) {
  const times = [];
  for (let i = 0; i < repeats + skip; i += 1) {
    const start = performance.now();
    await action(i);
    times.push(performance.now() - start);
  }
  return times.slice(skip);
}
export function microseconds(times) {
  const sorted = times.map((t) => t * 1000).sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], p99: sorted[Math.floor(sorted.length * 0.99)] };
}
/** Milliseconds. */
export const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** READY, then a line: events count from now on; then another: once no more come, what came. `count()` is the number of events so far. */
export async function reportEvents(count) {
  console.log('READY');
  await once(process.stdin, 'data');
  const [before, cpu] = [count(), process.cpuUsage()];
  console.log('COUNTING');
  await once(process.stdin, 'data');
  let seen = -1;
  let quietSince = monotonic();
  let drained = quietSince;
  while (monotonic() - quietSince < 0.5) {
    if (count() !== seen) {
      seen = count();
      drained = quietSince = monotonic();
    }
    await sleep(0.01);
  }
  const used = process.cpuUsage(cpu);
  return { received: seen - before, drained, cpu: (used.user + used.system) / 1e6, memory: process.memoryUsage.rss() / 1e6 };
}

export function finish(result, version) {
  process.stdout.write(`${JSON.stringify({ ...result, version })}\n`, () => process.exit(0));
}
