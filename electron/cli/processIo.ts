// The command's world in a real process: its streams, its interruption, its profile and its PVs.
import { setMaxListeners } from 'node:events';
import { userInfo } from 'node:os';
import { standardPaths } from '../paths';
import type { DiagnosticEvent } from 'epics-ioc-connection';
import type { PvService } from '../pv';
import type { Paths } from '../room';
import type { ActiveProfile } from '../settings';
import type { CliIo } from './command';
import { chooseProfile } from './chooseProfile';
import { connectPvs, type ConnectedPvs } from './connectPvs';
import { toJson } from './json';

export class ProcessIo implements CliIo {
  json = false;
  readonly paths: Paths;
  readonly environment = process.env;
  readonly user = userName();
  /** Nobody reads stdout any more (`endstation monitor X | head -1`): no failure. */
  readerLeft = false;
  #profileName: string | null = null;
  #profile: ActiveProfile | null = null;
  #controller = new AbortController();
  #pvs: Promise<ConnectedPvs> | null = null;

  constructor(builtMain: string) {
    this.paths = standardPaths(builtMain);
    // Every request of a command listens to it, however many there are.
    setMaxListeners(0, this.#controller.signal);
    process.stdout.on('error', () => {
      this.readerLeft = true;
      this.interrupt();
    });
    process.stderr.on('error', () => undefined);
  }

  get profileName(): string | null { return this.#profileName; }
  get signal(): AbortSignal { return this.#controller.signal; }

  configure(globals: { json: boolean; profile: string | null }): void {
    this.json = globals.json;
    this.#profileName = globals.profile;
  }

  interrupt(): void { this.#controller.abort(); }

  out(line: string): void { if (!this.readerLeft) process.stdout.write(`${line}\n`); }
  outJson(value: unknown): void { this.out(toJson(value)); }
  err(line: string): void { process.stderr.write(`${line}\n`); }

  profile(): ActiveProfile {
    this.#profile ??= chooseProfile(this.#profileName, this.environment, this.paths);
    return this.#profile;
  }

  async openPvs(onNetwork?: (event: DiagnosticEvent) => void): Promise<PvService> {
    this.#pvs ??= connectPvs(this.profile(), this, onNetwork);
    return (await this.#pvs).access;
  }

  async close(): Promise<void> {
    const pvs = this.#pvs;
    this.#pvs = null;
    // What failed to connect has been told by its command.
    await pvs?.then((connected) => connected.close(), () => undefined);
  }

  /** Until stdout has taken everything. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      if (this.readerLeft || process.stdout.writableLength === 0) resolve();
      else process.stdout.write('', () => resolve());
    });
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list.
    return process.env['USER'] ?? 'unknown';
  }
}
