// `npm run soak`: a client with monitors on 10,000 PVs of 20 of our servers, one of which is killed and started again every minute, and each once at first.
// Options: --minutes M (default 45, the warm-up included), --warm-up M (default 15: V8 compiles, and gives itself room, for so long), --servers N, --pvs N, --period MS (of a PV's updates), --csv FILE. Linux.
// Prints, and fails for: memory that grows by more than 1 MB/h beyond its error, descriptors that are not what they were, PVs that stay away or
// say nothing any more. The last line is PASS or FAIL.
import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: Object.fromEntries(['minutes', 'warm-up', 'servers', 'pvs', 'period', 'csv'].map((name) => [name, { type: 'string' }])) });
const number = (name, otherwise) => Number(values[name] ?? otherwise);
const [minutes, warmUp, serverCount, pvCount, period] = [number('minutes', 45), number('warm-up', 15), number('servers', 20), number('pvs', 10_000), number('period', 10_000)];
if (![minutes, warmUp, serverCount, pvCount, period].every((value) => value > 0) || warmUp >= minutes) throw new Error('Give numbers greater than 0, and a warm-up shorter than the minutes.');
const sampleEvery = 10_000;
const restartEvery = 60_000;
/** A channel that was away once holds a little more than one that never was: each server is started again once while it warms up. */
const restartEveryAtFirst = Math.max((warmUp * 60_000) / serverCount - 1000, 5000);
const folder = mkdtempSync(join(tmpdir(), 'endstation-soak-'));
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const mb = (bytes) => (bytes / 2 ** 20).toFixed(2);

await build({
  configFile: false, logLevel: 'warn', root,
  build: {
    ssr: true, target: 'node16', outDir: folder, emptyOutDir: false, minify: false,
    lib: {
      entry: Object.fromEntries(['soakServer', 'soakClient'].map((name) => [name, join(root, `electron/epics-ioc-connection/test/soak/${name}.ts`)])),
      formats: ['cjs'], fileName: (_format, name) => `${name}.cjs`,
    },
  },
});

/** Below those that systems give out by themselves, so that a server that is down for a moment finds its own free. */
const ports = { next: 30_000 + process.pid % 1000, end: 32_700 };

async function freePort() {
  for (; ports.next < ports.end; ports.next += 1) if (await isFree(ports.next)) return (ports.next += 1) - 1;
  throw new Error('No port is free on loopback.');
}

/** For TCP and UDP alike. */
async function isFree(port) {
  const server = createServer();
  const socket = createSocket('udp4');
  const tcp = await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  const udp = await new Promise((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => resolve(true));
  });
  socket.close();
  if (tcp) await new Promise((resolve) => { server.close(resolve); });
  return tcp && udp;
}

const perServer = Math.round(pvCount / serverCount);
const servers = [];
for (let i = 0; i < serverCount; i += 1) {
  const protocol = i % 2 === 0 ? 'ca' : 'pva';
  const port = await freePort();
  servers.push({ protocol, port, udpPort: protocol === 'ca' ? port : await freePort(), prefix: `SOAK:${i}:`, child: null });
}

async function start(server) {
  const { protocol, port, udpPort, prefix } = server;
  server.child = fork(join(folder, 'soakServer.cjs'), [protocol, port, udpPort, prefix, perServer, period].map(String));
  await new Promise((resolve, reject) => {
    server.child.once('message', resolve);
    server.child.once('exit', (code) => reject(new Error(`A server ended with code ${code}.`)));
  });
}

async function restart(server) {
  const gone = new Promise((resolve) => { server.child.removeAllListeners('exit').once('exit', resolve); });
  server.child.kill('SIGKILL');
  await gone;
  for (let attempt = 1; ; attempt += 1) {
    await pause(2000);
    try {
      return await start(server);
    } catch (error) {
      // Somebody else had its port for a moment.
      if (attempt === 5) throw error;
    }
  }
}

/**
 * Least squares: the slope per hour and its standard error. Neighbouring samples are not independent: the points are the least of each minute,
 * which is what is held, without what waits to be collected.
 */
function slope(samples, of) {
  const byMinute = new Map();
  for (const sample of samples) byMinute.set(Math.floor(sample.hours * 60), [...byMinute.get(Math.floor(sample.hours * 60)) ?? [], sample]);
  const points = [...byMinute.values()].map((list) => ({ x: mean(list.map(({ hours }) => hours)), y: Math.min(...list.map(of)) }));
  const [mx, my] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const sxx = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  const value = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / sxx;
  const residual = points.reduce((sum, { x, y }) => sum + (y - my - value * (x - mx)) ** 2, 0);
  return { value, error: Math.sqrt(residual / Math.max(points.length - 2, 1) / sxx) };
}
const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;

// The young generation has one size: else the collector gives itself more room, or less, by how busy the machine is, and RSS tells that.
const client = fork(join(folder, 'soakClient.cjs'), [], { execArgv: ['--expose-gc', '--min-semi-space-size=4', '--max-semi-space-size=4'] });
const ask = () => new Promise((resolve) => {
  client.once('message', resolve);
  client.send('report');
});

