// Starts, kills and restarts a real EPICS softIoc on loopback, on ports of its own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerPython } from './python';

const folder = dirname(fileURLToPath(import.meta.url));
const readyTimeout = 30_000;

export interface SoftIoc {
  readonly port: number;
  /** TCP, where it serves pvAccess; the UDP search port is in `environment`. */
  readonly pvaPort: number | null;
  /** What a client needs to find this IOC and nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  /** SIGKILL: connections break at once. */
  kill(): Promise<void>;
  /** On the same port, after `kill`. */
  start(): Promise<void>;
}

/** `many`: how many further 10 Hz records E2E:many:0000... to serve. `pva`: pvAccess too, on ports of its own. Resolves when the IOC is ready. */
export async function startSoftIoc(options: { many?: number; port?: number; pva?: boolean } = {}): Promise<SoftIoc> {
  const port = options.port ?? await freePort();
  const repeaterPort = await freePort();
  const pvaPorts = options.pva ? { tcp: await freePort(), udp: await freePort() } : null;
  const environment = {
    ...(pvaPorts ? pvaEnvironment(pvaPorts) : {}),
    EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(port), EPICS_CA_REPEATER_PORT: String(repeaterPort),
  };
  let child: ChildProcess | null = null;
  const ioc: SoftIoc = {
    port, pvaPort: pvaPorts?.tcp ?? null, environment,
    async kill() {
      const running = child;
      child = null;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      await new Promise<void>((resolve) => { running.once('exit', () => resolve()); running.kill('SIGKILL'); });
    },
    async start() {
      await ioc.kill();
      child = await launch(port, repeaterPort, environment, [String(options.many ?? 0), ...(pvaPorts ? ['pva'] : [])]);
    },
  };
  await ioc.start();
  return ioc;
}

/** Of a pvAccess server and its clients on loopback. */
export function pvaEnvironment(ports: { readonly tcp: number; readonly udp: number }): Record<string, string> {
  return {
    EPICS_PVA_ADDR_LIST: '127.0.0.1', EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_BROADCAST_PORT: String(ports.udp), EPICS_PVA_SERVER_PORT: String(ports.tcp),
    EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_PVAS_SERVER_PORT: String(ports.tcp), EPICS_PVAS_BROADCAST_PORT: String(ports.udp),
    EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO', EPICS_PVAS_BEACON_ADDR_LIST: '127.0.0.1',
  };
}

function launch(port: number, repeaterPort: number, environment: Record<string, string>, options: readonly string[]): Promise<ChildProcess> {
  const child = spawn(peerPython(), [join(folder, 'softioc.py'), ...options], {
    env: {
      ...process.env, ...environment, EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_CAS_SERVER_PORT: String(port),
      EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO', EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1', EPICS_CAS_BEACON_PORT: String(repeaterPort),
      EPICS_CA_MAX_ARRAY_BYTES: '20000000',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`The softIoc was not ready within ${readyTimeout / 1000} s:\n${said}`)); }, readyTimeout);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes('READY')) return;
      clearTimeout(timer);
      resolve(child);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.once('error', reject);
    child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`The softIoc ended with code ${code} before it was ready:\n${said}`)); });
  });
}

/** A port that is free now, for TCP and for UDP on loopback. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const server = createServer();
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const udp = createSocket('udp4');
    const both = await new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false));
      udp.bind(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise<void>((resolve) => { server.close(() => resolve()); });
    udp.close();
    if (both) return port;
  }
  throw new Error('No port was found that is free for TCP and UDP on loopback.');
}
