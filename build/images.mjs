// `npm run images`: screenshots of every tab, dark and light, wide and narrow, from the real application with the simulated beamline.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { root } from './provision.mjs';

const out = process.argv[2] ?? join(root, 'docs', 'images');
const tabs = ['Panels', 'PVs', 'Scan', 'Runs', 'Parallelism', 'Settings'];
const sizes = { wide: { width: 1600, height: 1000 }, narrow: { width: 1024, height: 640 } };
const only = process.argv[3];

mkdirSync(out, { recursive: true });
const home = mkdtempSync(join(tmpdir(), 'endstation-images-'));
const server = spawn(process.execPath, [join(root, 'build', 'endstation.mjs'), 'serve', '--json'], {
  env: { ...process.env, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, ENDSTATION_HOME: home, HOME: home }, stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve, reject) => {
  let seen = '';
  server.stdout.on('data', (data) => {
    seen += data;
    if (seen.includes('\n')) resolve(JSON.parse(seen.split('\n')[0]).url);
  });
  server.on('exit', (code) => reject(new Error(`The server ended (exit code ${code}).`)));
});
const browser = await chromium.launch({ executablePath: process.env.ENDSTATION_CHROMIUM ?? '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

/** What makes a tab worth looking at: PVs listed, a scan done, an experiment measured. */
async function prepare(page) {
  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  const name = page.getByRole('combobox', { name: /PV/ }).or(page.getByRole('textbox', { name: /PV/ })).first();
  for (const pv of ['SIM:RING:CURRENT', 'SIM:M1', 'SIM:I1', 'SIM:FE:SHUTTER', 'SIM:TEST:MAJOR', 'SIM:TEST:MINOR', 'SIM:TEST:INVALID', 'SIM:TEMP1', 'SIM:MCA1', 'SIM:NOT:THERE']) {
    await name.fill(pv);
    await name.press('Enter');
  }
}

try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const theme of ['dark', 'light']) {
      const context = await browser.newContext({ viewport, colorScheme: theme });
      const page = await context.newPage();
      await page.goto(url);
      await page.getByRole('tab', { name: 'Panels', exact: true }).waitFor();
      if (size === 'wide' && theme === 'dark') await prepare(page);
      for (const tab of tabs.filter((t) => !only || t === only)) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await page.waitForTimeout(2500);
        await page.screenshot({ path: join(out, `${tab.toLowerCase()}-${theme}-${size}.png`) });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
