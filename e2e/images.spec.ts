// The images and spectra of a run, looked at after it: point by point, by mouse and keyboard, one in memory at a time.
import { expect, test } from './endstation';
import { fillPlan } from './planCases';

test('a run with a camera and an MCA shows their pictures and spectra at each of its points', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await fillPlan(plan, 'scan', { detectors: ['det1', 'mca1'], axes: [{ motor: 'SIM:M1', start: 1, stop: 1.4 }], num: 3 });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Progress' }).locator('[data-part="ended"]')).toHaveText(/Done: 3 points/, { timeout: 60_000 });

  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await page.getByRole('option', { name: /#1 scan/ }).click();
  const views = page.getByRole('tablist', { name: 'How the run is shown' });
  await views.getByRole('tab', { name: 'Image: det1' }).click();
  const picture = page.getByRole('img', { name: /^Image: det1, point 1 of 3, 1024 by 1024 pixels/ });
  await expect(picture).toBeVisible();
  await expect(page.locator('[data-part="place"]')).toHaveText(/^of 3 · SIM:M1 1 mm$/);
  const slider = page.getByRole('slider', { name: 'Point shown' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('img', { name: /^Image: det1, point 2 of 3/ })).toBeVisible();
  await expect(slider).toHaveAttribute('aria-valuetext', 'point 2 of 3, SIM:M1 1.2 mm');
  await page.keyboard.press('End');
  await expect(page.getByRole('img', { name: /^Image: det1, point 3 of 3/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show the point before' }).press('Enter');
  await expect(page.getByRole('img', { name: /^Image: det1, point 2 of 3/ })).toBeVisible();
  await page.getByRole('spinbutton', { name: 'Number of the point shown' }).fill('3');
  await page.keyboard.press('Enter');

  const third = page.getByRole('img', { name: /^Image: det1, point 3 of 3/ });
  await third.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-part="pixel"]')).toHaveText(/^x \d+, y \d+: [\d.]+ counts$/);
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.locator('[data-part="region"]')).toContainText('sum');
  await page.getByRole('combobox', { name: 'Colour map' }).selectOption('magma');
  await page.getByRole('checkbox', { name: 'Auto range' }).uncheck();
  await page.getByRole('spinbutton', { name: 'Highest value shown' }).fill('100');
  // While a limit is typed there is none: the picture's own takes its place.
  await page.getByRole('spinbutton', { name: 'Lowest value shown' }).fill('');
  await expect(page.getByRole('img', { name: /^Image: det1, point 3 of 3, .* to 100\./ })).toBeVisible();
  await slider.focus();
  await page.keyboard.press('Home');
  // The range stays from point to point.
  await expect(page.getByRole('img', { name: /^Image: det1, point 1 of 3, .* to 100\./ })).toBeVisible();

  await views.getByRole('tab', { name: /^Spectrum: mca1/ }).click();
  const spectrum = page.getByRole('img', { name: /^Spectrum: mca1, point 1 of 3/ });
  await expect(spectrum).toBeVisible();
  await spectrum.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-part="channel"]')).toHaveText(/^channel 1: \d+/);
  await views.getByRole('tab', { name: 'Plot' }).click();
  await expect(page.getByRole('img', { name: /^Plot of/ })).toBeVisible();
  expect(endstation.complaints).toEqual([]);
});
