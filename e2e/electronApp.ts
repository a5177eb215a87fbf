// Starts the built application in real Electron, in a home of its own, and drives its window.
import { _electron, errors } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { join } from 'node:path';
import { prepareDist, testRuntime, versionOf } from '../build/runtime.mjs';
import { virtualDisplay } from '../build/display.mjs';

export interface ElectronLaunch {
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** An installed application; without it the checkout's build in the tests' runtime. */
  readonly executable?: string;
}

export interface LaunchedElectron { readonly app: ElectronApplication; readonly page: Page; /** What the main process printed. */ readonly output: () => string }

/** The tests' Electron with this checkout as its application. */
export async function checkoutElectron(): Promise<{ executable: string; args: string[] }> {
  const dist = process.env['ENDSTATION_TEST_ELECTRON'] ?? await testRuntime();
  return prepareDist({ dist, program: join(dist, 'electron'), version: versionOf(dist) ?? 'unknown' });
}

export async function launchElectron(launch: ElectronLaunch): Promise<LaunchedElectron> {
  const display = await virtualDisplay();
  const { executable, args } = launch.executable === undefined ? await checkoutElectron() : { executable: launch.executable, args: [] };
  // Chromium's sandbox refuses root, which tests in a container are. The product never says this.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const options = {
    executablePath: executable, args: [...args, ...sandbox, ...launch.args ?? []], timeout: 30_000,
    env: Object.fromEntries(Object.entries({ ...launch.env, DISPLAY: display.name }).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
  // On a busy machine the driver's own handshake with Electron 22 is missed once in some hundred starts: before the application's first line.
  const app = await _electron.launch(options).catch((error: unknown) => {
    if (!(error instanceof errors.TimeoutError)) throw error;
    console.warn('Electron gave no sign within 30 s: it is started once more.');
    return _electron.launch(options);
  });
  let printed = '';
  for (const stream of [app.process().stdout, app.process().stderr]) stream?.on('data', (data: Buffer) => { printed += data.toString(); });
  return { app, page: await app.firstWindow(), output: () => printed };
}
