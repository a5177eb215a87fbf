// Views with something in them, as a designer looks at them: nothing cut off in the smallest window, nothing that only some can read, in either theme.
import type { Page } from '@playwright/test';
import { expect, test } from './endstation';
import { inaccessible, unreadable } from './look';
import { fillPlan } from './planCases';

const show = (page: Page, view: string) => page.getByRole('tab', { name: view, exact: true }).click();
const plan = (page: Page) => page.getByRole('form', { name: 'Plan' });

async function looksRight(page: Page): Promise<void> {
  expect(await unreadable(page)).toEqual([]);
  expect(await inaccessible(page)).toEqual([]);
}

test('PVs of every condition, one refused and two opened', async ({ endstation }) => {
  const { page } = endstation;
  await show(page, 'PVs');
  const box = page.getByRole('combobox', { name: 'Name of a PV to add' });
  const names = ['RING:CURRENT', 'M1', 'FE:SHUTTER', 'TEST:MAJOR', 'TEST:MINOR', 'TEST:INVALID', 'TEST:WAVE_MILLION', 'TEST:ENUM16', 'TEST:NAN', 'TEST:LONG', 'NOBODY:SERVES:A:PROCESS:VARIABLE:OF:SUCH:A:LONG:NAME'];
  await box.fill(names.map((name) => `SIM:${name}`).join(' '));
  await box.press('Enter');
  await expect(page.locator('[data-connection="connected"]')).toHaveCount(names.length - 1);
  const field = page.getByRole('textbox', { name: 'Write SIM:M1', exact: true });
  await field.fill('300');
  await field.press('Enter');
  await expect(page.locator('[data-pv="SIM:M1"]')).toContainText('refused');
  for (const name of ['SIM:M1', 'SIM:TEST:ENUM16']) await page.getByRole('button', { name: `Details of ${name}`, exact: true }).click();
  await looksRight(page);
});

test('a plan with errors, a scan with its fit, a map, and the queue', async ({ endstation }) => {
  const { page } = endstation;
  await show(page, 'Scan');
  const ended = page.locator('[data-part="ended"]');
  await fillPlan(plan(page), 'scan', { detectors: ['SIM:I1', 'SIM:I0', 'SIM:RING:CURRENT'], axes: [{ motor: 'SIM:M1', start: -50, stop: 50 }], num: 12 });
  await expect(page.locator('[data-part="blocked"]')).toContainText('limit');
  await looksRight(page);

  await fillPlan(plan(page), 'scan', { axes: [{ motor: 'SIM:M1', start: 0.9, stop: 1.6 }], num: 12 });
  await plan(page).getByRole('button', { name: 'Start', exact: true }).click();
  await expect(ended).toHaveText(/Done: 12 points/, { timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Fit', exact: true }).selectOption('gauss');
  await expect(page.locator('[data-fit="centre"]')).toBeVisible();
  await looksRight(page);
  const [legend, fit, peak] = await Promise.all(['Series', 'Fit', 'Peak'].map((name) => page.getByRole('group', { name, exact: true }).evaluate((group) => ({ top: group.getBoundingClientRect().top, end: group.getBoundingClientRect().top + group.scrollHeight }))));
  expect(legend?.end).toBeLessThanOrEqual((fit?.top ?? 0) + 1);
  expect(fit?.end).toBeLessThanOrEqual((peak?.top ?? 0) + 1);

  await page.getByRole('button', { name: /^Queue/ }).click();
  await plan(page).getByRole('button', { name: 'Add to queue' }).click();
  await fillPlan(plan(page), 'grid_scan', { axes: [{ motor: 'SIM:M1', start: 1, stop: 1.2, num: 3 }, { motor: 'SIM:M2', start: -0.5, stop: -0.3, num: 3 }] });
  await plan(page).getByRole('button', { name: 'Add to queue' }).click();
  await expect(page.getByRole('list', { name: 'Plans that wait' }).getByRole('listitem')).toHaveCount(2);
  await looksRight(page);
});

test('a picture keeps its profiles beside it, also where the window became smaller', async ({ endstation }) => {
  const { page } = endstation;
  await page.setViewportSize({ width: 1600, height: 1000 });
  await show(page, 'Scan');
  await fillPlan(plan(page), 'count', { detectors: ['det1'], num: 1 });
  await plan(page).getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('tab', { name: 'Image: det1' }).click();
  const picture = page.getByRole('img', { name: /^Picture of det1, \d+ by \d+ pixels/ });
  await picture.focus();
  await page.keyboard.press('ArrowRight');
  await looksRight(page);
  const height = (await picture.boundingBox())?.height ?? NaN;
  const profiles = await picture.locator('xpath=following-sibling::*/canvas').evaluateAll((all) => all.map((canvas) => canvas.getBoundingClientRect().height));
  expect(profiles[0]).toBeGreaterThan(0);
  expect(Math.max(...profiles)).toBeLessThanOrEqual(height);
});

test('what lies over a view leaves STOP one click away', async ({ endstation }) => {
  const { page } = endstation;
  await show(page, 'Scan');
  await fillPlan(plan(page), 'scan', { detectors: ['SIM:I1'], axes: [{ motor: 'SIM:M1', start: 1.2, stop: 1.25 }], num: 4 });
  await plan(page).getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.locator('[data-part="ended"]')).toHaveText(/Done: 4 points/, { timeout: 60_000 });
  await page.getByRole('img', { name: /^Plot of SIM:I1/ }).click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  const stop = page.getByRole('button', { name: 'STOP all motors and the scan' });
  await stop.click({ trial: true });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('ring:cur');
  await expect(page.getByRole('listbox', { name: 'Found' }).getByRole('option').first()).toContainText('SIM:RING:CURRENT');
  await stop.click({ trial: true });
  await looksRight(page);
});

test('controls are large enough for fingers where that is set', async ({ endstation }) => {
  const { page } = endstation;
  await show(page, 'Settings');
  await page.getByRole('checkbox', { name: /^Controls large enough/ }).check();
  await expect(page.locator('html')).toHaveAttribute('data-touch');
  for (const view of ['PVs', 'Scan', 'Runs', 'Compute', 'Settings']) {
    await show(page, view);
    const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, select, input:not([type=checkbox], [type=radio])')]
      .filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 43.5).map((control) => control.outerHTML.slice(0, 120)));
    expect(small).toEqual([]);
    expect(await unreadable(page)).toEqual([]);
  }
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-touch');
});