let problems = ['It did not come to its end.'];
try {
  await Promise.all(servers.map(start));
  const of = (protocol) => servers.filter((server) => server.protocol === protocol);
  const namesOf = (protocol) => of(protocol).flatMap(({ prefix }) => Array.from({ length: perServer }, (_, i) => `${prefix}${i}`));
  client.send({
    caAddresses: of('ca').map(({ udpPort }) => `127.0.0.1:${udpPort}`), pvaAddresses: of('pva').map(({ udpPort }) => `127.0.0.1:${udpPort}`),
    names: { ca: namesOf('ca'), pva: namesOf('pva') }, period,
  });
  const began = Date.now();
  const samples = [];
  let restarts = 0;
  let restarting = null;
  let nextRestart = began + restartEveryAtFirst;
  const all = perServer * serverCount;
  if (values.csv) writeFileSync(values.csv, 'minutes,rss_mb,heap_mb,external_mb,descriptors,connected,updates,restarts\n');
  while (Date.now() - began < minutes * 60_000) {
    await pause(sampleEvery);
    const sample = { ...await ask(), hours: (Date.now() - began) / 3_600_000 };
    samples.push(sample);
    if (values.csv) appendFileSync(values.csv, `${[(sample.hours * 60).toFixed(2), mb(sample.rss), mb(sample.heapUsed), mb(sample.external), sample.descriptors, sample.connected, sample.updates, restarts].join()}\n`);
    if (samples.length % 6 === 0) console.log(`${(sample.hours * 60).toFixed(1)} min: RSS ${mb(sample.rss)} MB, heap ${mb(sample.heapUsed)} MB, ${sample.descriptors} descriptors, ${sample.connected} of ${all} connected, ${sample.updates.toLocaleString('en')} updates, ${restarts} restarts`);
    if (!restarting && Date.now() >= nextRestart && Date.now() - began < minutes * 60_000 - restartEvery / 2) {
      nextRestart += restarts < serverCount ? restartEveryAtFirst : restartEvery;
      restarting = restart(servers[restarts % serverCount]).then(() => { restarts += 1; restarting = null; });
    }
  }
  await restarting;
  let last = samples.at(-1);
  for (let patience = 60; (last.connected < all || last.silent > 0) && patience > 0; patience -= 1) {
    await pause(1000);
    last = await ask();
  }
  const steady = samples.filter(({ hours }) => hours * 60 >= warmUp);
  const rss = slope(steady, (sample) => sample.rss / 2 ** 20);
  const held = slope(steady, (sample) => (sample.heapUsed + sample.external) / 2 ** 20);
  // A sample may fall into a restart: then a circuit is missing, or being opened.
  const descriptors = steady.filter(({ connected }) => connected === all).map((sample) => sample.descriptors);
  const [first] = steady;
  const [before = 0] = descriptors;
  console.log(`${pvCount} PVs, ${serverCount} servers, ${minutes} min, ${restarts} restarts, ${last.updates.toLocaleString('en')} updates, ${((last.cpu.user + last.cpu.system) / 1e6).toFixed(1)} s of CPU`);
  console.log(`heap and buffers after a collection: ${mb(first.heapUsed + first.external)} MB, at the end ${mb(steady.at(-1).heapUsed + steady.at(-1).external)} MB; slope ${held.value.toFixed(2)} +- ${held.error.toFixed(2)} MB/h`);
  console.log(`connected at the end: ${last.connected} of ${all}; circuits ${last.circuits}; connected and without an update for three periods: ${last.silent}`);
  console.log(`RSS slope after ${warmUp} min of warm-up: ${rss.value.toFixed(2)} +- ${rss.error.toFixed(2)} MB/h (${mb(first.rss)} MB then, ${mb(steady.at(-1).rss)} MB at the end)`);
  console.log(`descriptors: ${before} after the warm-up, ${Math.min(...descriptors)} to ${Math.max(...descriptors)} since, ${last.descriptors} at the end`);
  problems = [
    rss.value - 2 * rss.error > 1 && 'RSS grows by more than 1 MB/h.',
    // What is held is known far better than RSS, which goes up and down with the collector's own room.
    minutes - warmUp >= 10 && held.value - 2 * held.error > 1 && 'Heap and buffers grow by more than 1 MB/h.',
    (descriptors.length === 0 || Math.max(...descriptors) > before || last.descriptors > before) && 'More descriptors are open than after the warm-up.',
    restarts < Math.floor(minutes - warmUp) - 2 && `Only ${restarts} restarts took place.`,
    last.connected < all && 'Some PVs did not come back.',
    last.silent > 0 && 'Some PVs are connected and say nothing any more.',
  ].filter(Boolean);
} finally {
  client.kill();
  for (const { child } of servers) child?.removeAllListeners('exit').kill();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(problem);
console.log(problems.length > 0 ? 'FAIL' : 'PASS');
process.exitCode = problems.length > 0 ? 1 : 0;
