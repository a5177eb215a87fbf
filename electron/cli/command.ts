// What a command of the command line is, and what it is given. Each is one file of this folder that exports `command`.
import type { DiagnosticEvent } from 'epics-ioc-connection';
import type { Paths } from '../room';
import type { PvService } from '../pv';
import type { ActiveProfile } from '../settings/activeProfile';

export interface CliIo {
  /** `--json`: stdout carries one JSON value a line and nothing else. */
  readonly json: boolean;
  /** One line to stdout. */
  out(line: string): void;
  /** One JSON value to stdout: NaN and infinities become strings, typed arrays become arrays. */
  outJson(value: unknown): void;
  /** One line to stderr: messages, progress, errors. */
  err(line: string): void;
  /** Fired by SIGINT, SIGTERM, or a stdout that nobody reads any more. The process ends within a second of it, whatever happens. */
  readonly signal: AbortSignal;
  readonly paths: Paths;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As written to the record of writes. */
  readonly user: string;
  /** `--profile` as it was given; null without one. */
  readonly profileName: string | null;
  /** The profile of `--profile`, else the EPICS variables' one where any is set, else the simulation. Throws where it is broken. */
  profile(): ActiveProfile;
  /** PVs of that profile; the first call connects, and starts the simulated beamline in this process where the profile is the simulation. Closed after `run`. `onNetwork` hears what that call's clients do on the network. */
  openPvs(onNetwork?: (event: DiagnosticEvent) => void): Promise<PvService>;
}

export interface CliCommand {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Lines as `endstation get PV... [--timeout 3]`. */
  readonly usage: readonly string[];
  /** `--` only separates (`scan DET -- MOTOR 0 1 5 --json`); elsewhere it ends the options. */
  readonly dashesSeparate?: boolean;
  /** `args` without `--json` and `--profile`. Returns the exit code: 0 done, 1 failed. Throw `UsageError` for 2; any other error is printed and gives 1. */
  run(args: readonly string[], io: CliIo): Promise<number>;
}

/** Wrong use of a command: printed with the usage, exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';
  override readonly name = 'UsageError';
}
