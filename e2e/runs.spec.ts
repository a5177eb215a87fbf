// Thousands of runs: listed at once, found by what is known of them, several in one plot, exported, repeated.
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, ownEnvironment, test } from './endstation';
import { makeRuns, type MadeRun } from './manyRuns';

let made: MadeRun[] = [];
/** As many as the title of the test says: there before the application starts. */
test.beforeEach(({ folder }, { title }) => { made = makeRuns(ownEnvironment(folder).data, title.startsWith('five thousand') ? 5000 : 400); });

const found = (page: Page) => page.getByRole('search', { name: 'Find runs' }).getByRole('status');
const told = (runs: readonly MadeRun[]) => `${runs.length.toLocaleString('en')} ${runs.length === 1 ? 'run' : 'runs'}`;

test('five thousand runs are in the list at once, and it goes to its end', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(found(page)).toContainText('5,000 runs', { timeout: 30_000 });
  const list = page.getByRole('listbox', { name: 'Runs' });
  const rows = list.getByRole('option');
  await expect(rows.first()).toHaveAttribute('aria-setsize', '5000');
  await expect(list.getByRole('option', { name: /^#5000 / })).toBeVisible();
  expect(await rows.count()).toBeLessThan(60);
  await list.focus();
  await page.keyboard.press('End');
  await expect(list.getByRole('option', { name: /^#1 / })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Run #1 · ' })).toBeVisible();
  await list.evaluate((box) => { box.scrollTop = box.scrollHeight / 2; });
  await expect(list.getByRole('option', { name: /^#2500 / })).toBeAttached();
  // A view that was hidden shows the place where it was left.
  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  await expect(list).toBeHidden();
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(list.getByRole('option', { name: /^#2500 / })).toBeInViewport();
  await list.focus();
  await page.keyboard.press('Home');
  await expect(page.getByRole('heading', { name: 'Run #5000 · ' })).toBeVisible();
  expect(endstation.complaints).toEqual([]);
});

test('400 runs are found by words, number, plan, motor, sample, day, metadata and how they ended', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(found(page)).toContainText('400 runs');
  const words = page.getByRole('searchbox', { name: 'Search runs' });
  await words.fill('#123');
  await expect(found(page)).toContainText('1 run');
  await expect(page.getByRole('option', { name: /^#123 / })).toBeVisible();
  await words.fill('"temperature":23');
  await expect(found(page)).toContainText(told(made.filter((_, index) => index % 5 === 3)));
  await words.fill('');

  await page.getByRole('button', { name: /^Filter/ }).click();
  await page.getByRole('combobox', { name: 'Plan of the run' }).selectOption('rel_scan');
  await page.getByRole('combobox', { name: 'Motor of the run' }).selectOption('SIM:M2');
  let left = made.filter((run) => run.plan === 'rel_scan' && run.motor === 'SIM:M2');
  await expect(found(page)).toContainText(told(left));
  await page.getByRole('textbox', { name: 'Sample of the run' }).fill('iron');
  left = left.filter((run) => run.sample === 'iron foil');
  await expect(found(page)).toContainText(told(left));
  await page.getByRole('checkbox', { name: 'aborted' }).check();
  left = left.filter((run) => run.exit === 'abort');
  await expect(found(page)).toContainText(told(left));
  const day = left[Math.floor(left.length / 2)]?.day ?? '';
  await page.getByLabel('From day').fill(day);
  left = left.filter((run) => run.day >= day);
  await expect(found(page)).toContainText(told(left));
  expect(left.length).toBeGreaterThan(0);
  await expect(page.getByRole('button', { name: 'Filter (5)' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(found(page)).toContainText('400 runs');
  await words.fill('no run is like this');
  await expect(page.getByText('No run is like that.')).toBeVisible();
  expect(endstation.complaints).toEqual([]);
});

test('of 400 runs several are drawn in one plot and exported, and one is repeated', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  // Of one motor: only those have the same x.
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('SIM:M1');
  await expect(found(page)).toContainText(told(made.filter((run) => run.motor === 'SIM:M1')), { timeout: 30_000 });
  const list = page.getByRole('listbox', { name: 'Runs' });
  const [first, second, third] = made.filter((run) => run.motor === 'SIM:M1').reverse();
  await list.getByRole('option', { name: `#${first?.scanId} ` }).click();
  await list.focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  const drawn = page.getByRole('list', { name: 'Runs compared' });
  await expect(drawn.getByRole('listitem')).toHaveText([`#${second?.scanId} SIM:I1`, `#${third?.scanId} SIM:I1`]);
  await list.getByRole('option', { name: `#${second?.scanId} ` }).click({ modifiers: ['Control'] });
  await expect(drawn.getByRole('listitem')).toHaveText([`#${third?.scanId} SIM:I1`]);

  await page.getByRole('combobox', { name: 'Make a file of the run' }).selectOption('csv');
  const notice = page.getByText('2 files are made').locator('..');
  await expect(notice).toContainText('.csv');
  const paths = (await notice.textContent() ?? '').match(/\/\S+?\.csv/g) ?? [];
  expect(paths).toHaveLength(2);
  expect(readFileSync(paths[0] ?? '', 'utf8')).toContain('SIM:I1');

  await list.getByRole('option', { name: `#${third?.scanId} ` }).click();
  await expect(page.getByRole('heading', { name: `Run #${third?.scanId} · ` })).toBeVisible();
  await expect(drawn).toBeHidden();
  await page.getByRole('combobox', { name: 'Make a file of the run' }).selectOption('nexus');
  await expect(page.locator('[data-part="path"]')).toHaveText(/\.nxs$/);
  expect(existsSync((await page.locator('[data-part="path"]').textContent() ?? '').trim())).toBe(true);

  await page.getByRole('tab', { name: 'Metadata' }).click();
  const metadata = page.getByRole('region', { name: 'Metadata of the run' });
  await expect(metadata).toContainText(third?.sample ?? '');
  await expect(metadata).toContainText('temperature');
  await page.getByRole('button', { name: /^Repeat this scan/ }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await expect(plan.getByRole('textbox', { name: `${third?.plan === 'rel_scan' ? 'To' : 'Stop'}, axis 1` })).toHaveValue('4');
  await expect(plan.getByRole('textbox', { name: 'Points' })).toHaveValue('5');
  await expect(plan.getByRole('region', { name: 'Metadata' })).toContainText(third?.sample ?? '');
  expect(endstation.complaints).toEqual([]);
});
