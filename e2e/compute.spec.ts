// The Compute tab: a job on pasted numbers, on a live waveform, on files and on a run; its result plotted, saved beside the run; a job that is cancelled.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { File, ready } from 'h5wasm/node';
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

test('draws the curves of a stack over their angle, with its unit, and saves them with it', async ({ endstation }) => {
  const { page } = endstation;
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Azimuthal integration of a stack');
  await paste(page, 'Frames', Array.from({ length: 2 * 8 * 8 }, (_, i) => i).join(' '));
  for (const [field, value] of [['Width', '8'], ['Height', '8'], ['Bins', '5']] as const) await form(page).getByRole('textbox', { name: field, exact: true }).fill(value);
  await form(page).getByRole('button', { name: 'Compute' }).click();
  const map = page.getByRole('img', { name: /^Map of Intensity over Two theta \(°\) and Frame, 5 by 2 cells/ });
  await expect(map).toBeVisible();
  await map.focus();
  await map.press('ArrowUp');
  await expect(page.locator('[data-part="cell"]')).toContainText(/^Two theta 0\.\d+ °, Frame 1: /);
  await page.getByRole('button', { name: 'Save CSV' }).click();
  const saved = readFileSync(await page.locator('[data-part="saved"]').innerText(), 'utf8').trim().split('\n').slice(-3);
  expect(saved[0]).toMatch(/^Frame \\ Two theta \(°\)(,0\.\d+){5}$/);
  expect(saved.slice(1).map((line) => line.split(',').length)).toEqual([6, 6]);
});

test('ends a function that fills the memory, and nothing else', async ({ endstation }) => {
  const { page } = endstation;
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Own function');
  // In steps so large that V8 ends the whole process in which it runs.
  await form(page).getByRole('textbox', { name: 'Body of function (input)' }).fill('const kept = []; for (;;) kept.push(new Array(12e6).fill(0));');
  await form(page).getByRole('textbox', { name: 'Time limit' }).fill('600');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'it reached its limit of 1024 MB of memory' })).toBeVisible({ timeout: 60_000 });
  await form(page).getByRole('textbox', { name: 'Body of function (input)' }).fill('return { answer: 42 };');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^answer/ })).toContainText('42');
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

