// Every view opens by name and by key, in both themes and both sizes, without a complaint and without an accessibility fault.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './endstation';

const views = ['Panels', 'PVs', 'Scan', 'Runs', 'Parallelism', 'Compute', 'Settings'];

test('the overview of the simulated beamline is live', async ({ endstation }) => {
  const { page } = endstation;
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('SIMULATION');
  await page.getByRole('tab', { name: 'Panels', exact: true }).click();
  await expect(page.getByText('Storage ring')).toBeVisible();
  await expect(page.getByText(/^\d{3}\.\d+ mA$/).first()).toBeVisible();
  await expect(page.getByRole('contentinfo', { name: 'Status' })).not.toContainText('down');
});

for (const theme of ['dark', 'light'] as const) {
  test(`every view has no accessibility fault, ${theme}`, async ({ endstation }) => {
    const { page } = endstation;
    await page.emulateMedia({ colorScheme: theme });
    for (const [index, view] of views.entries()) {
      await page.keyboard.press(`Control+${index + 1}`);
      await expect(page.getByRole('tab', { name: view, exact: true })).toHaveAttribute('aria-selected', 'true');
      await page.waitForTimeout(500);
      const found = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(found.violations.map((v) => `${view}: ${v.id} ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
    }
    expect(endstation.complaints).toEqual([]);
  });
}

test('nothing is cut off in the smallest window', async ({ endstation }) => {
  const { page } = endstation;
  await page.setViewportSize({ width: 1024, height: 640 });
  for (const view of views) {
    await page.getByRole('tab', { name: view, exact: true }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  }
});

test('the palette finds a PV and shows it', async ({ endstation }) => {
  const { page } = endstation;
  await page.keyboard.press('Control+Shift+P');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.getByRole('combobox').fill('RING:CURRENT');
  await palette.getByRole('option', { name: /SIM:RING:CURRENT/ }).first().click();
  await expect(page.locator('[data-pv="SIM:RING:CURRENT"]')).toHaveAttribute('data-connection', 'connected');
});

test('theme and zoom are changed in Settings and kept', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Settings', exact: true }).click();
  await page.getByRole('radio', { name: 'Light' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});
