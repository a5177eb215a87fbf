// The article's first experiment, run from the tab on this machine.
import { expect, test } from './endstation';

test('speedup runs live, ends with bars, factors and a verdict, and can be cancelled', async ({ endstation }) => {
  const { page } = endstation;
  test.setTimeout(240_000);
  await page.getByRole('tab', { name: 'Parallelism', exact: true }).click();
  await page.getByRole('navigation', { name: "The article's claims" }).getByRole('button', { name: /take as long as one after the other/ }).click();
  await page.getByRole('checkbox', { name: /Quick/ }).check();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Live counters' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText(/cancelled/i).first()).toBeVisible({ timeout: 5_000 });

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({ timeout: 200_000 });
  await expect(page.getByRole('img', { name: /CPython/ }).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /C.*threads/ }).first()).toBeVisible();
});