/** A .npy file of NumPy (format 1.0): little-endian 16-bit integers. */
function npy(values: readonly number[], shape: readonly number[]): Buffer {
  const header = `{'descr': '<i2', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  return Buffer.concat([Buffer.from(`\x93NUMPY\x01\0`, 'latin1'), Buffer.from([118, 0]), Buffer.from(`${header}\n`, 'latin1'), Buffer.from(Int16Array.from(values).buffer)]);
}

/** Two frames of 3 x 4 counts, 0 to 23, and an array beside them. */
async function writeHdf5(path: string): Promise<void> {
  await ready;
  const file = new File(path, 'w');
  const entry = file.create_group('entry');
  entry.create_dataset({ name: 'images', data: Uint16Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] }).create_attribute('units', 'counts');
  entry.create_dataset({ name: 'other', data: Float64Array.of(1, 2, 3, 4, 5), shape: [5] });
  file.close();
}

test('takes arrays of files that are chosen with the system\'s dialog', async ({ endstation, folder }) => {
  const { page, app } = endstation;
  if (!app) {
    // A browser can't name files of the machine: there they are read as text, as in the next test.
    await expect(form(page).getByRole('combobox', { name: 'Source of x' }).getByRole('option')).toHaveText(['Run', 'PV', 'Numbers']);
    return;
  }
  const [frames, table, nexus] = ['frames.npy', 'scan.csv', 'frames.h5'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(frames, npy(Array.from({ length: 24 }, (_, i) => i), [3, 2, 4]));
  writeFileSync(table, `position,counts\n${gaussian.replace(/ /g, ',')}\n`);
  await writeHdf5(nexus);
  /** The dialog of the system, as the user would leave it. */
  const answer = (path: string | null) => app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
  }, path);
  const choose = async (field: string, path: string | null) => {
    await answer(path);
    await form(page).getByRole('group', { name: field, exact: true }).getByRole('button', { name: 'Choose file' }).click();
  };

  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Frame statistics');
  await form(page).getByRole('combobox', { name: 'Source of Frame' }).selectOption('file');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(form(page).getByRole('alert')).toContainText('Frame: choose where its numbers come from');
  await choose('Frame', frames);
  await expect(form(page).getByText(frames)).toBeVisible();
  // A dialog that is left without a choice changes nothing.
  await choose('Frame', null);
  await expect(form(page).getByText(frames)).toBeVisible();
  await form(page).getByRole('textbox', { name: 'Rows of the file of Frame' }).fill('2');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  // The second frame: 8 to 15; width and height follow from the file.
  await expect(result(page).getByRole('row', { name: /^Pixels/ })).toContainText('8');
  await expect(result(page).getByRole('row', { name: /^Mean/ })).toContainText('11.5');
  await expect(page.getByText(`data: ${frames}`)).toBeVisible();

  await choose('Frame', nexus);
  const arrays = form(page).getByRole('combobox', { name: 'Array of Frame' });
  await expect(arrays.getByRole('option')).toHaveText(['Choose one of 2 arrays', '/entry/images (2 x 3 x 4)', '/entry/other (5)'], { useInnerText: true });
  await form(page).getByRole('textbox', { name: 'Rows of the file of Frame' }).fill('1');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(form(page).getByRole('alert')).toContainText('choose one of the 2 arrays');
  await arrays.selectOption('/entry/images');
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^Sum/ })).toContainText(/66.*counts/);
  await expect(page.getByText(`data: ${nexus} /entry/images (counts)`)).toBeVisible();

  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Peak fit');
  for (const [field, column] of [['x', 'position'], ['y', '2']] as const) {
    await form(page).getByRole('combobox', { name: `Source of ${field}`, exact: true }).selectOption('file');
    await choose(field, table);
    await form(page).getByRole('textbox', { name: `Column of the file of ${field}`, exact: true }).fill(column);
  }
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^centre/ })).toContainText('2.1');
  // What can't be read is said at once, by name, and nothing is forgotten.
  const text = join(folder, 'notes.pdf');
  writeFileSync(text, 'no numbers');
  await choose('x', text);
  await expect(page.getByText(`${text} can't be read: only files that end with`)).toBeVisible();
  const bad = join(folder, 'bad.h5');
  writeFileSync(bad, 'no HDF5');
  await choose('x', bad);
  await expect(page.getByText(`${bad} is no HDF5 file`)).toBeVisible();
  await expect(form(page).getByRole('group', { name: 'x', exact: true }).getByText(table)).toBeVisible();
  expect(endstation.complaints).toEqual([]);
});

test('takes a column of a text file that is read in the window', async ({ endstation, folder }) => {
  const { page } = endstation;
  const table = join(folder, 'scan.txt');
  writeFileSync(table, `# position counts\n${gaussian}\n`);
  await form(page).getByRole('combobox', { name: 'Job', exact: true }).selectOption('Peak fit');
  const binary = join(folder, 'scan.npy');
  writeFileSync(binary, '\x93NUMPY\x01\0v\0', 'latin1');
  for (const [field, column] of [['x', '1'], ['y', '2']] as const) {
    await form(page).getByRole('combobox', { name: `Source of ${field}`, exact: true }).selectOption('text');
    await form(page).getByLabel(`File of ${field}`, { exact: true }).setInputFiles(binary);
    await expect(page.getByText('scan.npy is no text file of numbers.')).toBeVisible();
    await expect(form(page).getByRole('textbox', { name: `Numbers of ${field}`, exact: true })).toHaveValue('');
    await form(page).getByLabel(`File of ${field}`, { exact: true }).setInputFiles(table);
    await form(page).getByRole('textbox', { name: `Column of the numbers of ${field}`, exact: true }).fill(column);
  }
  await form(page).getByRole('button', { name: 'Compute' }).click();
  await expect(result(page).getByRole('row', { name: /^centre/ })).toContainText('2.1');
  await expect(page.getByText('y: scan.txt')).toBeVisible();
});
