// Makes a .deb of an unpacked application with the system's own dpkg-deb.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const template = (name) => join(here, 'debian', name);
const architectures = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' };
/** What Electron is linked with; newer releases have some of it under another name. */
const depends = [
  'libgtk-3-0 | libgtk-3-0t64', 'libnss3', 'libgbm1', 'libasound2 | libasound2t64', 'libatspi2.0-0 | libatspi2.0-0t64', 'libxkbcommon0', 'libdrm2', 'libcups2 | libcups2t64', 'xdg-utils',
];

export function canMakeDebian() {
  return process.platform === 'linux' && spawnSync('dpkg-deb', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** `unpacked`: the application's folder; `about`: package.json. Returns the path of the file in `output`. */
export function makeDebian({ unpacked, output, about }) {
  const architecture = architectures[process.arch] ?? process.arch;
  const tree = mkdtempSync(join(tmpdir(), 'endstation-deb-'));
  const put = (from, to, mode = 0o644) => {
    mkdirSync(dirname(join(tree, to)), { recursive: true });
    cpSync(from, join(tree, to));
    chmodSync(join(tree, to), mode);
  };
  try {
    chmodSync(tree, 0o755);
    mkdirSync(join(tree, 'opt'));
    cpSync(unpacked, join(tree, 'opt', 'endstation'), { recursive: true, verbatimSymlinks: true });
    put(template('endstation.sh'), 'usr/bin/endstation', 0o755);
    put(template('endstation.desktop'), 'usr/share/applications/endstation.desktop');
    put(template('endstation.xml'), 'usr/share/mime/packages/endstation.xml');
    for (const icon of readdirSync(join(here, 'icons')).filter((name) => name.endsWith('.png'))) {
      put(join(here, 'icons', icon), `usr/share/icons/hicolor/${icon.replace('.png', '')}/apps/endstation.png`);
    }
    put(join(here, 'icons', 'endstation.svg'), 'usr/share/icons/hicolor/scalable/apps/endstation.svg');
    mkdirSync(join(tree, 'usr/share/doc/endstation'), { recursive: true });
    writeFileSync(join(tree, 'usr/share/doc/endstation/copyright'), `Endstation: ${about.license} licence, ${about.author}.\nElectron and Chromium: /opt/endstation/LICENSE.electron.txt and LICENSES.chromium.html.\n`);
    mkdirSync(join(tree, 'DEBIAN'));
    for (const script of ['postinst', 'postrm']) put(template(script), `DEBIAN/${script}`, 0o755);
    const kilobytes = Math.ceil(bytesIn(tree) / 1024);
    writeFileSync(join(tree, 'DEBIAN', 'control'), [
      'Package: endstation', `Version: ${about.version}`, `Architecture: ${architecture}`, `Maintainer: ${about.author}`, `Installed-Size: ${kilobytes}`,
      `Depends: ${depends.join(', ')}`, 'Recommends: libnotify4, libsecret-1-0', 'Suggests: python3, gcc', 'Section: science', 'Priority: optional', `Homepage: ${about.homepage}`,
      `Description: ${about.description}`, ' Endstation runs an experiment on EPICS from one window: Phoebus displays, scans,', ' the catalogue of runs, and experiments on parallelism. A simulated beamline is built in.', '',
    ].join('\n'));
    openToAll(tree);
    const file = join(output, `endstation_${about.version}_${architecture}.deb`);
    rmSync(file, { force: true });
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', tree, file], { stdio: ['ignore', 'ignore', 'inherit'] });
    return file;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function bytesIn(path) {
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 4096) : stat.size;
}

/** Readable to every user, whatever the mask of the one who packs. */
function openToAll(path) {
  const { mode } = statSync(path);
  const isFolder = statSync(path).isDirectory();
  chmodSync(path, (mode & 0o7000) | (isFolder || mode & 0o100 ? 0o755 : 0o644));
  if (isFolder) for (const name of readdirSync(path)) openToAll(join(path, name));
}

export function aboutOf(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}
