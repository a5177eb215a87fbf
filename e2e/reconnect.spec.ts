// A real IOC is killed and started again: its values are marked stale at once, and are live again without a click.
import { startSoftIoc } from './ioc/softIoc';
import type { SoftIoc } from './ioc/softIoc';
import { expect, test as base } from './endstation';

/** The application of these tests finds the softIoc by the EPICS variables, as a beamline's does. */
const test = base.extend<{ ioc: SoftIoc }>({
  ioc: async ({}, use) => {
    const ioc = await startSoftIoc();
    await use(ioc);
    await ioc.kill();
  },
  extraEnvironment: async ({ ioc }, use) => { await use(ioc.environment); },
  appArgs: ['--profile', 'EPICS environment'],
});

test('values of a killed IOC are marked stale at once and live again after its restart', async ({ endstation, ioc }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  const box = page.getByRole('combobox', { name: 'Name of a PV to add' });
  for (const pv of ['E2E:counter', 'E2E:mbbo']) {
    await box.fill(pv);
    await box.press('Enter');
  }
  const row = page.locator('[data-pv="E2E:counter"]');
  await expect(row).toHaveAttribute('data-connection', 'connected');
  await expect(page.locator('[data-pv="E2E:mbbo"] [data-part="value"]')).toHaveText(/Idle|Busy|Fault/);
  const value = row.locator('[data-part="value"]');
  const before = await value.textContent();
  await expect(value).not.toHaveText(before ?? '');

  await ioc.kill();
  await expect(row).toHaveAttribute('data-connection', 'disconnected', { timeout: 2_000 });
  await expect(row.locator('[data-part="alarm"]')).toHaveText(/old|disconnected/i);
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('2 down');

  await ioc.start();
  await expect(row).toHaveAttribute('data-connection', 'connected', { timeout: 5_000 });
  const after = await value.textContent();
  await expect(value).not.toHaveText(after ?? '');
});

test('a write to a real record is sent, completed and refused with its reason', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  const box = page.getByRole('combobox', { name: 'Name of a PV to add' });
  for (const pv of ['E2E:ao', 'E2E:readonly']) {
    await box.fill(pv);
    await box.press('Enter');
  }
  const row = page.locator('[data-pv="E2E:ao"]');
  const field = row.getByRole('textbox', { name: 'Write E2E:ao' });
  await field.fill('2.75');
  await expect(row).toContainText('not sent');
  await field.press('Enter');
  await expect(row).toContainText('done');
  await expect(row.locator('[data-part="value"]')).toContainText('2.75');
  await field.fill('lots');
  await field.press('Enter');
  await expect(row).toContainText('refused');
  await expect(page.locator('[data-pv="E2E:readonly"]')).toContainText('Read-only');
});
