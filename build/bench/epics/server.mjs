// Our server under load: many updates to several clients, many clients, and a client that does not read.
import { printRow, spread } from '../statistics.mjs';
import { counted, withProgram } from './clientRuns.mjs';
import { loopbackOnly } from './ioc.mjs';
import { source } from './peers.mjs';

const oursServer = [process.execPath, source('peers/oursServer.mjs')];
const oursClient = [process.execPath, source('peers/oursClient.mjs')];
const sleep = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
const seconds = 3;

/** Starts the server, then `act` with the clients' environment and a function that asks the server. */
async function withServer(act) {
  const env = await loopbackOnly();
  return withProgram(oursServer, [env.EPICS_CA_SERVER_PORT], env, async (server) => {
    await server.until('READY');
    return act(env, (command) => server.ask(command));
  });
}

/** Several clients count while the server updates once for all of them. */
function together(programs, update) {
  let ready = 0;
  let go;
  const updated = new Promise((resolve, reject) => { go = () => { update().then(resolve, reject); }; });
  return Promise.all(programs.map((program) => counted(program, () => {
    ready += 1;
    if (ready === programs.length) go();
    return updated;
  })));
}

/** 1,000 PVs at 50,000 updates/s, to three pyepics clients and one of ours. */
const manyUpdates = (python) => withServer((env, ask) =>
  withProgram(oursClient, ['served', 1000, 'ca'], env, (ours) => withProgram([python, source('peers/pyepicsClient.py')], ['served', 1000], env, (first) =>
    withProgram([python, source('peers/pyepicsClient.py')], ['served', 1000], env, (second) => withProgram([python, source('peers/pyepicsClient.py')], ['served', 1000], env, async (third) => {
      const before = await ask('used');
      const [fast, ...slow] = await together([ours, first, second, third], () => ask(`generate 50000 ${seconds}`));
      const after = await ask('used');
      return { fast: fast.lost, slow: Math.max(...slow.map(({ lost }) => lost)), perSecond: fast.perSecond, cpu: ((after.cpu - before.cpu) / (50_000 * seconds)) * 1e6, memory: after.memory };
    })))));

/** 100 circuits with 100 monitors each: 5,000 updates/s, each to ten of them. */
const manyClients = () => withServer((env, ask) => withProgram([process.execPath, source('peers/manyClient.mjs')], [], env, async (clients) => {
  const before = await ask('used');
  const { lost } = await counted(clients, async () => 10 * await ask(`generate 5000 ${seconds}`));
  const after = await ask('used');
  return { lost, cpu: ((after.cpu - before.cpu) / (50_000 * seconds)) * 1e6, memory: after.memory };
}));

/** One of two clients is stopped as a debugger stops it: its socket fills up. */
const stalled = () => withServer((env, ask) => withProgram(oursClient, ['served', 1000, 'ca'], env, (other) =>
  withProgram(oursClient, ['served', 1000, 'ca'], env, async (stopped) => {
    await stopped.until('READY');
    await ask('generate 50000 1');
    const before = await ask('used');
    process.kill(stopped.pid, 'SIGSTOP');
    const { lost } = await counted(other, () => ask(`generate 50000 ${seconds}`));
    await sleep(0.5);
    const after = await ask('used');
    process.kill(stopped.pid, 'SIGCONT');
    return { lost, growth: after.memory - before.memory };
  })));

const runs = {
  'server-rate': {
    sample: manyUpdates, rows: [
      ['1,000 PVs at 50 k/s to 3 pyepics and ours: lost by ours', 'fast', '%'], ['... lost by the slowest pyepics', 'slow', '%'],
      ['... received by ours', 'perSecond', '1/s', 'higher'], ['... CPU an update to 4 clients', 'cpu', 'us'], ['... memory', 'memory', 'MB'],
    ],
  },
  'server-many': { sample: manyClients, rows: [['100 clients x 100 monitors at 50 k/s: lost', 'lost', '%'], ['... CPU an event', 'cpu', 'us'], ['... memory', 'memory', 'MB']] },
  'server-stalled': { sample: stalled, rows: [['one client of two stopped, 50 k/s for 3 s: lost by the other', 'lost', '%'], ['... memory that the stopped one costs', 'growth', 'MB']] },
};
export const serverKeys = Object.keys(runs);

export async function measureServer(keys, { python, repeats, json }) {
  for (const key of keys) {
    const { sample, rows } = runs[key];
    const samples = [];
    for (let i = 0; i < repeats; i += 1) samples.push(await sample(python));
    for (const [title, figure, unit, better = 'lower'] of rows) {
      printRow({ bench: 'epics', metric: `our server: ${title}`, unit, better, ours: spread(samples.map((one) => one[figure])), peers: {} }, json);
    }
  }
}
