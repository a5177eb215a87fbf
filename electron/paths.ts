// Where the application's files are, on each platform. Both hosts and the command line use the same places.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Paths } from './room';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `builtMain`: the folder of `main.cjs` and `cli.cjs` (`__dirname` of an entry file); the rest of the build lies beside it.
 * ENDSTATION_HOME moves settings and profiles, ENDSTATION_DATA the runs.
 */
export function standardPaths(builtMain: string, environment: Environment = process.env): Paths {
  return {
    workers: builtMain,
    resources: resolve(builtMain, '../resources'),
    user: resolve(environment['ENDSTATION_HOME'] ?? join(configurationFolder(environment), 'endstation')),
    data: resolve(environment['ENDSTATION_DATA'] ?? join(homedir(), 'endstation-data')),
  };
}

/** The built user interface, which the hosts show or serve. */
export function rendererFolder(builtMain: string): string {
  return resolve(builtMain, '../renderer');
}

function configurationFolder(environment: Environment): string {
  if (process.platform === 'win32') return environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
}

/** Of this build, from the package.json that lies beside it in a checkout and in an installed application alike. */
export function applicationVersion(builtMain: string): string {
  const { version } = JSON.parse(readFileSync(resolve(builtMain, '../../package.json'), 'utf8')) as { version: string };
  return version;
}
