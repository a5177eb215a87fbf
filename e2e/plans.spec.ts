// Each plan through the window: chosen, filled in, checked, started, and its runs on disk. One application for all of them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planDescriptions, type PlanName } from '../shared/plans';
import { expect, test } from './endstation';
import { fillPlan, planCases } from './planCases';

/** In Electron the same page runs: one plan of each kind of form is enough there. */
const ofElectron: readonly PlanName[] = ['move', 'scan', 'grid_scan', 'xanes', 'sequence', 'script'];

test('every plan runs through the window', async ({ endstation, host, folder }) => {
  test.setTimeout(300_000);
  const { page } = endstation;
  const file = join(folder, 'counted.json');
  writeFileSync(file, JSON.stringify({ plan: 'count', args: { detectors: ['SIM:I1'], num: 2 } }));
  const cases = planCases(file);
  const names = (Object.keys(cases) as PlanName[]).filter((name) => host === 'browser' || ofElectron.includes(name));
  if (host === 'browser') expect([...names].sort()).toEqual(planDescriptions.map(({ name }) => name).sort());
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const form = page.getByRole('form', { name: 'Plan' });
  const progress = page.getByRole('region', { name: 'Progress' });
  const state = progress.locator('[data-part="state"]');
  const runs: string[] = [];

  for (const name of names) {
    await test.step(name, async () => {
      const { args, runs: own, points } = cases[name];
      await fillPlan(form, name, args);
      const start = form.getByRole('button', { name: 'Start', exact: true });
      if (name === 'script') await expect(page.getByRole('textbox', { name: 'Script', exact: true })).toContainText('function* plan');
      await expect(page.getByRole('region', { name: 'Preflight' }), name).toContainText('Nothing stands against it.');
      await start.click();
      const records = !['move', 'set', 'sleep'].includes(name);
      if (records) {
        runs.push(...own ?? [name]);
        await expect(progress.locator('.title'), name).toHaveText(new RegExp(`^#${runs.length} `), { timeout: 60_000 });
        await expect(progress.locator('[data-part="ended"]'), name).toHaveText(points === undefined ? /^Done: [1-9]\d* points$/ : `Done: ${points} points`, { timeout: 60_000 });
      } else {
        await expect(state, name).toHaveText('Running');
      }
      await expect(state, name).toHaveText('Idle', { timeout: 60_000 });
    });
  }

  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('search', { name: 'Find runs' }).getByRole('status')).toContainText(`${runs.length} runs`);
  await page.getByRole('button', { name: /^Filter/ }).click();
  await page.getByRole('checkbox', { name: 'success' }).check();
  await expect(page.getByRole('search', { name: 'Find runs' }).getByRole('status')).toContainText(`${runs.length} runs`);
  const list = page.getByRole('listbox', { name: 'Runs' });
  for (const [index, plan] of runs.entries()) {
    if (index % 8 === 0) await page.getByRole('searchbox', { name: 'Search runs' }).fill(`#${index + 1}`);
    else continue;
    await expect(list.getByRole('option', { name: new RegExp(`^#${index + 1} ${plan} `) })).toBeVisible();
  }
  expect(endstation.complaints).toEqual([]);
});
