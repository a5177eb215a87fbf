// What a spec starts from: `test` with a running Endstation in either host, in a home of its own, on the simulated beamline.
import { test as base } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from './browserApp';
import { launchElectron } from './electronApp';

export interface HostOptions {
  host: 'electron' | 'browser';
  /** Given to the application: `['FILE.bob']`, `['--observer']`. */
  appArgs: readonly string[];
}

export interface Endstation {
  readonly page: Page;
  /** Null in a browser. */
  readonly app: ElectronApplication | null;
  /** Settings, profiles. */
  readonly home: string;
  /** Runs. */
  readonly data: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What the page complained of so far: uncaught errors and console errors. */
  readonly complaints: readonly string[];
}

/** An environment whose every file is in `folder`, and in which no EPICS variable of the machine is seen. */
export function ownEnvironment(folder: string): { home: string; data: string; environment: NodeJS.ProcessEnv } {
  const home = join(folder, 'home');
  const data = join(folder, 'data');
  const machine = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EPICS_')));
  return { home, data, environment: { ...machine, ENDSTATION_HOME: home, ENDSTATION_DATA: data, HOME: folder, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: join(folder, 'cache') } };
}

export const test = base.extend<HostOptions & { folder: string; extraEnvironment: Readonly<Record<string, string>>; endstation: Endstation }>({
  host: ['electron', { option: true }],
  appArgs: [[], { option: true }],
  /** For the application, e.g. the EPICS variables of an IOC of the test's own. */
  extraEnvironment: async ({}, use) => { await use({}); },

  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'endstation-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  endstation: async ({ host, appArgs, folder, extraEnvironment }, use) => {
    const own = ownEnvironment(folder);
    const { home, data } = own;
    const environment = { ...own.environment, ...extraEnvironment };
    const started = host === 'electron' ? await launchElectron({ args: appArgs, env: environment }) : await launchBrowser(appArgs, environment);
    const complaints: string[] = [];
    started.page.on('pageerror', (error) => complaints.push(error.message));
    started.page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    await started.page.getByRole('tab', { name: 'PVs', exact: true }).waitFor();
    await use({ page: started.page, app: 'app' in started ? started.app : null, home, data, environment, complaints });
    if ('app' in started) {
      await started.app.close();
    } else {
      await started.browser.close();
      await started.served.close();
    }
  },
});

export { expect } from '@playwright/test';
