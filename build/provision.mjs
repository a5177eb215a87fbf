// Installs what the tests need on a fresh machine: npm packages, system packages, a Python venv, Java's pvAccess, an Electron runtime.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Shared by all checkouts of this user: large, and the same for all. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'endstation-dev');

const say = (text) => console.log(text);
const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const run = (command, args, options = {}) => execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], ...options });

/** `npm ci` when node_modules is missing or older than the lock file. */
export function installPackages() {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  say('Installing the npm packages (npm ci) ...');
  run('npm', ['ci', '--no-fund', '--no-audit'], { shell: process.platform === 'win32' });
}

/** Debian packages, by the program or library that shows each is there. */
const systemPackages = [
  ['chromium', () => has('chromium')], ['xvfb', () => has('Xvfb')], ['xauth', () => has('xauth')], ['gcc', () => has('gcc')], ['libc6-dev', () => existsSync('/usr/include/stdio.h')],
  ['python3', () => has('python3')], ['python3-pip', () => spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0], ['python3-venv', () => spawnSync('python3', ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0],
  ['openssl', () => has('openssl')], ['default-jdk-headless', () => has('javac')], ['maven', () => has('mvn')],
  ['dpkg-dev', () => has('dpkg-deb')], ['openmpi-bin', () => has('mpiexec')], ['fakeroot', () => has('fakeroot')], ['fonts-dejavu-core', () => existsSync('/usr/share/fonts/truetype/dejavu')],
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libnotify4', 'libsecret-1-0', 'xdg-utils'].map((p) => [p, () => spawnSync('dpkg', ['-s', p], { stdio: 'ignore' }).status === 0]),
];

export function installSystemPackages() {
  if (process.platform !== 'linux' || !has('apt-get')) return;
  const missing = systemPackages.filter(([, there]) => !there()).map(([name]) => name);
  if (missing.length === 0) return;
  if (process.getuid() !== 0) throw new Error(`These system packages are missing: ${missing.join(' ')}. Install them: sudo apt-get install ${missing.join(' ')}`);
  say(`Installing system packages: ${missing.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

/** A venv keyed by its requirements, by default the tests'; returns its python. */
export function installPython(requirements = join(root, 'build', 'requirements.txt')) {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const venv = join(cache, `venv-${key}`);
  const python = join(venv, 'bin', 'python');
  const stamp = join(venv, 'complete');
  if (existsSync(stamp)) return python;
  say('Making a Python venv for the peers (pip) ...');
  mkdirSync(cache, { recursive: true });
  rmSync(venv, { recursive: true, force: true });
  run('python3', ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', requirements]);
  writeFileSync(`${stamp}.new`, new Date().toISOString());
  renameSync(`${stamp}.new`, stamp);
  return python;
}

/** The jars of core-pva, the peer for pvAccess over TLS, by Maven; returns their folder. */
export function installCorePva() {
  const pom = join(root, 'build', 'corePva.pom.xml');
  const folder = join(cache, `core-pva-${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)}`);
  const stamp = join(folder, 'complete');
  if (existsSync(stamp)) return folder;
  say('Fetching core-pva (Maven) ...');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(`${stamp}.new`, new Date().toISOString());
  renameSync(`${stamp}.new`, stamp);
  return folder;
}
