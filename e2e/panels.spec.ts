// Displays: a set-point is written and its refusal explained, alarms have shapes with names, what can't be written is not enabled.
import type { Page } from '@playwright/test';
import { expect, test } from './endstation';

async function openDisplay(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name: 'Panels', exact: true }).click();
  const chosen = page.getByRole('combobox', { name: 'Display', exact: true });
  await expect(chosen).toHaveText(/Beamline overview/);
  await chosen.selectOption({ label: name });
}

test('a set-point is sent with Enter, refused with the reason, and restored with Escape', async ({ endstation }) => {
  const { page, complaints } = endstation;
  await openDisplay(page, 'Beamline overview');
  const setpoint = page.getByRole('textbox', { name: 'SIM:M3.VAL', exact: true });
  await expect(setpoint).toHaveValue('0.0000 mm');
  await setpoint.fill('0.25');
  await setpoint.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Sent' })).toBeVisible();
  await expect(page.locator('[data-type="textupdate"]').filter({ hasText: '0.2500 mm' })).toBeVisible();

  await setpoint.fill('99');
  await setpoint.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'SIM:M3.VAL was not written' })).toContainText('above the high limit');
  await expect(setpoint).toHaveValue('99');
  await setpoint.press('Escape');
  await expect(setpoint).toHaveValue('0.2500 mm');
  expect(complaints).toEqual([]);
});

test('every severity has a shape with a name; read-only and unknown PVs take no input', async ({ endstation }) => {
  const { page } = endstation;
  await openDisplay(page, 'Test PVs');
  for (const name of ['MINOR alarm', 'MAJOR alarm', /^INVALID/]) await expect(page.getByRole('img', { name })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Not connected' })).toHaveCount(2);
  await expect(page.getByRole('textbox', { name: 'SIM:TEST:NO_SUCH_PV' })).toBeDisabled();
  await expect(page.getByRole('textbox', { name: 'SIM:TEST:READONLY' })).toBeDisabled();
  await expect(page.getByRole('img', { name: /^Read only/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'SIM:TEST:UM' })).toHaveValue('12.500 µm');
});

test('a widget that is not drawn has its place and its name, and is told of', async ({ endstation }) => {
  const { page } = endstation;
  await openDisplay(page, 'Widgets');
  await expect(page.getByText('knob · not supported')).toBeVisible();
  await page.getByRole('button', { name: /Partial: 1 widget/ }).click();
  await expect(page.getByText('1 × knob')).toBeVisible();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(page.getByText('Storage ring')).toBeVisible();
});
