// `npm start`: installs what is missing, builds what is stale, and opens the application: in Electron, or where that can't be in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, root } from './provision.mjs';
import { findRuntime, prepareDist } from './runtime.mjs';

const sources = ['electron', 'renderer', 'shared', 'build/shippedFiles.ts', 'build/icons', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const products = ['out/main/main.cjs', 'out/main/cli.cjs', 'out/preload/preload.cjs', 'out/renderer/index.html'];
/** Milliseconds: Electron that fails within them never showed a window. */
const startLimit = 10_000;

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).filter((name) => name !== 'node_modules').reduce((latest, name) => Math.max(latest, newest(join(path, name))), mtimeMs);
}

/** Whether a source is newer than what was built of it. */
export function buildIsStale() {
  const built = products.map((file) => join(root, file));
  if (!built.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return sources.some((source) => existsSync(join(root, source)) && newest(join(root, source)) > oldest);
}

export function build() {
  console.log('Building ...');
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed; see above.');
}

/** Why Electron can't show a window here; null where it can. */
function hindrance(args) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display (DISPLAY and WAYLAND_DISPLAY are not set)';
  if (process.getuid?.() === 0 && !args.includes('--no-sandbox')) return 'Electron refuses to run as root with its sandbox';
  return null;
}

/** Resolves with the exit code, and whether it ended badly before a window can have been used. */
function runElectron(runtime, args) {
  const { executable, args: own } = prepareDist(runtime);
  const started = Date.now();
  return new Promise((done) => {
    const child = spawn(executable, [...own, ...args], { stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
    child.on('error', () => done({ code: 1, failedAtOnce: true }));
    child.on('close', (code, signal) => {
      const asked = signal === 'SIGINT' || signal === 'SIGTERM';
      done({ code: code ?? (asked ? 130 : 1), failedAtOnce: !asked && code !== 0 && Date.now() - started < startLimit });
    });
  });
}

/** What of the application's arguments the browser host takes too: `--observer`, the profile, one display file. */
export function servedArguments(args) {
  const isProfile = (arg, i) => arg.startsWith('--profile') || args[i - 1] === '--profile';
  const file = args.find((arg, i) => !arg.startsWith('-') && !isProfile(arg, i) && /\.(bob|opi)$/i.test(arg));
  return [...args.filter((arg, i) => arg === '--observer' || isProfile(arg, i)), ...(file === undefined ? [] : [file])];
}

/** The command among the arguments of `endstation`; null: there is none, the application opens. Options, with or without a command, may come first. */
export function commandOf(args) {
  const words = args.filter((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--profile');
  if (words.length > 0) return /\.(bob|opi)$/i.test(words[0]) ? null : words[0];
  const asks = args.some((arg) => ['--help', '-h', '--version'].includes(arg));
  return asks ? 'help' : null;
}

function serve(args) {
  const passed = servedArguments(args);
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'out/main/cli.cjs'), 'serve', '--open', ...passed], { stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
    child.on('close', (code) => done(code ?? 130));
  });
}

/** Opens the application; resolves with the exit code. `--browser` asks for the browser host at once. */
export async function open(args) {
  const asked = args.includes('--browser');
  const why = asked ? 'As asked by --browser' : hindrance(args);
  if (why) {
    console.log(`${why}: serving the same user interface to a browser.`);
    return serve(args);
  }
  const runtime = await findRuntime();
  if (!runtime) {
    console.log('No Electron runtime was found (ELECTRON_OVERRIDE_DIST_PATH, node_modules/electron, its download): serving the same user interface to a browser.');
    return serve(args);
  }
  console.log(`Electron ${runtime.version} from ${runtime.source} (${runtime.dist})`);
  const { code, failedAtOnce } = await runElectron(runtime, args);
  if (!failedAtOnce) return code;
  console.log(`Electron ended at once (exit code ${code}): serving the same user interface to a browser.`);
  return serve(args);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPackages();
    if (buildIsStale()) build();
    process.exitCode = await open(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
