// The checks of `endstation doctor` that look at this machine.
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from '../room';
import type { ActiveProfile } from '../settings';
import { makeFolderSync } from '../files/makeFolder';

export interface Finding {
  readonly check: 'electron' | 'interpreter' | 'lab' | 'folder' | 'port' | 'profile' | 'pv' | 'network';
  /** `note`: worth knowing, nothing is wrong. */
  readonly level: 'ok' | 'note' | 'problem';
  readonly message: string;
  readonly [key: string]: unknown;
}
type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds for a program to say its version. */
const versionLimit = 3000;

/** Where an Electron runtime is, in the order in which the start looks for it; nothing is run or fetched. */
export function checkRuntime(environment: Environment, paths: Paths): Finding {
  if (process.versions['electron']) return { check: 'electron', level: 'ok', message: `Electron ${process.versions['electron']} runs this.`, version: process.versions['electron'] };
  const root = join(paths.workers, '..', '..');
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const places = override ? [override] : [join(root, 'node_modules', 'electron', 'dist')];
  const place = places.find((folder) => existsSync(join(folder, process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app' : 'electron')));
  if (place !== undefined) return { check: 'electron', level: 'ok', message: `Electron ${versionIn(place)} in ${place}.`, path: place };
  if (override) return { check: 'electron', level: 'problem', message: `ELECTRON_OVERRIDE_DIST_PATH is ${override}, but no Electron is there. Correct it or unset it.` };
  return { check: 'electron', level: 'note', message: 'No Electron runtime here: the start fetches it, or serves the same window to a browser.' };
}

function versionIn(folder: string): string {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim();
  } catch {
    return 'of unknown version';
  }
}

/** What the lab needs: Node, Python, a C compiler. */
export async function checkInterpreters(signal: AbortSignal): Promise<Finding[]> {
  const node: Finding = { check: 'interpreter', level: 'ok', message: `Node.js ${process.versions.node} (${process.execPath}).`, name: 'node', version: process.versions.node };
  const [python, compiler] = await Promise.all([
    firstVersion(['python3', 'python'], signal), firstVersion(['cc', 'gcc', 'clang'], signal),
  ]);
  return [
    node,
    python ? { check: 'interpreter', level: 'ok', message: `${python.text} (${python.program}).`, name: 'python', version: python.text }
      : { check: 'interpreter', level: 'note', message: 'No Python found: the lab\'s Python experiments need one (python3).', name: 'python' },
    compiler ? { check: 'interpreter', level: 'ok', message: `${compiler.text} (${compiler.program}).`, name: 'cc', version: compiler.text }
      : { check: 'interpreter', level: 'note', message: 'No C compiler found: the lab\'s C experiment needs one (gcc or clang).', name: 'cc' },
  ];
}

async function firstVersion(programs: readonly string[], signal: AbortSignal): Promise<{ program: string; text: string } | null> {
  for (const program of programs) {
    const text = await new Promise<string | null>((resolve) => {
      execFile(program, ['--version'], { timeout: versionLimit, signal }, (error, stdout, stderr) => resolve(error ? null : (stdout || stderr).split('\n')[0]?.trim() ?? ''));
    });
    if (text !== null) return { program, text };
  }
  return null;
}

export async function checkFolders(paths: Paths): Promise<Finding[]> {
  return [['settings', paths.user], ['runs', paths.data]].map(([what, folder]): Finding => {
    try {
      makeFolderSync(folder ?? '');
      accessSync(folder ?? '', constants.W_OK);
      return { check: 'folder', level: 'ok', message: `The folder of ${what} ${folder} can be written.`, path: folder };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { check: 'folder', level: 'problem', message: `The folder of ${what} ${folder} can not be written: ${why}. Make it writable, or choose another.`, path: folder };
    }
  });
}

/** The ports that Channel Access uses by default: taken by whom it concerns is no problem, but explains who answers. */
export async function checkPorts(): Promise<Finding[]> {
  return Promise.all([[5064, 'an IOC or a gateway runs on this machine'], [5065, 'the repeater of Channel Access runs on this machine']].map(async ([port, who]) => {
    const free = await udpFree(Number(port));
    return { check: 'port', level: free ? 'ok' : 'note', message: free ? `UDP port ${port} is free.` : `UDP port ${port} is taken: ${who}.`, port, free };
  }));
}

function udpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => { socket.close(); resolve(false); });
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}

export function checkProfile(active: ActiveProfile, environment: Environment): Finding[] {
  const { profile, kind, path } = active;
  const where = kind === 'simulation' ? 'at the simulated beamline on this machine' : kind === 'environment' ? 'as the EPICS_* variables say' : `as ${path ?? ''} says`;
  const first: Finding = { check: 'profile', level: 'ok', message: `Profile "${profile.name}": PVs are looked for ${where}.`, profile: profile.name, kind };
  const set = Object.entries(environment).filter(([name, value]) => name.startsWith('EPICS_') && value?.trim());
  const variables = set.map(([name, value]): Finding => ({ check: 'profile', level: 'note', message: `${name}=${value}${kind === 'environment' ? '' : ' (not used: another profile is in use)'}`, name, value }));
  const addresses = kind === 'file' ? profile.ca?.addresses ?? [] : [];
  const nobody = kind === 'file' && profile.ca && addresses.length === 0 && profile.ca.nameServers.length === 0 && !profile.ca.autoAddresses;
  return [first, ...variables, ...nobody ? [{ check: 'profile', level: 'problem', message: `The profile names no address, no name server, and autoAddresses is false: no PV can be found. Add "addresses" in its "ca".` } as const] : []];
}
