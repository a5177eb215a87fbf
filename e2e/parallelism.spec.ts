// The article's experiments, run from the tab on this machine: live, cancelled, several in turn, with verdicts at the end.
import { expect, test } from './endstation';

test.beforeEach(async ({ endstation }) => {
  test.setTimeout(240_000);
  await endstation.page.getByRole('tab', { name: 'Parallelism', exact: true }).click();
});

test('speedup runs live, ends with bars, factors and a verdict, and can be cancelled', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('navigation', { name: "The article's claims" }).getByRole('button', { name: /take as long as one after the other/ }).click();
  await page.getByRole('checkbox', { name: /^Quick/ }).check();
  // Two runtimes are enough here, and quick.
  const runtimes = page.getByRole('group', { name: 'Runtimes' });
  await runtimes.getByText(/^Others of this machine/).click();
  for (const label of await runtimes.locator('label').filter({ has: page.locator('input:checked') }).allInnerTexts()) {
    const [name = ''] = label.trim().split('\n');
    if (!/^(CPython threads|C threads)\s*(\d|cc|gcc|clang|$)/.test(label.trim().replace(/\n/g, ' '))) await runtimes.getByText(name, { exact: false }).first().click();
  }
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Live counters' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('progressbar', { name: 'Progress of the measurement' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The measurement was cancelled')).toBeVisible({ timeout: 5_000 });

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('img', { name: /^What each thread did, moment by moment/ })).toBeVisible({ timeout: 60_000 });
  const result = page.getByRole('region', { name: 'Result', exact: true });
  await expect(result).toBeVisible({ timeout: 200_000 });
  await expect(result.getByRole('img', { name: /^The same work.*CPython threads.*C threads/ })).toBeVisible();
  await expect(result.getByRole('img', { name: /^Scaling with threads/ })).toBeVisible();
  await expect(result.getByText(/^CPython threads: two take/)).toBeVisible();
  expect(endstation.complaints).toEqual([]);
});

test('picked experiments run one after the other, with the runtimes that were chosen', async ({ endstation }) => {
  const { page } = endstation;
  const list = page.getByRole('navigation', { name: 'Experiments' });
  await list.getByRole('button', { name: 'Ones and millions' }).click();
  const runtimes = page.getByRole('group', { name: 'Runtimes' });
  await runtimes.getByRole('checkbox', { name: /^Node worker threads/ }).uncheck();
  await runtimes.getByRole('checkbox', { name: /^C threads/ }).uncheck();
  for (const name of ['Ones and millions', 'time.sleep(0)']) await list.getByRole('checkbox', { name: `Run ${name} with the others` }).check();
  await page.getByRole('button', { name: 'Run 2 picked' }).click();
  await expect(page.getByText(/^1 of 2: Ones and millions/)).toBeVisible();
  await expect(page.getByText(/^2 of 2: time\.sleep\(0\)/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'time.sleep(0)' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Result', exact: true }).getByRole('img', { name: /^Calls during which the other thread went on/ })).toBeVisible({ timeout: 60_000 });
  await list.getByRole('button', { name: 'Ones and millions' }).click();
  await expect(page.getByRole('region', { name: 'Result', exact: true }).getByRole('img', { name: /^CPython threads: Rounds done against Time \(s\)/ })).toBeVisible();
  await page.getByText(/^All \d+ figures$/).click();
  await expect(page.getByRole('rowheader', { name: 'cThreads.total' })).toHaveCount(0);
  expect(endstation.complaints).toEqual([]);
});
