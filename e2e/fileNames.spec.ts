// Names of runs' files: a pattern is set in Settings, the sheet before the scan says the name, and the files have it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './endstation';

test('files are named by the pattern of Settings, which is refused where it can not be', async ({ endstation }) => {
  const { page, data } = endstation;
  await page.getByRole('tab', { name: 'Settings', exact: true }).click();
  const pattern = page.getByRole('textbox', { name: 'Names of files' });
  const change = page.locator('form', { has: pattern }).getByRole('button', { name: 'Change' });
  await pattern.fill('{nonsense}');
  await expect(page.getByText('has {nonsense}, which there is not')).toBeVisible();
  await expect(change).toBeDisabled();
  await pattern.fill('{sample}-{plan}');
  await expect(page.getByText('Fe_foil-grid_scan.nxs')).toBeVisible();
  await change.click();
  await expect(change).toBeDisabled();

  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('count');
  await plan.getByRole('combobox', { name: 'Add a detector' }).fill('SIM:I1');
  await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  const sheet = page.getByRole('region', { name: 'Preflight' });
  const start = page.getByRole('button', { name: 'Start', exact: true });
  const day = (): string[] => readdirSync(data).filter((name) => /^\d{4}-/.test(name)).flatMap((name) => readdirSync(join(data, name)));
  for (const name of ['count', 'count_2']) {
    await expect(sheet).toContainText(`${name}.nxs`);
    await start.click();
    await expect.poll(day, { timeout: 30_000 }).toContain(`${name}.nxs`);
    await expect(start).toBeEnabled();
    await page.getByRole('tab', { name: 'Settings', exact: true }).click();
    await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  }
  expect(endstation.complaints).toEqual([]);
});
