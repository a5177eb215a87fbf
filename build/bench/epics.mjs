// The EPICS benchmark: our Channel Access client against pyepics, on one real IOC, in turns, printed as ratios.
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPython, root } from '../provision.mjs';
import { printRow, spread } from './statistics.mjs';

const execute = promisify(execFile);
const here = (file) => join(root, 'build', 'bench', file);
const scanned = 5000;

/** `better` says which way the ratio ours / peer is good. */
const measurements = [
  { metric: 'connect', channels: 1000, figure: 'seconds', title: 'connect 1,000 channels', unit: 's', better: 'lower' },
  { metric: 'get', channels: 1, figure: 'median', title: 'get, median', unit: 'us', better: 'lower' },
  { metric: 'get', channels: 1, figure: 'p99', title: 'get, p99', unit: 'us', better: 'lower' },
  { metric: 'put', channels: 1, figure: 'median', title: 'put-callback, median', unit: 'us', better: 'lower' },
  { metric: 'wave', channels: 1, figure: 'megabytesPerSecond', title: '1,000,000 doubles', unit: 'MB/s', better: 'higher' },
  { metric: 'monitor', channels: scanned, figure: 'perSecond', title: `monitors, ${scanned} channels x 10 Hz, received`, unit: '1/s', better: 'higher' },
  { metric: 'monitor', channels: scanned, figure: 'cpuPerEvent', title: 'monitors, CPU an event', unit: 'us', better: 'lower' },
];

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

async function startIoc(python, env) {
  const child = spawn(python, [here('epicsIoc.py'), String(scanned)], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    let seen = '';
    child.stdout.on('data', (data) => { seen += data; if (seen.includes('READY')) resolve(); });
    child.on('exit', (code) => reject(new Error(`The IOC ended before it was ready (exit code ${code}).`)));
  });
  return () => child.kill();
}

export async function benchEpics({ repeats = 5, json = false }) {
  const python = installPython();
  const [port, repeater] = [await freePort(), await freePort()];
  const env = {
    ...process.env, EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(port), EPICS_CA_REPEATER_PORT: String(repeater),
    EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1', EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO', EPICS_CA_MAX_ARRAY_BYTES: '20000000',
  };
  const clients = {
    ours: (m) => execute(process.execPath, [here('ourClient.mjs'), m.metric, String(m.channels)], { env }),
    pyepics: (m) => execute(python, [here('pyepicsClient.py'), m.metric, String(m.channels)], { env }),
  };
  const stop = await startIoc(python, env);
  try {
    for (const metric of new Set(measurements.map((m) => m.metric))) {
      const rows = measurements.filter((m) => m.metric === metric);
      const samples = { ours: [], pyepics: [] };
      for (let i = 0; i < repeats; i += 1) for (const [name, client] of Object.entries(clients)) samples[name].push(JSON.parse((await client(rows[0])).stdout));
      for (const row of rows) {
        const ours = spread(samples.ours.map((s) => s[row.figure]));
        const peer = { ...spread(samples.pyepics.map((s) => s[row.figure])), version: samples.pyepics[0].version };
        printRow({ bench: 'epics', metric: row.title, unit: row.unit, better: row.better, ours, peers: { pyepics: peer } }, json);
      }
    }
  } finally {
    stop();
  }
}
