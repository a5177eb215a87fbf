// The .deb: made, installed with dpkg, started from its installed place on the simulated beamline, and removed without a trace.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launchElectron } from './electronApp';
import { expect, ownEnvironment, test } from './endstation';
import { writeDisplay } from './sampleDisplay';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const asRoot = (command: string, ...args: string[]) => (process.getuid?.() === 0 ? run(command, args) : run('sudo', ['-n', command, ...args]));

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(600_000);
  await run(process.execPath, [join(root, 'build', 'package.mjs')], { cwd: root, maxBuffer: 1 << 26 });
  const packages = readdirSync(join(root, 'release')).filter((name) => name.endsWith('.deb'));
  expect(packages).toHaveLength(1);
  await asRoot('dpkg', '-i', join(root, 'release', packages[0] ?? ''));
});
test.afterAll(async () => {
  if (existsSync('/opt/endstation')) await asRoot('dpkg', '-r', 'endstation');
});

test('the installed command line reads the simulated beamline and finds its own programs', async ({ folder }) => {
  const { environment } = ownEnvironment(folder);
  const { stdout } = await run('endstation', ['get', 'SIM:M1', '--json'], { env: environment, cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ pv: 'SIM:M1', connected: true, units: 'mm' });
  const labs = await run('endstation', ['lab', 'list', '--json'], { env: environment, cwd: folder });
  expect(labs.stdout).toContain('speedup');
});

test('the installed application opens a display file with live values', async ({ folder }) => {
  const { environment } = ownEnvironment(folder);
  const display = writeDisplay(folder, 'bench', 'Installed bench');
  const { app, page } = await launchElectron({ executable: '/usr/bin/endstation', args: [display], env: environment });
  await expect(page.getByText('Installed bench')).toBeVisible();
  await expect(page.getByText(/^\d{3}\.\d+ mA$/).first()).toBeVisible();
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('SIMULATION');
  expect(await app.evaluate(({ app: main }) => main.getAppPath())).toBe('/opt/endstation/resources/app');
  await app.close();
});

test('a scan from the installed command line leaves a NeXus file: its workers load', async ({ folder }) => {
  const { environment, data } = ownEnvironment(folder);
  const { stdout } = await run('endstation', ['scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0', '0.2', '3', '--data', data, '--json'], { env: environment, cwd: folder, maxBuffer: 1 << 26 });
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { run?: { exitStatus: string; nexus: string } };
  expect(last.run?.exitStatus).toBe('success');
  expect(existsSync(last.run?.nexus ?? '')).toBe(true);
});

test('removing the package leaves nothing behind', async () => {
  await asRoot('dpkg', '-r', 'endstation');
  for (const place of ['/opt/endstation', '/usr/bin/endstation', '/usr/share/applications/endstation.desktop']) expect(existsSync(place)).toBe(false);
});
