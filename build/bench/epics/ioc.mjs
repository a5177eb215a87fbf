// Starts the benchmark's IOC on loopback with ports of its own, and drives the generator inside it.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { folder, headers, source } from './peers.mjs';
import { benchRecords } from './records.mjs';

async function freePorts(n) {
  const servers = Array.from({ length: n }, () => createServer());
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); })));
  const ports = servers.map((server) => String(server.address().port));
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
  return ports;
}

/** The environment of clients and servers that see each other and nothing else. */
export async function loopbackOnly() {
  const [ca, repeater, pva, broadcast] = await freePorts(4);
  return {
    ...process.env,
    EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: ca, EPICS_CA_REPEATER_PORT: repeater,
    EPICS_CA_MAX_ARRAY_BYTES: '20000000', EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1', EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_PVA_ADDR_LIST: '127.0.0.1', EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_SERVER_PORT: pva, EPICS_PVA_BROADCAST_PORT: broadcast,
    EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_PVAS_BEACON_ADDR_LIST: '127.0.0.1', EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_PVAS_SERVER_PORT: pva, EPICS_PVAS_BROADCAST_PORT: broadcast,
  };
}

/** What it writes to stderr goes to a file: it is no part of the benchmark's output. */
export async function startIoc(python, env) {
  mkdirSync(folder, { recursive: true });
  const [database, generator, log] = [join(folder, 'bench.db'), join(folder, 'generator.so'), join(folder, 'ioc.log')];
  writeFileSync(database, benchRecords());
  execFileSync('gcc', ['-O2', '-w', '-fPIC', '-shared', ...headers(python), '-o', generator, source('generator.c'), '-Wl,--allow-shlib-undefined', '-lm']);
  const child = spawn(python, [source('ioc.py'), database, generator], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(log));
  const lines = createInterface({ input: child.stdout });
  const waiting = [];
  lines.on('line', (line) => waiting.shift()?.resolve(line));
  child.on('exit', (code) => { for (const { reject } of waiting.splice(0)) reject(new Error(`The IOC ended (exit code ${code}): see ${log}.`)); });
  const answer = () => new Promise((resolve, reject) => { waiting.push({ resolve, reject }); });
  const ask = (command) => {
    const reply = answer();
    child.stdin.write(`${command}\n`);
    return reply;
  };
  while (await answer() !== 'READY');
  return {
    /** Updates made. `rate` 0: as fast as can be. */
    generate: async (channels, rate, seconds) => Number(await ask(`generate ${channels} ${rate} ${seconds}`)),
    gate: (stopped) => ask(`gate ${stopped ? 1 : 0}`),
    stop: () => { child.stdin.end(); },
  };
}
