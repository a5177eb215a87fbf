// Checks what each room of the house may import, and that pure rooms stay pure. The rules are the table below.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

const library = 'electron/epics-ioc-connection';
/** Types that every room may name: the shape of its handlers and of itself. */
const roomTypes = ['electron/ipc/handlers', 'electron/room'];

/**
 * The first row whose folder holds the file decides. `may`: folders and packages; `node`, `electron`: may import those.
 * A folder may always import itself.
 */
const rooms = [
  { folder: 'shared', may: ['npm:valibot', 'npm:fast-xml-parser', 'npm:@msgpack/msgpack'] },
  { folder: 'renderer', may: ['shared', 'npm:*'] },
  { folder: `${library}/src`, may: [], node: true },
  { folder: library, may: ['npm:*'], node: true },
  { folder: 'electron/files', may: [], node: true },
  { folder: 'electron/pv', may: ['shared', 'library', 'electron/files', ...roomTypes], node: true },
  { folder: 'electron/devices', may: ['shared', 'electron/pv/pvAccess'], node: false },
  { folder: 'electron/scan/plans', may: ['shared'] },
  { folder: 'electron/scan/scripts', may: ['shared', 'electron/devices', 'electron/files', 'electron/scan/plans', 'npm:valibot', 'npm:@babel/parser'], node: true },
  { folder: 'electron/scan', may: ['shared', 'electron/devices', 'electron/data', 'electron/files', 'electron/pv/pvAccess', ...roomTypes], node: true },
  { folder: 'electron/data', may: ['shared', 'electron/files', ...roomTypes], node: true },
  { folder: 'electron/compute', may: ['shared', 'npm:h5wasm', ...roomTypes], node: true },
  { folder: 'electron/parallelism', may: ['shared', 'npm:valibot', 'electron/compute', 'library', 'electron/files', ...roomTypes], node: true },
  { folder: 'electron/sim', may: ['shared', 'library'], node: true },
  { folder: 'electron/settings', may: ['shared', 'npm:valibot', 'electron/files', ...roomTypes], node: true },
  { folder: 'electron/displays', may: ['shared', 'electron/files', ...roomTypes], node: true },
  { folder: 'electron/ipc', may: ['shared', 'npm:ws', 'npm:valibot', 'electron/room'], node: true, electron: true },
  { folder: 'electron/app', may: ['shared', ...roomTypes], node: true, electron: true },
  { folder: 'electron', may: ['shared', 'electron', 'library', 'npm:*'], node: true, electron: true },
  { folder: 'e2e', may: ['*', 'npm:*', 'library'], node: true, electron: true },
  { folder: '', may: ['*', 'npm:*'], node: true },
];

/** No sockets, no files, no timers, no clock: time and bytes come in as arguments. */
const pure = [
  /^electron\/epics-ioc-connection\/src\/(bytes|ca\/protocol|pva\/protocol)\//, /^electron\/epics-ioc-connection\/src\/ca\/(server\/)?(circuit|search)\w*\.ts$/,
  /^electron\/scan\/plans\//, /^shared\//,
];
const impure = /\b(Date\.now|setTimeout|setInterval|setImmediate|performance\.now|process\.(env|hrtime|nextTick))\b|\bnew Date\(\)/;
const longest = 400;

function importsOf(file, text) {
  const script = file.endsWith('.vue') ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n') : text;
  return ts.preProcessFile(script, true, true).importedFiles.map((f) => f.fileName);
}

function resolveImport(file, specifier) {
  if (specifier.startsWith('@shared/')) return posix.join('shared', specifier.slice(8));
  if (specifier.startsWith('.')) return posix.normalize(posix.join(dirname(file), specifier.replace(/\?.*$/, '')));
  return null;
}

function problem(room, file, specifier) {
  if (specifier.startsWith('node:')) return room.node ? null : `${file}: imports ${specifier}, but ${room.folder} has no Node`;
  if (specifier === 'electron') return room.electron ? null : `${file}: imports electron`;
  const target = resolveImport(file, specifier);
  const allowed = (name) => room.may.some((m) => m === '*' || m === name || name.startsWith(`${m}/`));
  if (target === null) {
    if (specifier === 'epics-ioc-connection') return allowed('library') ? null : `${file}: imports the EPICS library, but ${room.folder} may not`;
    const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
    return room.may.includes('npm:*') || room.may.includes(`npm:${name}`) ? null : `${file}: imports the package ${name}, but ${room.folder || 'the root'} may not`;
  }
  if (target === room.folder || target.startsWith(`${room.folder}/`) || room.folder === '') return null;
  return allowed(target) ? null : `${file}: imports ${target}, but ${room.folder} may only import ${['itself', ...room.may].join(', ')}`;
}

export function checkLayers(root) {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.vue', '*.mjs'], { cwd: root, encoding: 'utf8' })
    .split('\n').filter((f) => f && existsSync(join(root, f)));
  const problems = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    // `x.testing.ts`: what tests of a folder share.
    const isTest = /\.(test|spec|testing)\.ts$/.test(file);
    const room = rooms.find((r) => r.folder === '' || file.startsWith(`${r.folder}/`));
    if (!isTest) for (const specifier of importsOf(file, text)) {
      const found = problem(room, file, specifier);
      if (found) problems.push(found);
    }
    if (isTest) continue;
    const lines = text.split('\n');
    if (lines.length > longest + 1) problems.push(`${file}: ${lines.length - 1} lines, more than ${longest}: one room, or two?`);
    if (pure.some((p) => p.test(file))) lines.forEach((line, i) => {
      if (!/^\s*(\/\/|\*)/.test(line) && impure.test(line)) problems.push(`${file}:${i + 1}: ${impure.exec(line)[0]} in a pure room`);
    });
    if (/\bipcMain\b/.test(text) && file.startsWith('electron/') && !file.startsWith('electron/ipc/')) problems.push(`${file}: ipcMain outside electron/ipc`);
    if (/\bipcRenderer\b/.test(text) && /^(electron|renderer)\//.test(file) && file !== 'electron/preload.ts') problems.push(`${file}: ipcRenderer outside the preload`);
    if (/\/(utils?|helpers?|common|misc|tools?)\.(ts|vue)$/.test(file)) problems.push(`${file}: the name says nothing of its contents`);
  }
  return { files: files.length, problems };
}

if (process.argv[1]?.endsWith('layers.mjs')) {
  const { files, problems } = checkLayers(process.cwd());
  for (const p of problems) console.error(p);
  console.log(`layers: ${files} files, ${problems.length} problems`);
  process.exitCode = problems.length ? 1 : 0;
}
