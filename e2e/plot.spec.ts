// From plot to act: a fit with its errors, the next scan around the peak, and an earlier run drawn over the new one.
import { expect, test } from './endstation';
import { fillPlan } from './planCases';

test('a fit finds the peak, the next scan is prefilled around it, and the earlier run is compared', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('scan');
  await plan.getByRole('combobox', { name: 'Add a detector' }).fill('SIM:I1');
  await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  await plan.getByRole('combobox', { name: 'Motor, axis 1' }).fill('SIM:M1');
  await plan.getByRole('combobox', { name: 'Motor, axis 1' }).press('Tab');
  await plan.getByRole('textbox', { name: 'Start, axis 1' }).fill('0');
  await plan.getByRole('textbox', { name: 'Stop, axis 1' }).fill('2.5');
  await plan.getByRole('textbox', { name: 'Points' }).fill('26');
  await plan.getByRole('button', { name: 'Start', exact: true }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress.locator('[data-part="ended"]')).toHaveText(/Done: 26 points/, { timeout: 60_000 });

  await page.getByRole('combobox', { name: 'Fit', exact: true }).selectOption('gauss');
  const fit = page.getByRole('group', { name: 'Fit' });
  await expect(fit.locator('[data-fit="centre"]')).toHaveText(/^1\.2\d+ ± 0\.0\d+$/);

  await page.getByRole('button', { name: /^Scan around/ }).click();
  const from = Number.parseFloat(await plan.getByRole('textbox', { name: 'Start, axis 1' }).inputValue());
  const to = Number.parseFloat(await plan.getByRole('textbox', { name: 'Stop, axis 1' }).inputValue());
  expect((from + to) / 2).toBeCloseTo(1.234, 1);
  await plan.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(progress.locator('.title')).toHaveText(/#2/);
  await expect(progress.locator('[data-part="ended"]')).toHaveText(/Done: 26 points/, { timeout: 60_000 });
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.getByRole('checkbox', { name: /^#1 scan/ }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'Runs compared' })).toContainText('#1 SIM:I1');
  expect(endstation.complaints).toEqual([]);
});

test('the picture of a camera is shown as it comes, with the sum of a region', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('count');
  await plan.getByRole('combobox', { name: 'Add a detector' }).fill('det1');
  await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  await plan.getByRole('textbox', { name: 'Points' }).fill('2');
  await plan.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('tab', { name: 'Image: det1' }).click();
  await expect(page.getByRole('region', { name: 'Progress' }).locator('[data-part="ended"]')).toHaveText(/Done: 2 points/, { timeout: 60_000 });
  const picture = page.getByRole('img', { name: /^Picture of det1, \d+ by \d+ pixels/ });
  await picture.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-part="pixel"]')).toHaveText(/^x \d+, y \d+: [\d.]+ counts$/);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.locator('[data-part="region"]')).toContainText('sum');
  expect(endstation.complaints).toEqual([]);
});

test('plot and map are used by the keyboard alone', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  const progress = page.getByRole('region', { name: 'Progress' });
  await fillPlan(plan, 'scan', { detectors: ['SIM:I1', 'SIM:I0'], axes: [{ motor: 'SIM:M1', start: 1, stop: 1.5 }], num: 6 });
  await page.keyboard.press('Enter');
  await expect(progress.locator('[data-part="ended"]')).toHaveText(/Done: 6 points/, { timeout: 60_000 });
  await expect(page.locator('[data-peak="crossings"]')).toHaveText(/mm/);
  await expect(page.locator('[data-peak="min"]')).toHaveText(/^1\.\d+ mm$/);

  await page.getByRole('img', { name: /^Plot of SIM:I1/ }).focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
  const here = page.getByRole('button', { name: 'Move SIM:M1 to the crosshair 1.2000 mm' });
  await here.focus();
  await page.keyboard.press('Enter');
  await expect(plan.getByRole('group', { name: 'Axis 1' })).toContainText('now 1.2000 mm');
  await expect(progress.locator('[data-part="state"]')).toHaveText('Idle');

  await page.getByRole('combobox', { name: 'Divide by' }).selectOption('SIM:I0');
  await expect(page.getByRole('group', { name: 'Series' })).toContainText('SIM:I1 / SIM:I0');
  await page.getByRole('checkbox', { name: 'Derivative' }).press('Space');
  await expect(page.getByRole('group', { name: 'Series' })).toContainText('d(SIM:I1 / SIM:I0)/d(SIM:M1)');
  await page.getByRole('checkbox', { name: 'Log y' }).press('Space');
  await page.getByRole('combobox', { name: 'x axis' }).selectOption({ label: 'Point number' });
  await expect(page.getByRole('img', { name: /^Plot of d\(.* against Point, 6 points/ })).toBeVisible();

  await fillPlan(plan, 'grid_scan', { detectors: ['SIM:I1'], axes: [{ motor: 'SIM:M1', start: 1, stop: 1.2, num: 2 }, { motor: 'SIM:M2', start: -0.5, stop: -0.3, num: 3 }] });
  await page.keyboard.press('Enter');
  await expect(progress.locator('[data-part="ended"]')).toHaveText(/Done: 6 points/, { timeout: 60_000 });
  const map = page.getByRole('img', { name: /^Map of SIM:I1/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await expect(map).toHaveAccessibleName(/SIM:M2 -0\.4 mm, SIM:M1 1\.2 mm: \d+/);
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Move both motors here' }).press('Enter');
  await expect(plan.getByRole('group', { name: 'Axis 2' })).toContainText('now -0.4000 mm');
  expect(endstation.complaints).toEqual([]);
});

test('a long run is drawn on point by point, and looks as if it were drawn whole', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await fillPlan(plan, 'count', { detectors: ['SIM:TEST:UM'], num: 1600 });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Progress' }).locator('[data-part="ended"]')).toHaveText(/Done: 1,600 points/, { timeout: 120_000 });
  await expect(page.getByRole('img', { name: /, 1600 points/ })).toBeVisible();
  // The grid, the lines, the marks of the peak.
  await expect(page.locator('.plot canvas')).toHaveCount(3);
  const lines = page.locator('.plot canvas').nth(1);
  await expect(lines).toBeVisible();
  const picture = () => lines.evaluateHandle((canvas: HTMLCanvasElement) => canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? null);
  const grown = await picture();
  expect(await grown.evaluate((image) => image?.data.some((part) => part > 0))).toBe(true);
  const { width, height } = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.setViewportSize({ width: width - 100, height: height - 60 });
  const size = () => lines.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
  const before = await grown.evaluate((image) => [image?.width, image?.height]);
  await expect.poll(size).not.toEqual(before);
  await page.setViewportSize({ width, height });
  await expect.poll(size).toEqual(before);
  // What is drawn later is cut off where it begins: an edge may come out a few of 255 shades lighter. A colour counts as much as it covers.
  const difference = async () => (await picture()).evaluate((whole, part) => {
    const shade = (image: ImageData | null, at: number) => ((image?.data[at] ?? 0) * (at % 4 === 3 ? 255 : image?.data[at | 3] ?? 0)) / 255;
    let most = 0;
    for (let at = 0; at < (whole?.data.length ?? 0); at++) most = Math.max(most, Math.abs(shade(whole, at) - shade(part, at)));
    return most;
  }, grown);
  expect(await difference()).toBeLessThanOrEqual(3);
  expect(endstation.complaints).toEqual([]);
});
