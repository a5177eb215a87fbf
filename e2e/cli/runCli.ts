// Runs the built command line as a user does, in a home of its own, and collects what it printed.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's, or another build's `cli.cjs`. */
const program = process.env['ENDSTATION_CLI'] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'build', 'endstation.mjs');

export interface Ended { readonly code: number | null; readonly lines: string[]; readonly json: Record<string, unknown>[]; readonly stderr: string }
export interface Running {
  readonly ended: Promise<Ended>;
  /** The n-th line of stdout, from 1, once it is there. Fails when the command ends before. */
  line(n: number): Promise<string>;
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
}

/** A simulated beamline that `cli` runs, and a home whose commands go to it. `end` ends both. */
export async function beamlineOf(cli: CliHome): Promise<{ readonly beamline: CliHome; end(): Promise<void> }> {
  const server = cli.start('ioc', '--json');
  const { caPort } = JSON.parse(await server.line(1)) as { caPort: number };
  const beamline = new CliHome({ EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(caPort) });
  return {
    beamline,
    async end() {
      server.signal('SIGTERM');
      await server.ended;
      beamline.remove();
    },
  };
}

export class CliHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'endstation-cli-'));
  readonly home = join(this.folder, 'home');
  readonly #running = new Set<ChildProcess>();

  /** `environment`: on top of a machine without any EPICS variable. */
  constructor(private readonly environment: Readonly<Record<string, string>> = {}) {}

  start(...args: string[]): Running {
    const machine = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EPICS_')));
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...machine, ENDSTATION_HOME: this.home, ENDSTATION_DATA: join(this.folder, 'data'), ...this.environment }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    let out = '';
    let err = '';
    let code: number | null | undefined;
    const waiting = new Set<() => void>();
    const news = () => { for (const look of [...waiting]) look(); };
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); news(); });
    child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
    const lines = () => out.split('\n').slice(0, -1);
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => {
        this.#running.delete(child);
        code = status;
        news();
        const json = lines().flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
        resolve({ code: status, lines: lines(), json, stderr: err });
      });
    });
    return {
      ended,
      line: (n) => new Promise((resolve, reject) => {
        const look = () => {
          const line = lines()[n - 1];
          if (line === undefined && code === undefined) return;
          waiting.delete(look);
          if (line === undefined) reject(new Error(`It ended with ${code} before line ${n}:\n${out}${err}`));
          else resolve(line);
        };
        waiting.add(look);
        look();
      }),
      signal: (name) => { child.kill(name); },
    };
  }

  run(...args: string[]): Promise<Ended> { return this.start(...args).ended; }
  /** Ends what a failed test left running. */
  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
