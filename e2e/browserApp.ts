// Starts `endstation serve` and opens its address in Chromium.
import { chromium } from '@playwright/test';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Served { readonly process: ChildProcess; readonly url: string; close(): Promise<void> }
export interface LaunchedBrowser { readonly browser: Browser; readonly context: BrowserContext; readonly page: Page; readonly served: Served }

const program = fileURLToPath(new URL('../build/endstation.mjs', import.meta.url));
export const chromiumPath = process.env['ENDSTATION_CHROMIUM'] ?? '/usr/bin/chromium';

/** Resolves with the address that the server printed first. */
export function serve(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Served> {
  const child = spawn(process.execPath, [program, 'serve', '--json', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stderr.on('data', (data: Buffer) => { err += data.toString(); });
    child.once('exit', (code) => reject(new Error(`endstation serve ended with exit code ${code}: ${err}`)));
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      const [line, rest] = out.split('\n', 2);
      if (rest === undefined || line === undefined) return;
      const { url } = JSON.parse(line) as { url: string };
      resolve({ process: child, url, close: () => stop(child) });
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

export async function launchBrowser(args: readonly string[], env: NodeJS.ProcessEnv): Promise<LaunchedBrowser> {
  const served = await serve(args, env);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(served.url);
  return { browser, context, page, served };
}
