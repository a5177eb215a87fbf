// Starts the p4p server of the tests on loopback, on ports of its own.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerPython } from '../ioc/python';
import { freePort, pvaEnvironment } from '../ioc/softIoc';

const folder = dirname(fileURLToPath(import.meta.url));
const readyTimeout = 30_000;

export interface P4pServer {
  readonly environment: Readonly<Record<string, string>>;
  readonly tcpPort: number;
  /** Ends the PV P4P:ending. */
  closePv(): void;
  stop(): Promise<void>;
}

/** `udp`: its search port, where that is not to be a free one. */
export async function startP4pServer({ udp }: { udp?: number } = {}): Promise<P4pServer> {
  const tcpPort = await freePort();
  const environment = pvaEnvironment({ tcp: tcpPort, udp: udp ?? await freePort() });
  const child = spawn(peerPython(), [join(folder, 'python', 'p4p_server.py')], { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => reject(new Error(`The p4p server ${why}:\n${said}`));
    const timer = setTimeout(() => { child.kill('SIGKILL'); fail('was not ready in time'); }, readyTimeout);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes('READY')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => { clearTimeout(timer); fail(`ended with code ${code}`); });
  });
  return {
    environment, tcpPort,
    closePv: () => { child.stdin.write('close\n'); },
    stop: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    }),
  };
}
