// The EPICS benchmark: our clients and everybody else's on one real IOC, in turns, as medians and ratios; then our server, then the bare socket.
import { installPython } from '../provision.mjs';
import { drawFlames } from './epics/flame.mjs';
import { measureFloor } from './epics/floor.mjs';
import { loopbackOnly, startIoc } from './epics/ioc.mjs';
import { metrics } from './epics/metrics.mjs';
import { installCompilers, preparePeers, requirements } from './epics/peers.mjs';
import { measureServer, serverKeys } from './epics/server.mjs';
import { printRow, spread } from './statistics.mjs';

const protocols = { ca: 'Channel Access', pva: 'pvAccess' };

/** `only`: parts such as `ca`, `get`, `monitor-1000`, `server`, `floor`; a part that is no protocol is measured with both; `flame` alone draws where our clients' time goes. `peers`: names, or null for all. */
export async function benchEpics({ repeats = 5, json = false, only = null, peers = null }) {
  const parts = [...Object.keys(protocols), ...metrics.map(({ key }) => key), ...serverKeys, 'server', 'floor', 'flame'];
  const unknown = only?.find((part) => !parts.includes(part));
  if (unknown) throw new Error(`The EPICS benchmark has no part "${unknown}". Parts: ${parts.join(', ')}.`);
  const say = (text) => { if (json) console.error(text); else console.log(text); };
  installCompilers(say);
  const python = installPython(requirements);
  const env = await loopbackOnly();
  const wants = (part, whole) => only === null || only.includes(part) || (only.includes(whole) && !parts.some((other) => only.includes(other) && other !== whole && !(other in protocols)));

  if (only?.includes('flame')) {
    if (only.length > 1) throw new Error('What is profiled is not measured: give `--only flame` by itself.');
    return withIoc(python, env, (ioc) => drawFlames(protocols, { python, env, ioc, say }));
  }
  if (wants('floor', 'floor')) await measureFloor({ repeats, json });
  const wantedProtocols = Object.keys(protocols).filter((protocol) => !only?.some((part) => part in protocols) || only.includes(protocol));
  const wantedMetrics = metrics.filter(({ key }) => only === null || only.includes(key) || only.every((part) => part in protocols));
  if (wantedMetrics.length > 0) {
    await withIoc(python, env, async (ioc) => {
      for (const protocol of wantedProtocols) await measureClients(protocol, wantedMetrics, preparePeers(protocol, python, peers, say), { env, ioc, repeats, json, say });
    });
  }
  const wantedServer = serverKeys.filter((key) => only === null || only.includes(key) || only.includes('server'));
  if (wantedServer.length > 0) await measureServer(wantedServer, { python, repeats, json });
}

async function withIoc(python, env, act) {
  const ioc = await startIoc(python, env);
  try {
    await act(ioc);
  } finally {
    ioc.stop();
  }
}

async function measureClients(protocol, wanted, clients, { env, ioc, repeats, json, say }) {
  for (const metric of wanted) {
    const samples = new Map(clients.map(({ name }) => [name, []]));
    const able = clients.filter((client) => !client.without.includes(metric.key) && (client.name === 'ours' || metric.peers?.includes(client.name) !== false));
    for (let round = 0; round < repeats; round += 1) {
      for (const { name, command } of able) {
        try {
          samples.get(name).push(await metric.sample(metric, command, [protocol], env, ioc));
        } catch (error) {
          say(`${name}, ${metric.key}: ${error.message}`);
        }
      }
    }
    for (const row of metric.rows) {
      const of = (name) => ({ ...spread(samples.get(name).map((sample) => sample[row.figure])), version: samples.get(name)[0]?.version });
      const others = Object.fromEntries(clients.slice(1).filter(({ name }) => samples.get(name).length > 0).map(({ name }) => [name, of(name)]));
      const title = `${protocols[protocol]}: ${row.title}`;
      if (samples.get('ours').length > 0) printRow({ bench: 'epics', metric: title, unit: row.unit, better: row.better, ours: of('ours'), peers: others, wanted: row.wanted }, json);
    }
  }
}
