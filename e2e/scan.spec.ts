// From an empty window to a peak and a file: the scan as a user does it, on the simulated beamline.
import { existsSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './endstation';

async function fillScan(page: Page, points: number, to: number): Promise<void> {
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('scan');
  await plan.getByRole('combobox', { name: 'Add a detector' }).fill('SIM:I1');
  await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  await plan.getByRole('combobox', { name: 'Motor, axis 1' }).fill('SIM:M1');
  await plan.getByRole('combobox', { name: 'Motor, axis 1' }).press('Tab');
  await plan.getByRole('textbox', { name: 'Start, axis 1' }).fill('0');
  await plan.getByRole('textbox', { name: 'Stop, axis 1' }).fill(String(to));
  await plan.getByRole('textbox', { name: 'Points' }).fill(String(points));
}

test('a scan shows its preflight, its points and its peak, and leaves a NeXus file', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 26, 2.5);
  const preflight = page.getByRole('region', { name: 'Preflight' });
  await expect(preflight).toContainText('Nothing stands against it.');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress.locator('[data-part="points"]')).toHaveText('26 / 26 points', { timeout: 60_000 });
  await expect(progress.locator('[data-part="state"]')).toHaveText(/Idle/);
  await expect.poll(async () => Number.parseFloat(await page.locator('[data-peak="cen"]').first().textContent() ?? '')).toBeCloseTo(1.234, 1);

  await page.getByRole('group', { name: /^(Peak|Move)/ }).getByRole('button', { name: /^(Move SIM:M1 to )?cen/ }).click();
  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  await page.getByRole('combobox', { name: 'Name of a PV to add' }).fill('SIM:M1.RBV');
  await page.getByRole('combobox', { name: 'Name of a PV to add' }).press('Enter');
  await expect.poll(async () => Number.parseFloat(await page.locator('[data-pv="SIM:M1.RBV"] [data-part="value"]').textContent() ?? '')).toBeCloseTo(1.234, 1);

  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  const run = page.getByRole('option', { name: /#1 scan/ });
  await run.click();
  await expect(run).toContainText('success');
  const file = page.getByText(/\.nxs$/).first();
  await expect(file).toBeVisible();
  expect(existsSync((await file.textContent() ?? '').trim())).toBe(true);
  expect(endstation.complaints).toEqual([]);
});

test('pause holds the scan, resume goes on, stop keeps what was measured', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 400, 2.5);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  const taken = async () => Number.parseInt(await progress.locator('[data-part="points"]').textContent() ?? '', 10);
  await expect.poll(taken).toBeGreaterThan(3);
  await progress.getByRole('button', { name: 'Pause now' }).click();
  await expect(progress.locator('[data-part="state"]')).toHaveText(/Paused/);
  const held = await taken();
  await page.waitForTimeout(1500);
  expect(await taken()).toBe(held);
  await progress.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(taken).toBeGreaterThan(held + 2);
  await progress.getByRole('button', { name: 'Stop' }).click();
  await expect(progress.locator('[data-part="state"]')).toHaveText(/Idle/);
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 scan/ })).toContainText('success');
});

test('a motor beyond its limits keeps Start closed and says what to enter', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 11, 500);
  await expect(page.getByRole('region', { name: 'Preflight' })).toContainText(/500.*above its high limit/);
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeDisabled();
});

test('STOP ends a running scan and stops its motor', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 400, 2.5);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect.poll(async () => Number.parseInt(await progress.locator('[data-part="points"]').textContent() ?? '', 10)).toBeGreaterThan(2);
  await page.keyboard.press('Control+.');
  await expect(progress.locator('[data-part="state"]')).toHaveText(/Idle/);
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 scan/ })).toContainText('abort');
});

test('STOP is within reach of the mouse while a dialog is open', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 400, 2.5);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect.poll(async () => Number.parseInt(await progress.locator('[data-part="points"]').textContent() ?? '', 10)).toBeGreaterThan(2);
  await progress.getByRole('button', { name: 'Abort' }).click();
  const question = page.getByRole('dialog', { name: 'Abort the scan?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(progress.getByRole('button', { name: 'Abort' })).toBeFocused();
  await progress.getByRole('button', { name: 'Abort' }).click();
  await expect(question).toBeVisible();
  await page.getByRole('button', { name: /^STOP/ }).click();
  await expect(progress.locator('[data-part="state"]')).toHaveText(/Idle/);
  await expect(question).toBeHidden();
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 scan/ })).toContainText('abort');
});

test('the remaining points of a paused scan are changed, and its sample is recorded', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 300, 2.5);
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('button', { name: /^Metadata/ }).click();
  await plan.getByRole('textbox', { name: 'Sample' }).fill('iron foil');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  const taken = async () => Number.parseInt(await progress.locator('[data-part="points"]').textContent() ?? '', 10);
  await expect.poll(taken).toBeGreaterThan(3);
  await progress.getByRole('button', { name: 'Pause now' }).click();
  await expect(progress.locator('[data-part="state"]')).toHaveText('Paused');
  const points = await taken() + 3;
  await progress.getByRole('button', { name: /^Change the remaining points/ }).click();
  await plan.getByRole('textbox', { name: 'Points' }).fill(String(points));
  await plan.getByRole('button', { name: 'Use for the rest' }).click();
  await expect(page.getByText(`The scan has ${points} points now.`)).toBeVisible();
  await progress.getByRole('button', { name: 'Resume' }).click();
  await expect(progress.locator('[data-part="ended"]')).toHaveText(new RegExp(`Done: ${points} points`), { timeout: 60_000 });
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 scan/ })).toContainText('iron foil');
  expect(endstation.complaints).toEqual([]);
});

test('a pause waits for the end of the point, can be taken back, and a scan is halted, all by the keyboard', async ({ endstation }) => {
  const { page } = endstation;
  await fillScan(page, 30, 2.5);
  // A count of the scaler takes its preset time: a point is long enough to be paused in.
  await page.getByRole('form', { name: 'Plan' }).getByRole('combobox', { name: 'Add a detector' }).fill('scaler1');
  await page.getByRole('form', { name: 'Plan' }).getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  const state = progress.locator('[data-part="state"]');
  const taken = async () => Number.parseInt(await progress.locator('[data-part="points"]').textContent() ?? '', 10);
  await expect.poll(taken).toBeGreaterThan(0);
  const later = progress.getByRole('button', { name: 'Pause after point' });
  await later.focus();
  await page.keyboard.press('Enter');
  const before = await taken();
  await expect(state).toHaveText('Paused');
  // The point under way is there.
  expect(await taken()).toBeGreaterThanOrEqual(before);
  const held = await taken();
  await progress.getByRole('button', { name: 'Resume' }).press('Enter');
  await expect.poll(taken).toBeGreaterThan(held);

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('pause the scan after');
  await expect(page.getByRole('option', { name: /Pause the scan after this point/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(state).toHaveText(/Pausing|Paused/);
  await progress.getByRole('button', { name: /Don't pause|Resume/ }).press('Enter');
  await expect(state).toHaveText('Running');

  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('halt the scan');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Halt the scan?' });
  await expect(question).toContainText('nothing of the plan\'s own cleaning up is done');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Halt the scan' }).press('Enter');
  await expect(state).toHaveText('Idle');
  await expect(progress).toContainText('Halted by the user.');
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 scan/ })).toContainText('abort');
  expect(endstation.complaints).toEqual([]);
});
