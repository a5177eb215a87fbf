// The programs that the EPICS benchmark compares: how each is built and started, and what to do where one is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cache, root } from '../../provision.mjs';

export const folder = join(cache, 'bench-epics');
export const source = (file) => join(root, 'build', 'bench', 'epics', file);
export const requirements = source('requirements.txt');

const site = (python, name) => execFileSync(python, ['-c', `import ${name}, os; print(os.path.dirname(${name}.__file__))`]).toString().trim();

/** Compiler arguments for the headers of EPICS base, from the wheel. */
export function headers(python) {
  const base = join(site(python, 'epicscorelibs'), 'include');
  return [base, join(base, 'os', 'Linux'), join(base, 'compiler', 'gcc')].map((path) => `-I${path}`);
}

function compile(compiler, file, python, libraries, extra = []) {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, file.replace(/\.\w+$/, ''));
  const base = join(site(python, 'epicscorelibs'), 'lib');
  execFileSync(compiler, ['-O2', '-w', ...extra, ...headers(python), '-o', program, source(`peers/${file}`), ...libraries, `-L${base}`, '-lCom', '-lpthread', '-lm', `-Wl,-rpath,${base}`]);
  return program;
}
/** The wheels are of either C++ ABI of GCC: what links is right. */
function compilePvxs(python) {
  const pvxs = site(python, 'pvxslibs');
  const libraries = [`-L${join(pvxs, 'lib')}`, '-lpvxs', `-Wl,-rpath,${join(pvxs, 'lib')}`, `-Wl,-rpath-link,${join(pvxs, 'lib')}`];
  for (const abi of [0, 1]) {
    try {
      return compile('g++', 'pvxs.cpp', python, libraries, ['-std=c++11', `-D_GLIBCXX_USE_CXX11_ABI=${abi}`, `-I${join(pvxs, 'include')}`]);
    } catch (error) {
      if (abi === 1) throw error;
    }
  }
  return undefined;
}

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/** The C and C++ compilers that the IOC's generator, libca's and PVXS's programs are built with: installed where this user may, else it is said how. */
export function installCompilers(say) {
  const missing = [['gcc', 'gcc'], ['g++', 'g++']].filter(([program]) => !has(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')} libc6-dev`;
  if (process.platform !== 'linux' || !has('apt-get') || process.getuid() !== 0) {
    say(`There is no ${missing.join(', no ')}: ${missing.includes('gcc') ? 'the benchmark cannot begin without it' : 'PVXS is left out'}. Install it: ${command}`);
    return;
  }
  say(`Installing ${missing.join(' and ')} ...`);
  const installed = spawnSync('sh', ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive ${command}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (installed.status !== 0) say(`${missing.join(' and ')} could not be installed. Try it by hand: ${command}`);
}

const hasModule = (python, name) => spawnSync(python, ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;
const hasPackage = (name) => {
  try { return existsSync(createRequire(import.meta.url).resolve(name)); } catch { return false; }
};
const inPython = (protocol, name, file, module) => ({
  name, protocol, there: (python) => hasModule(python, module), install: `python3 -m pip install ${name}`, prepare: (python) => [python, source(`peers/${file}`)],
});

/** `prepare` gives the command; metric and channels follow it. `without`: metrics that it has not. */
const peers = [
  { name: 'bare-socket', protocol: 'ca', there: () => true, prepare: () => [process.execPath, source('peers/bareClient.mjs')] },
  { name: 'bare-socket', protocol: 'pva', there: () => true, without: ['connect', 'monitor-1', 'monitor-100', 'monitor-1000', 'flood', 'rate', 'scan'], prepare: () => [process.execPath, source('peers/barePvaClient.mjs')] },
  { name: 'libca', protocol: 'ca', there: () => has('gcc'), install: 'apt-get install gcc libc6-dev', prepare: (python) => [compile('gcc', 'libca.c', python, ['-lca'])] },
  { name: 'epics-tca', protocol: 'ca', there: () => hasPackage('epics-tca'), install: 'npm install --save-dev epics-tca', prepare: () => [process.execPath, source('peers/tcaClient.mjs')] },
  inPython('ca', 'pyepics', 'pyepicsClient.py', 'epics'),
  inPython('ca', 'aioca', 'aiocaClient.py', 'aioca'),
  inPython('ca', 'caproto', 'caprotoClient.py', 'caproto'),
  { name: 'pvxs', protocol: 'pva', there: (python) => has('g++') && hasModule(python, 'pvxslibs'), install: 'apt-get install g++; python3 -m pip install pvxslibs', prepare: (python) => [compilePvxs(python)] },
  inPython('pva', 'p4p', 'p4pClient.py', 'p4p'),
];
const ours = { name: 'ours', prepare: () => [process.execPath, source('peers/oursClient.mjs')] };

/** Ours first, then the peers of that protocol that are there; those that are not are said. `only`: names of peers, or null for all. */
export function preparePeers(protocol, python, only, say) {
  const wanted = peers.filter((peer) => peer.protocol === protocol && (only === null || only.includes(peer.name)));
  const there = wanted.filter((peer) => peer.there(python));
  for (const peer of wanted) if (!there.includes(peer)) say(`${peer.name} is missing and is left out. Install it: ${peer.install}`);
  return [ours, ...there].map((peer) => ({ name: peer.name, command: peer.prepare(python), without: peer.without ?? [] }));
}
