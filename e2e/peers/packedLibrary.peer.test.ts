// The EPICS library as a stranger gets it: packed, installed into an empty project, and every program of its README run on a real IOC.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRuntime } from '../../build/runtime.mjs';
import { startSoftIoc } from '../ioc/softIoc';
import type { SoftIoc } from '../ioc/softIoc';

const run = promisify(execFile);
const library = resolve(dirname(fileURLToPath(import.meta.url)), '../../electron/epics-ioc-connection');
const readme = readFileSync(join(library, 'README.md'), 'utf8');
/** The recipe that needs keychains. */
const secure = 11;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const project = mkdtempSync(join(tmpdir(), 'packed-library-'));
let ioc: SoftIoc;
let tarball: string;
/** As the recipe says them, of the keychains that the README's own script makes. */
const keychains: Record<string, string> = {};

const blocks = [...readme.matchAll(/```js\n([\s\S]*?)```\n(?:```text\n([\s\S]*?)```)?/g)].map(([, code = '', output = '']) => ({ code, output }));
const [first, ...recipes] = blocks;

beforeAll(async () => {
  ioc = await startSoftIoc({ pva: true });
  const packed = join(project, 'packed');
  mkdirSync(packed);
  await run(npm, ['pack', '--pack-destination', packed], { cwd: library });
  tarball = join(packed, readdirSync(packed)[0] as string);
  writeFileSync(join(project, 'package.json'), '{ "name": "stranger", "private": true }\n');
  await run(npm, ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project });
  for (const [, name = '', value = ''] of recipes[secure - 1]!.code.matchAll(/(EPICS_PVAS?_TLS_KEYCHAIN)='([^']+)'/g)) keychains[name] = value;
  const [, script] = /```sh\n(new="openssl [\s\S]*?)```/.exec(readme)!;
  await run('sh', ['-ec', script!], { cwd: project });
}, 180_000);
afterAll(async () => {
  await ioc.kill();
  rmSync(project, { recursive: true, force: true });
});

/** What a program of the README prints. */
async function printed(name: string, code: string, environment: Readonly<Record<string, string>> = {}, program = process.execPath): Promise<string> {
  writeFileSync(join(project, name), code);
  const { stdout } = await run(program, [name], { cwd: project, env: { ...process.env, ...ioc.environment, ...environment }, timeout: 60_000 });
  return stdout;
}

it('has its code, its types, its reference and nothing of its making', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball]);
  const files = stdout.trim().split('\n').map((line) => line.trim());
  const rest = files.filter((file) => !/^package\/dist\/(types(-cjs)?\/[\w/]+\.d\.ts|shared\/\w+\.(mjs|cjs))$/.test(file));
  expect(rest.sort()).toEqual([
    'package/README.md', ...['ca', 'index', 'pva'].flatMap((door) => [`package/dist/${door}.cjs`, `package/dist/${door}.mjs`]), 'package/dist/types-cjs/package.json', 'package/dist/types/package.json',
    'package/docs/api.md', 'package/examples/demo.db', 'package/package.json',
  ]);
  expect(files.filter((file) => /[./]test(ing|s)?[./]/.test(file))).toEqual([]);
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(project, 'node_modules/epics-ioc-connection/package.json'), 'utf8')) as Record<string, unknown>;
  expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
});

it('talks to the IOC in the ten lines that the README begins with', async () => {
  const lines = first!.code.trim().split('\n').filter((line) => line.trim() !== '');
  expect(lines.length).toBeLessThanOrEqual(10);
  expect(await printed('first.mjs', first!.code)).toBe('7\n42 NO_ALARM\n');
});

describe('its recipes', () => {
  it('are eleven', () => {
    expect(recipes).toHaveLength(11);
    expect(keychains).toEqual({ EPICS_PVAS_TLS_KEYCHAIN: 'ioc.p12;secret', EPICS_PVA_TLS_KEYCHAIN: 'fred.p12;secret' });
  });
  it.each(recipes.map(({ code, output }, i) => [i + 1, code, output] as const))('number %i prints what the README says', async (number, code, output) => {
    expect(await printed(`recipe${number}.mjs`, code, number === secure ? keychains : {})).toBe(output);
  });
});

