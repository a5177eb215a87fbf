// The Compute tab: a job on pasted numbers, on a live waveform and on a run; its result plotted, saved beside the run; a job that is cancelled.
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './endstation';

test.beforeEach(async ({ endstation }) => {
  await endstation.page.getByRole('tab', { name: 'Compute', exact: true }).click();
});
const form = (page: Page) => page.getByRole('form', { name: 'Job' });
const result = (page: Page) => page.getByRole('table', { name: 'Numbers of the result' });
const gaussian = Array.from({ length: 41 }, (_, i) => `${i * 0.1} ${5 + 100 * Math.exp(-4 * Math.LN2 * ((i * 0.1 - 2.1) / 0.8) ** 2)}`).join('\n');

async function paste(page: Page, field: string, text: string, column = ''): Promise<void> {
  await form(page).getByRole('combobox', { name: `Source of ${field}` }).selectOption('text');
  await form(page).getByRole('textbox', { name: `Numbers of ${field}`, exact: true }).fill(text);
  await form(page).getByRole('textbox', { name: `Column of the numbers of ${field}` }).fill(column);
}

test('fits pasted numbers and saves the result', async ({ endstation }) => {
  const { page, data } = endstation;
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Peak fit');
  await paste(page, 'x', gaussian, '1');
  await paste(page, 'y', gaussian, '2');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^centre/ })).toContainText('2.1');
  await expect(page.getByRole('complementary', { name: 'Compute jobs' }).locator('li')).toHaveAttribute('data-state', 'done');
  await page.getByRole('button', { name: 'Save JSON' }).click();
  const path = await page.locator('[data-part="saved"]').innerText();
  expect(path.startsWith(data)).toBe(true);
  const saved = JSON.parse(readFileSync(path, 'utf8')) as { result: { parameters: { fwhm: { value: number } } } };
  expect(saved.result.parameters.fwhm.value).toBeCloseTo(0.8, 6);
  expect(endstation.complaints).toEqual([]);
});

test('says which field is wrong, and stops a function that never ends', async ({ endstation }) => {
  const { page } = endstation;
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(form(page).getByRole('alert')).toContainText('x: choose where its numbers come from');
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Own function');
  await form(page).getByRole('textbox', { name: 'Body of function (input)' }).fill('while (true) {}');
  await form(page).getByRole('textbox', { name: 'Time limit' }).fill('600');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  const task = page.getByRole('complementary', { name: 'Compute jobs' }).locator('li').first();
  await expect(task).toHaveAttribute('data-state', 'running');
  await task.getByRole('button', { name: 'Cancel Own function' }).click();
  await expect(task).toHaveAttribute('data-state', 'cancelled');
});

test('takes spectra of a run as they are, named by their column', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('count');
  await plan.getByRole('combobox', { name: 'Add a detector' }).fill('SIM:TEST:WAVE');
  await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  await plan.getByRole('textbox', { name: 'Points' }).fill('3');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('tab', { name: 'Compute', exact: true }).click();
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Frame statistics');
  const runs = form(page).getByRole('combobox', { name: 'Run of Frame' });
  await expect(runs.getByRole('option', { name: /count.*3 points/ })).toHaveCount(1);
  await runs.selectOption({ index: 1 });
  await expect(form(page).getByRole('combobox', { name: 'Column of Frame' })).toHaveValue('SIM:TEST:WAVE');
  await form(page).getByRole('textbox', { name: 'Points of Frame' }).fill('2-3');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  // Two points of 1,000 values each: their sizes follow from the run.
  await expect(result(page).getByRole('row', { name: /^Pixels/ })).toContainText(/2[,.]?000|2000/);
  await expect(page.getByText(/^data: run #1, SIM:TEST:WAVE/)).toBeVisible();
});

test('takes a live PV, and columns of a run, beside which the result is saved', async ({ endstation }) => {
  const { page } = endstation;
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Power spectrum');
  await form(page).getByRole('combobox', { name: 'Source of Signal' }).selectOption('pv');
  await form(page).getByRole('combobox', { name: 'PV of Signal' }).fill('SIM:TEST:WAVE');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^Strongest line/ })).toContainText('Hz');
  await expect(page.getByText('y: SIM:TEST:WAVE (V)')).toBeVisible();
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('count');
  await plan.getByRole('combobox', { name: 'Add a detector' }).fill('SIM:RING:CURRENT');
  await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  await plan.getByRole('textbox', { name: 'Points' }).fill('5');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('tab', { name: 'Compute', exact: true }).click();
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Fourier transform');
  const runs = form(page).getByRole('combobox', { name: 'Run of Real part' });
  await expect(runs.getByRole('option', { name: /count.*5 points/ })).toHaveCount(1);
  await runs.selectOption({ index: 1 });
  await expect(form(page).getByRole('combobox', { name: 'Column of Real part' })).toHaveValue(/CURRENT/);
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^Bins/ })).toContainText('5');
  await page.getByRole('button', { name: 'Save CSV' }).click();
  const path = await page.locator('[data-part="saved"]').innerText();
  expect(path).toMatch(/\d{5}_count_[0-9a-f]{8}\.fft-.*\.csv$/);
  expect(existsSync(path)).toBe(true);
});
