// Pictures of scanning for its guide: each a state of the Scan and Runs views that was really brought about on the simulated beamline.
import { join } from 'node:path';

const tab = (page, name) => page.getByRole('tab', { name, exact: true });
const form = (page) => page.getByRole('form', { name: 'Plan' });
const choose = (page, plan) => form(page).getByRole('combobox', { name: 'Plan', exact: true }).first().selectOption(plan);

async function detector(page, name) {
  const box = form(page).getByRole('combobox', { name: 'Add a detector' });
  if (await form(page).getByRole('group', { name: 'Detectors' }).getByText(name, { exact: true }).count() > 0) return;
  await box.fill(name);
  await box.press('Enter');
}
async function axis(page, number, motor, values) {
  const box = form(page).getByRole('combobox', { name: `Motor, axis ${number}`, exact: true });
  if (await box.count() === 0) await form(page).getByRole('button', { name: 'Add an axis' }).click();
  await box.fill(motor);
  await box.press('Tab');
  for (const [label, value] of Object.entries(values)) await form(page).getByRole('textbox', { name: `${label}, axis ${number}`, exact: true }).fill(String(value));
}
/** Until the run of this number has ended. */
async function start(page, number, points) {
  await page.getByRole('region', { name: 'Preflight' }).getByText('Nothing stands against it.').waitFor();
  await form(page).getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('region', { name: 'Progress' }).locator('.title').filter({ hasText: `#${number} ` }).waitFor({ timeout: 60_000 });
  await page.locator('[data-part="ended"]').filter({ hasText: points }).waitFor({ timeout: 120_000 });
}

/** Two scans, a map, a script, a queue, runs in one plot and an image of a run: each is drawn by `shoot(name)` when it is there. */
export async function scanScenes(page, shoot) {
  await tab(page, 'Scan').click();
  await choose(page, 'scan');
  await detector(page, 'SIM:I1');
  await axis(page, 1, 'SIM:M1', { Start: 0.4, Stop: 2.2 });
  await form(page).getByRole('textbox', { name: 'Points', exact: true }).fill('37');
  await start(page, 1, 'Done: 37 points');
  await page.getByRole('combobox', { name: 'Fit', exact: true }).selectOption('gauss');
  await page.locator('[data-fit="centre"]').waitFor();
  await shoot('scan-plot');
  await page.getByRole('button', { name: /^Scan around/ }).click();
  await start(page, 2, 'Done: 37 points');
  await page.getByRole('combobox', { name: 'Fit', exact: true }).selectOption('');

  await choose(page, 'grid_scan');
  await axis(page, 1, 'SIM:M1', { Start: 0.9, Stop: 1.6, Points: 15 });
  await axis(page, 2, 'SIM:M2', { Start: -0.9, Stop: -0.2, Points: 9 });
  await form(page).getByRole('checkbox', { name: 'Snake, axis 2' }).check();
  await page.getByRole('region', { name: 'Preflight' }).getByText('Nothing stands against it.').waitFor();
  await page.getByRole('region', { name: 'Preflight' }).evaluate((sheet) => sheet.scrollIntoView({ block: 'end' }));
  await shoot('scan-preflight');
  await form(page).getByRole('button', { name: 'Start', exact: true }).click();
  await page.locator('[data-part="points"]').filter({ hasText: /^(8\d|9\d) / }).waitFor({ timeout: 120_000 });
  await shoot('scan-map');
  await page.getByRole('region', { name: 'Progress' }).getByRole('button', { name: 'Stop' }).click();
  await page.locator('[data-part="ended"]').waitFor();

  const queue = page.getByRole('region', { name: 'Queue' });
  await choose(page, 'sequence');
  await queue.getByRole('button', { name: /^Queue/ }).click();
  for (const plan of ['loop', 'scan']) {
    await choose(page, plan);
    await form(page).getByRole('button', { name: 'Add to queue' }).click();
  }
  await queue.getByRole('listitem').nth(1).waitFor();
  await shoot('scan-queue');
  await queue.getByRole('button', { name: /^Queue/ }).click();

  await choose(page, 'script');
  await page.getByRole('textbox', { name: 'Script', exact: true }).waitFor();
  await start(page, 4, 'Done: 6 points');
  await page.getByRole('textbox', { name: 'Script', exact: true }).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nyield* plans.rel_s');
  await page.getByRole('listbox', { name: 'Completions' }).waitFor();
  await shoot('scan-script');
  await page.keyboard.press('Escape');

  await tab(page, 'Runs').click();
  await page.getByRole('option', { name: /^#2 / }).click();
  await page.getByRole('option', { name: /^#1 / }).click({ modifiers: ['Control'] });
  await page.getByRole('list', { name: 'Runs compared' }).waitFor();
  await shoot('runs-compare');

  await tab(page, 'Scan').click();
  await choose(page, 'scan');
  await detector(page, 'det1');
  await axis(page, 1, 'SIM:M1', { Start: 1, Stop: 1.4 });
  await form(page).getByRole('textbox', { name: 'Points', exact: true }).fill('5');
  await start(page, 5, 'Done: 5 points');
  await tab(page, 'Runs').click();
  await page.getByRole('option', { name: /^#5 / }).click();
  await page.getByRole('tab', { name: 'Image: det1' }).click();
  await page.getByRole('slider', { name: 'Point shown' }).fill('3');
  const picture = page.getByRole('img', { name: /^Image: det1, point 3 of 5/ });
  await picture.waitFor();
  await picture.hover({ position: { x: 120, y: 120 } });
  await shoot('runs-image');
}

export async function saveScanImages(page, out) {
  await scanScenes(page, async (name) => {
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(out, `${name}-light.png`) });
  });
}