it('speaks TLS in Node 16, with the cryptography of Chromium: in Electron 22', async () => {
  const { code, output } = recipes[secure - 1]!;
  const electron = join(process.env['ENDSTATION_TEST_ELECTRON'] ?? await testRuntime(), 'electron');
  expect(await printed('inElectron.mjs', code, { ...keychains, ELECTRON_RUN_AS_NODE: '1' }, electron)).toBe(output);
});

it('is there for require, too', async () => {
  const code = "const { Client } = require('epics-ioc-connection');\nconst client = new Client();\nclient.channel('DEMO:POSITION').get().then(({ value }) => { console.log(value); return client.close(); });\n";
  expect(await printed('required.cjs', code)).toBe('1.5\n');
});

it('has a door for each protocol alone, whose classes are those of the package', async () => {
  const code = (door: string, name: string): string => `const { ${name}, TimeoutError } = require('epics-ioc-connection/${door}');
const all = require('epics-ioc-connection');
const client = new ${name}();
client.channel('DEMO:POSITION').get().then(async ({ value }) => {
  const failed = await client.channel('NONE').get({ timeout: 0.1 }).catch((error) => error);
  console.log(value, all.${name} === ${name}, failed instanceof all.TimeoutError, failed instanceof TimeoutError);
  return client.close();
});
`;
  for (const [door, name] of [['ca', 'CaClient'], ['pva', 'PvaClient']] as const) {
    expect(await printed(`${door}Door.cjs`, code(door, name))).toBe('1.5 true true true\n');
    const asModule = code(door, name).replace(/const (\{.*\}) = require\((.*)\)/, 'import $1 from $2').replace(/const all = require\((.*)\)/, 'import * as all from $1');
    expect(await printed(`${door}Door.mjs`, asModule)).toBe('1.5 true true true\n');
  }
});

it('has types for both ways, whole and strict', async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const code = `import { Client, type Sample } from 'epics-ioc-connection';
import { CaClient } from 'epics-ioc-connection/ca';
import { PvaClient, type PvaChannelInfo } from 'epics-ioc-connection/pva';
export const info: Promise<PvaChannelInfo> = new PvaClient().channel('X').whenConnected();
export const reading = new CaClient().channel('X').get();
async function read(): Promise<Sample> {
  await using client = new Client({ timeout: 1 });
  using channel = client.channel('X');
  for await (const update of channel.monitor({ bufferSize: 1 })) if (update.enum?.choice === 'On') break;
  // @ts-expect-error: there is no such option.
  await channel.put(1, { wiat: true });
  return channel.get();
}
export const pending: Promise<Sample> = read();
`;
  writeFileSync(join(project, 'asModule.mts'), code);
  writeFileSync(join(project, 'asCommon.cts'), code);
  // What the README says that such a project has: the types of Node, and these settings.
  const nodeTypes = dirname(createRequire(import.meta.url).resolve('@types/node/package.json'));
  mkdirSync(join(project, 'node_modules/@types'));
  symlinkSync(nodeTypes, join(project, 'node_modules/@types/node'), 'junction');
  writeFileSync(join(project, 'tsconfig.json'), /```json\n([\s\S]*?)```/.exec(readme)![1]!);
  for (const more of [[], ['--exactOptionalPropertyTypes']]) {
    const { stdout } = await run(process.execPath, [tsc, '--noEmit', '--project', '.', ...more], { cwd: project }).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  }
});

it('has a reference of everything that it exports', () => {
  const reference = readFileSync(join(project, 'node_modules/epics-ioc-connection/docs/api.md'), 'utf8');
  const names = Object.keys(createRequire(join(project, 'package.json'))('epics-ioc-connection') as object);
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !reference.includes(`\n### ${name}\n`))).toEqual([]);
});
