// What only the Electron host has: one instance, display files, a crash of the page, a clean end.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutElectron, launchElectron } from './electronApp';
import { expect, ownEnvironment, test } from './endstation';
import { writeDisplay } from './sampleDisplay';
import { virtualDisplay } from '../build/display.mjs';

const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

test('a display named at the start is shown, and a second start hands its display to the first window', async ({ folder }) => {
  const { environment } = ownEnvironment(folder);
  const { app, page } = await launchElectron({ args: [writeDisplay(folder, 'first', 'First display')], env: environment });
  await expect(page.getByText('First display')).toBeVisible();
  const { executable, args } = await checkoutElectron();
  const second = spawn(executable, [...args, ...sandbox, writeDisplay(folder, 'second', 'Second display')], { env: { ...environment, DISPLAY: (await virtualDisplay()).name } });
  let said = '';
  second.stderr.on('data', (data: Buffer) => { said += data.toString(); });
  const code = await new Promise((resolve) => { second.on('exit', resolve); });
  expect(code).toBe(0);
  expect(said).toContain('already open');
  await expect(page.getByText('Second display')).toBeVisible();
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await app.close();
});

test('the window opens where it was, and is never smaller than it may be', async ({ folder }) => {
  const { environment, home } = ownEnvironment(folder);
  const first = await launchElectron({ env: environment });
  await first.page.getByRole('tab', { name: 'PVs', exact: true }).waitFor();
  // The display server tells of each change later: one after the other, else an old one is told after the new one.
  const width = () => first.page.evaluate(() => window.innerWidth);
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(100, 100));
  const smallest = await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getMinimumSize());
  expect(smallest).toEqual([1024, 640]);
  await expect.poll(width).toBe(1024);
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setBounds({ x: 120, y: 80, width: 1180, height: 720 }));
  await expect.poll(width).toBe(1180);
  await first.app.close();
  expect(JSON.parse(readFileSync(join(home, 'window.json'), 'utf8'))).toMatchObject({ x: 120, y: 80, width: 1180, height: 720 });
  const second = await launchElectron({ env: environment });
  await expect.poll(() => second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toMatchObject({ width: 1180, height: 720 });
  await second.app.close();
});

test('a crash of the page leaves the services running, and a reload shows them again', async ({ folder }) => {
  const { environment } = ownEnvironment(folder);
  const { app, page } = await launchElectron({ env: environment });
  await page.getByRole('tab', { name: 'PVs', exact: true }).waitFor();
  // The offer is a dialog of the system; the test answers it in the main process.
  await app.evaluate(({ dialog }) => {
    const offered: string[] = [];
    (globalThis as unknown as { offered: string[] }).offered = offered;
    dialog.showMessageBox = ((...args: unknown[]) => {
      offered.push(JSON.stringify(args.at(-1)));
      return Promise.resolve({ response: 0, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  });
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  // The page that crashed is lost to the test's driver; the main process asks the new one.
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (!contents || contents.isCrashed() || contents.isLoading()) return 0;
    const count = contents.executeJavaScript('document.querySelectorAll("[role=tab]").length') as Promise<number>;
    return Promise.race([count, new Promise<number>((resolve) => { setTimeout(() => resolve(-1), 1000); })]);
  })).toBeGreaterThan(1);
  expect(await app.evaluate(() => (globalThis as unknown as { offered: string[] }).offered.join())).toContain('Reload');
  await app.close();
});

test('it ends by itself when its window is closed: simulation stopped, exit code 0, nothing left running', async ({ folder }) => {
  const { environment } = ownEnvironment(folder);
  const { app, page } = await launchElectron({ env: environment });
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('SIMULATION');
  const child = app.process();
  const ended = new Promise<number | null>((resolve) => { child.once('exit', (code) => resolve(code)); });
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await ended).toBe(0);
  expect(existsSync(`/proc/${child.pid}`)).toBe(false);
});
