// Other people's servers for our clients: a softIoc (CA and QSRV), caproto's server, p4p's and core-pva's.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { peerPython } from '../../ioc/python';
import { freePort, pvaEnvironment, startSoftIoc } from '../../ioc/softIoc';
import { corePvaCommand, corePvaEnvironment } from '../corePva';
import type { PeerServer } from './ourClient';

const kinds = ['double', 'enum', 'string', 'array', 'counter', 'slow', 'done'] as const;
const named = (prefix: string): PeerServer['names'] => Object.fromEntries(kinds.map((kind) => [kind, `${prefix}${kind}`])) as PeerServer['names'];
const epicsNames = { double: 'E2E:ao', enum: 'E2E:mbbo', string: 'E2E:string', array: 'E2E:doubles', counter: 'E2E:counter', slow: 'E2E:slow', done: 'E2E:slow:done' };

export async function softIocServer(): Promise<PeerServer> {
  const ioc = await startSoftIoc({ pva: true });
  return { environment: ioc.environment, names: epicsNames, kill: () => ioc.kill(), start: () => ioc.start() };
}

export async function caprotoServer(): Promise<PeerServer> {
  const port = await freePort();
  const client = { EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(port), EPICS_CA_REPEATER_PORT: String(await freePort()) };
  return pythonServer('caproto_server.py', client, { ...client, EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1', EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1', EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO' });
}

export async function p4pServer(): Promise<PeerServer> {
  const environment = pvaEnvironment({ tcp: await freePort(), udp: await freePort() });
  return pythonServer('p4p_server.py', environment, environment);
}

/** `keychains`: both sides by TLS. */
export async function corePvaServer(keychains?: { readonly client: string; readonly server: string }, more: Readonly<Record<string, string>> = {}): Promise<PeerServer> {
  const environment = pvaEnvironment({ tcp: await freePort(), udp: await freePort() });
  const own = corePvaEnvironment(keychains ? { server: keychains.server, tlsPort: await freePort() } : {});
  const client = { ...environment, ...(keychains ? { EPICS_PVA_TLS_KEYCHAIN: keychains.client } : {}) };
  return commandServer(await corePvaCommand('InteropServer'), client, { ...environment, ...own, ...more });
}

function pythonServer(script: string, environment: Record<string, string>, serverEnvironment: Record<string, string>): Promise<PeerServer> {
  return commandServer([peerPython(), fileURLToPath(new URL(script, import.meta.url))], environment, serverEnvironment);
}

async function commandServer(command: readonly [string, ...string[]], environment: Record<string, string>, serverEnvironment: Record<string, string>): Promise<PeerServer> {
  let child: ChildProcess | null = null;
  const server: PeerServer = {
    environment, names: named('T:'),
    async kill() {
      const running = child;
      child = null;
      if (!running || running.exitCode !== null) return;
      await new Promise<void>((resolve) => { running.once('exit', () => resolve()); running.kill('SIGKILL'); });
    },
    async start() { child = await launch(command, serverEnvironment); },
  };
  await server.start();
  return server;
}

function launch([program, ...args]: readonly [string, ...string[]], environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`${program} ${args.join(' ')} was not ready in time:\n${said}`)); }, 60_000);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes('READY')) return;
      clearTimeout(timer);
      resolve(child);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`${program} ${args.join(' ')} ended with code ${code}:\n${said}`)); });
  });
}
