// Runs the tests' Java programs on core-pva, the pvAccess of Phoebus, which speaks TLS. Its jars are fetched by `npm test`, or named by ENDSTATION_CORE_PVA.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sources = fileURLToPath(new URL('java/', import.meta.url));
/** Quick to begin, and small. */
const jvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', '-Djava.net.preferIPv4Stack=true'];

function jars(): string {
  const named = process.env['ENDSTATION_CORE_PVA'];
  if (named) return named;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'endstation-dev');
  const [newest] = (existsSync(cache) ? readdirSync(cache) : [])
    .filter((name) => name.startsWith('core-pva-') && existsSync(join(cache, name, 'complete'))).map((name) => join(cache, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!newest) throw new Error('core-pva was not found: run `npm test` once, or set ENDSTATION_CORE_PVA to a folder with its jars.');
  return newest;
}

/** Compiled once for each state of the sources. */
async function classes(folder: string): Promise<string> {
  const files = readdirSync(sources).filter((name) => name.endsWith('.java')).sort().map((name) => join(sources, name));
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const target = join(folder, `classes-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(target)) return target;
  const made = `${target}.${process.pid}`;
  mkdirSync(made);
  await run('javac', ['-encoding', 'UTF-8', '-cp', join(folder, '*'), '-d', made, ...files]);
  // Another process may have been quicker.
  try { renameSync(made, target); } catch { rmSync(made, { recursive: true }); }
  return target;
}

/** The command that runs one of the programs in `java/`. */
export async function corePvaCommand(program: string, ...args: readonly string[]): Promise<readonly [string, ...string[]]> {
  const folder = jars();
  return ['java', ...jvm, '-cp', `${await classes(folder)}:${join(folder, '*')}`, program, ...args];
}

/** What core-pva needs beside the variables of every pvAccess: loopback alone. `keychain` of a client, or of a server; without one it is plain TCP. */
export function corePvaEnvironment(keychains: { readonly client?: string; readonly server?: string; readonly tlsPort?: number } = {}): Record<string, string> {
  return {
    EPICS_PVA_ENABLE_IPV6: 'NO', EPICS_PVA_TLS_KEYCHAIN: keychains.client ?? '', EPICS_PVAS_TLS_KEYCHAIN: keychains.server ?? '',
    ...(keychains.tlsPort === undefined ? {} : { EPICS_PVAS_TLS_PORT: String(keychains.tlsPort) }),
  };
}
