// `npm run images`: screenshots of every tab, dark and light, wide and narrow, from the real application with the simulated beamline,
// and the lab's charts. `npm run images -- [--out FOLDER] [--only TAB] [--lab HOME]`; with --lab the lab shows what was measured in that
// ENDSTATION_HOME (`endstation lab run all`, on a quiet machine), otherwise it is measured now, quick. `--only scanning`: the states of scanning that its guide shows.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { measureTheArticle, saveCharts } from './labImages.mjs';
import { root } from './provision.mjs';
import { saveScanImages } from './scanImages.mjs';

const { values: { out, only, lab } } = parseArgs({ options: { out: { type: 'string', default: join(root, 'docs', 'images') }, only: { type: 'string' }, lab: { type: 'string' } } });
const tabs = ['Panels', 'PVs', 'Scan', 'Runs', 'Parallelism', 'Compute', 'Settings'];
const sizes = { wide: { width: 1600, height: 1000 }, narrow: { width: 1024, height: 640 } };
const results = lab && join(lab, 'lab', 'results.json');
if (results && !existsSync(results)) {
  console.error(`There is no ${results}. Name the ENDSTATION_HOME in which \`endstation lab run all\` was done.`);
  process.exit(2);
}

mkdirSync(out, { recursive: true });
const home = mkdtempSync(join(tmpdir(), 'endstation-images-'));
if (results) cpSync(results, join(home, 'lab', 'results.json'));
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

const tab = (page, name) => page.getByRole('tab', { name, exact: true });

/** Two columns: a peak with a ripple on it. */
const peak = Array.from({ length: 61 }, (_, i) => `${(i * 0.07).toFixed(2)} ${(5 + 100 * Math.exp(-4 * Math.LN2 * ((i * 0.07 - 2.1) / 0.8) ** 2) + 3 * Math.sin(i)).toFixed(3)}`).join('\n');

/** What makes a tab worth looking at: PVs listed, a scan done, numbers fitted, an experiment measured. Kept by the services and by the browser's storage. */
async function prepare(page) {
  await tab(page, 'PVs').click();
  const name = page.getByRole('combobox', { name: 'Name of a PV to add' });
  for (const pv of ['SIM:RING:CURRENT', 'SIM:M1', 'SIM:M1.RBV', 'SIM:I0', 'SIM:I1', 'SIM:FE:SHUTTER', 'SIM:TEST:MAJOR', 'SIM:TEST:MINOR', 'SIM:TEST:INVALID', 'SIM:TEMP1', 'SIM:MCA1', 'SIM:NOT:THERE']) {
    await name.fill(pv);
    await name.press('Enter');
  }
  await tab(page, 'Scan').click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('scan');
  // What the scenes of scanning left in the form goes.
  const chosen = plan.getByRole('button', { name: /^Remove the detector / });
  while (await chosen.count() > 0) await chosen.first().click();
  for (const detector of ['SIM:I1']) {
    await plan.getByRole('combobox', { name: 'Add a detector' }).fill(detector);
    await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  }
  await plan.getByRole('combobox', { name: 'Motor, axis 1' }).fill('SIM:M1');
  await plan.getByRole('combobox', { name: 'Motor, axis 1' }).press('Tab');
  await plan.getByRole('textbox', { name: 'Start, axis 1' }).fill('0');
  await plan.getByRole('textbox', { name: 'Stop, axis 1' }).fill('2.5');
  await plan.getByRole('textbox', { name: 'Points', exact: true }).fill('51');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.locator('[data-part="points"]').filter({ hasText: '51 / 51' }).waitFor({ timeout: 120_000 });
  await tab(page, 'Compute').click();
  const job = page.getByRole('form', { name: 'Job' });
  await job.getByRole('combobox', { name: 'Job', exact: true }).selectOption('Peak fit');
  for (const [field, column] of [['x', '1'], ['y', '2']]) {
    await job.getByRole('combobox', { name: `Source of ${field}` }).selectOption('text');
    await job.getByRole('textbox', { name: `Numbers of ${field}`, exact: true }).fill(peak);
    await job.getByRole('textbox', { name: `Column of the numbers of ${field}` }).fill(column);
  }
  await job.getByRole('button', { name: 'Compute' }).click();
  await page.getByRole('table', { name: 'Numbers of the result' }).waitFor({ timeout: 60_000 });
  await tab(page, 'Runs').click();
  await page.getByRole('option').first().click();
  if (results) await tab(page, 'Parallelism').click();
  else await measureTheArticle(page);
  await page.getByRole('navigation', { name: 'Experiments' }).getByRole('button', { name: 'One thread against two' }).click();
}

try {
  // One browser profile for all, so that what one page prepared the next ones show.
  const context = await browser.newContext({ viewport: sizes.wide });
  const page = await context.newPage();
  await page.goto(url);
  await tab(page, 'Panels').waitFor();
  if (!only || only === 'scanning') {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await saveScanImages(page, out);
    await page.setViewportSize(sizes.wide);
  }
  if (only !== 'scanning') await prepare(page);
  if (!only || only === 'Parallelism') {
    await tab(page, 'Parallelism').click();
    await saveCharts(page, out, 'light');
    await page.getByRole('navigation', { name: 'Experiments' }).getByRole('button', { name: 'One thread against two' }).click();
  }
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const theme of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme: theme });
      for (const name of tabs.filter((t) => !only || t === only)) {
        await tab(page, name).click();
        await page.waitForTimeout(1500);
        await page.screenshot({ path: join(out, `${name.toLowerCase()}-${theme}-${size}.png`) });
      }
    }
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
