// Our side of the EPICS benchmark: argv: metric, channels. Prints one JSON object of measured figures.
import { CaClient } from '../../electron/epics-ioc-connection/dist/index.mjs';

const [metric, count] = [process.argv[2], Number(process.argv[3])];
const client = new CaClient();
const sleep = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
const names = (prefix) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

async function connected(list) {
  const channels = list.map((name) => client.channel(name));
  await Promise.all(channels.map((c) => c.whenConnected({ timeout: 30 })));
  return channels;
}
function microseconds(times) {
  const sorted = times.map((t) => t * 1000).sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], p99: sorted[Math.floor(sorted.length * 0.99)] };
}
async function timed(repeats, skip, action) {
  const times = [];
  for (let i = 0; i < repeats; i += 1) {
    const start = performance.now();
    await action(i);
    times.push(performance.now() - start);
  }
  return times.slice(skip);
}

const metrics = {
  async connect() {
    const start = performance.now();
    await connected(names('B:ai'));
    return { seconds: (performance.now() - start) / 1000 };
  },
  async get() {
    const [pv] = await connected(['B:ai7']);
    return microseconds(await timed(2200, 200, () => pv.get()));
  },
  async put() {
    const [pv] = await connected(['B:ao']);
    return microseconds(await timed(1100, 100, (i) => pv.put(i, { wait: true })));
  },
  async wave() {
    const [pv] = await connected(['B:wave']);
    await pv.put(Float64Array.from({ length: 1_000_000 }, (_, i) => i), { wait: true, timeout: 30 });
    const { median } = microseconds(await timed(12, 2, async () => {
      const { value } = await pv.get({ timeout: 30 });
      if (value.length !== 1_000_000 || value[999_999] !== 999_999) throw new Error('The waveform came back wrong.');
    }));
    return { megabytesPerSecond: 8e6 / median };
  },
  async monitor() {
    let received = 0;
    const channels = await connected(names('B:c'));
    for (const c of channels) c.monitor({}, () => { received += 1; });
    const [gate] = await connected(['B:gate']);
    await gate.put(0, { wait: true });
    await sleep(1);
    const [cpu, n, start] = [process.cpuUsage(), received, performance.now()];
    await sleep(5);
    const used = process.cpuUsage(cpu);
    const [seconds, events] = [(performance.now() - start) / 1000, received - n];
    await gate.put(1, { wait: true });
    return { perSecond: events / seconds, cpuPerEvent: (used.user + used.system) / Math.max(events, 1) };
  },
};

const result = await metrics[metric]();
process.stdout.write(`${JSON.stringify({ ...result, version: process.version })}\n`, () => process.exit(0));
