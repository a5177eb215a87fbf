// What the Parallelism tab makes of measured results: charts, verdicts, history, exports, another machine's results; without measuring anew.
import AxeBuilder from '@axe-core/playwright';
import type { Download, Page } from '@playwright/test';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, ownEnvironment, test as base } from './endstation';
import type { Endstation } from './endstation';

const recorded = fileURLToPath(new URL('lab/recordedResults.json', import.meta.url));

/** Endstation with results that were measured on two shared cores, 2026-11-22. */
const test = base.extend({
  extraEnvironment: async ({ folder }, use) => {
    const file = join(ownEnvironment(folder).home, 'lab', 'results.json');
    mkdirSync(dirname(file), { recursive: true });
    cpSync(recorded, file);
    await use({});
  },
});
test.beforeEach(async ({ endstation }) => {
  await endstation.page.getByRole('tab', { name: 'Parallelism', exact: true }).click();
  await expect(endstation.page.getByRole('region', { name: 'Result', exact: true })).toBeVisible({ timeout: 30_000 });
});

/** What the page saves: a browser puts it among its downloads; Electron would ask where, and here is told. */
async function saved({ page, app, data }: Endstation, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  if (!app) {
    const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), press()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }
  const folder = join(data, 'saved');
  mkdirSync(folder, { recursive: true });
  const done = app.evaluate(({ session }, into) => new Promise<string>((resolve) => {
    session.defaultSession.once('will-download', (_event, item) => {
      item.setSavePath(`${into}/${item.getFilename()}`);
      item.once('done', () => resolve(item.getFilename()));
    });
  }), folder);
  await press();
  const name = await done;
  return { name, bytes: readFileSync(join(folder, name)) };
}
const exporting = (page: Page, name: string) => page.getByRole('region', { name: 'Export' }).getByRole('button', { name });

test('shows verdicts, bars with the article, scaling curves with the ideal, and timelines', async ({ endstation }) => {
  const { page } = endstation;
  const result = page.getByRole('region', { name: 'Result', exact: true });
  await expect(result.getByText(/^CPython threads: two take/)).toBeVisible();
  await expect(result.getByRole('img', { name: /^The same work in one thread.*C threads, .*one thread 0\.216 s/ })).toBeVisible();
  const scaling = result.getByRole('img', { name: /^Scaling with threads: Work done/ });
  for (const text of ['ideal on 2 cores', 'CPython processes', 'the article\'s Python threads: 1.07', 'Threads or processes, the same work each']) await expect(scaling.getByText(text)).toBeVisible();
  await page.getByRole('navigation', { name: 'Experiments' }).getByRole('button', { name: 'A coroutine that does not await' }).click();
  await expect(result.getByRole('img', { name: /^CPython asyncio: time\.sleep in a coroutine: Sleeper asleep ran 1 times/ })).toBeVisible();
  await expect(page.getByText('Claim 8.').first()).toBeVisible();
});

test('shows the program of the experiment that is shown, and of the runtime that is chosen', async ({ endstation }) => {
  const { page } = endstation;
  const experiments = page.getByRole('navigation', { name: 'Experiments' });
  for (const [experiment, file] of [['Lost updates', 'race.py'], ['A coroutine that does not await', 'hog.py'], ['Polling against callbacks', 'polling.py']] as const) {
    await experiments.getByRole('button', { name: experiment }).click();
    await expect(page.getByRole('region', { name: `Source of ${file}` })).toBeVisible();
  }
  await page.getByRole('combobox', { name: 'Program of which runtime' }).selectOption('Node main thread');
  await expect(page.getByRole('region', { name: 'Source of polling.ts' })).toBeVisible();
});

