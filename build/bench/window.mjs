// The window's benchmark: frames that real Electron draws while nothing is done, and while an experiment of the lab keeps every core busy.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { virtualDisplay } from '../display.mjs';
import { installPython } from '../provision.mjs';
import { prepareDist, testRuntime, versionOf } from '../runtime.mjs';
import { printRow, spread } from './statistics.mjs';

/** Frames a second, one figure for each second. */
function framesOf(page, seconds) {
  return page.evaluate((wanted) => new Promise((resolve) => {
    const counts = Array.from({ length: wanted }, () => 0);
    const start = performance.now();
    const frame = (now) => {
      const second = Math.floor((now - start) / 1000);
      if (second >= wanted) return resolve(counts);
      if (second >= 0) counts[second] += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }), seconds);
}

async function busyLab(page) {
  await page.getByRole('tab', { name: 'Parallelism', exact: true }).click();
  await page.getByRole('navigation', { name: 'Experiments' }).getByRole('button', { name: 'One thread against two' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('progressbar', { name: 'Progress of the measurement' }).waitFor();
}

export async function benchWindow({ json = false, repeats = 5 }) {
  const home = mkdtempSync(join(tmpdir(), 'endstation-window-'));
  const dist = process.env.ENDSTATION_TEST_ELECTRON ?? await testRuntime();
  const { executable, args } = await prepareDist({ dist, program: join(dist, 'electron'), version: versionOf(dist) ?? 'unknown' });
  const display = await virtualDisplay();
  const app = await _electron.launch({
    executablePath: executable, args: [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])], timeout: 60_000,
    env: { ...process.env, DISPLAY: display.name, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, ENDSTATION_HOME: home, ENDSTATION_DATA: join(home, 'data'), ENDSTATION_PYTHON: process.env.ENDSTATION_PYTHON ?? installPython() },
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole('tab', { name: 'Parallelism', exact: true }).click();
    await page.getByRole('navigation', { name: 'Experiments' }).waitFor();
    await page.waitForTimeout(2000);
    const idle = await framesOf(page, repeats);
    await busyLab(page);
    const busy = await framesOf(page, 4 * repeats);
    await page.getByRole('button', { name: 'Cancel', exact: true }).first().click();
    printRow({ bench: 'window', metric: 'frames a second, every core busy with the lab', unit: 'frames/s', better: 'higher', wanted: { 'idle window': 1 }, ours: spread(busy), peers: { 'idle window': { ...spread(idle), version: `Electron ${versionOf(dist)}` } } }, json);
  } finally {
    await app.close();
    display.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
