// `npm run package`: the unpacked application (electron-builder), and on Debian and its kin a .deb.
// Nothing is put into an asar archive: worker threads, CPython and the C compiler read files of the application by their path.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as packageWith, Platform } from 'electron-builder';
import { aboutOf, canMakeDebian, makeDebian } from './debianPackage.mjs';
import { installPackages, root } from './provision.mjs';
import { findRuntime } from './runtime.mjs';
import { build, buildIsStale } from './start.mjs';

const release = join(root, 'release');
const megabytes = (file) => `${(statSync(file).size / 1e6).toFixed(0)} MB`;

function unpackedFolder() {
  const names = { linux: process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`, win32: 'win-unpacked', darwin: process.arch === 'x64' ? 'mac' : `mac-${process.arch}` };
  return join(release, names[process.platform]);
}

function runBuilder(runtime) {
  const config = JSON.parse(readFileSync(join(root, 'build', 'electron-builder.json'), 'utf8'));
  return packageWith({ projectDir: root, targets: Platform.current().createTarget('dir'), publish: 'never', config: { ...config, electronVersion: runtime.version, electronDist: runtime.dist } });
}

async function main() {
  installPackages();
  if (buildIsStale()) build();
  const runtime = await findRuntime();
  if (!runtime) throw new Error('No Electron runtime was found to package. Set ELECTRON_OVERRIDE_DIST_PATH to the folder of one.');
  console.log(`Packaging with Electron ${runtime.version} from ${runtime.source}`);
  const unpacked = unpackedFolder();
  rmSync(unpacked, { recursive: true, force: true });
  await runBuilder(runtime);
  // What the wheel's AppImage had beside Electron itself.
  for (const extra of ['AppRun', 'usr', '.DirIcon', 'fiftyone.desktop', 'fiftyone.png']) rmSync(join(unpacked, extra), { recursive: true, force: true });
  const version = join(unpacked, 'version');
  if (!existsSync(version)) writeFileSync(version, runtime.version);
  console.log(unpacked);
  if (!canMakeDebian()) {
    console.log('No .deb: dpkg-deb is not on this machine.');
    return;
  }
  const file = makeDebian({ unpacked, output: release, about: aboutOf(root) });
  console.log(`${file} (${megabytes(file)})`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