test('an earlier result can be chosen, and the trend shows both', async ({ endstation }) => {
  const { page } = endstation;
  await expect(page.getByRole('img', { name: /^Over time: scaling/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Figure to compare' }).selectOption('throughput');
  await expect(page.getByRole('img', { name: /^Over time: throughput \(rounds\/s\)|^Over time: throughput/ })).toBeVisible();
  await page.getByText(/^All \d+ figures$/).click();
  const figure = page.getByRole('region', { name: 'All figures' }).getByRole('row', { name: /^cThreads\.scaling / });
  await expect(figure).toContainText('1.26 ± 0.15 x');
  await page.getByRole('combobox', { name: 'Which result' }).selectOption({ index: 1 });
  await expect(figure).toContainText('1.96 ± 0.05 x');
});

test('exports JSON, CSV, a PNG in either theme, and a report that stands by itself', async ({ endstation }) => {
  const { page } = endstation;
  const json = await saved(endstation, () => exporting(page, 'Export JSON').click());
  expect(json.name).toMatch(/^speedup-.*\.json$/);
  expect(JSON.parse(json.bytes.toString())).toMatchObject({ id: 'speedup', environment: { cores: 2 } });
  const csv = await saved(endstation, () => exporting(page, 'Export CSV').click());
  expect(csv.bytes.toString()).toMatch(/^experiment,finished,figure,value,unit.*\nspeedup,/);

  const pictures: Buffer[] = [];
  for (const theme of ['dark', 'light']) {
    await page.getByRole('combobox', { name: 'Colours of pictures' }).selectOption(theme);
    const { name, bytes } = await saved(endstation, () => page.getByRole('button', { name: 'Save as PNG: Scaling with threads' }).click());
    expect(name).toBe('speedup-scaling-with-threads.png');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(1280);
    pictures.push(bytes);
  }
  expect(pictures[0]?.equals(pictures[1] ?? Buffer.alloc(0))).toBe(false);

  const report = await saved(endstation, () => exporting(page, 'Report').click());
  const html = report.bytes.toString();
  expect(report.name).toMatch(/^endstation-lab-report-.*\.html$/);
  // Electron opens no further window; its report is the same text.
  if (!endstation.app) {
    const own = await page.context().newPage();
    await own.setContent(html);
    await expect(own.getByRole('row', { name: /Two CPU-bound Python threads.*holds/ })).toBeVisible();
    await expect(own.getByRole('img', { name: /^Scaling with threads/ })).toBeVisible();
    await own.close();
  }
  expect(html.match(/<tr><td class="n">/g)).toHaveLength(16);
  expect(html).not.toMatch(/<script|src=/);
  expect(endstation.complaints).toEqual([]);
});

test('another machine\'s results stand beside, and a file that has none is refused', async ({ endstation }) => {
  const { page } = endstation;
  const all = await saved(endstation, () => exporting(page, 'JSON for another machine').click());
  const results = JSON.parse(all.bytes.toString()) as { figures: Record<string, { value: number }>; environment: { cpu: string; cores: number } }[];
  const other = results.map((result) => ({ ...result, environment: { ...result.environment, cpu: 'Big One', cores: 64 }, figures: { ...result.figures, 'cThreads.scaling': { value: 63.5, unit: 'x' } } }));
  const add = (name: string, text: string) => page.getByLabel('Results of another machine').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await add('server.json', JSON.stringify(other));
  await expect(page.getByRole('list', { name: 'Other machines' })).toContainText('Big One, 64 cores');
  await expect(page.getByRole('img', { name: /^Side by side: scaling.*C threads this machine 1\.26 ± 0\.15 x, server 63\.5 x/ })).toBeVisible();
  await page.getByText(/^All \d+ figures$/).click();
  await expect(page.getByRole('region', { name: 'All figures' }).getByRole('row', { name: /^cThreads\.scaling / })).toContainText('63.5 x');
  await add('shopping.json', '{"milk": 2}');
  await expect(page.getByText(/shopping\.json has no result of the lab in it/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove server' }).click();
  await expect(page.getByRole('list', { name: 'Other machines' })).toHaveCount(0);
});

test('has no accessibility fault with a result, in either theme, and is reached by keyboard', async ({ endstation }) => {
  const { page } = endstation;
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((name) => { document.documentElement.dataset['theme'] = name; }, theme);
    const found = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(found.violations.map((v) => `${theme}: ${v.id} ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  }
  await page.getByRole('navigation', { name: 'Experiments' }).getByRole('checkbox').first().focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Run 1 picked' })).toBeEnabled();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Ones and millions' })).toBeVisible();
});
