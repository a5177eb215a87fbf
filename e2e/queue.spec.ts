// The queue as a user has it: plans wait, run one after the other, and the queue rests where one can't go on.
import type { Page } from '@playwright/test';
import { launchBrowser } from './browserApp';
import { launchElectron } from './electronApp';
import { expect, ownEnvironment, test } from './endstation';

async function fillCount(page: Page, points: number): Promise<void> {
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('count');
  if (await plan.getByText('SIM:I1', { exact: true }).count() === 0) {
    await plan.getByRole('combobox', { name: 'Add a detector' }).fill('SIM:I1');
    await plan.getByRole('combobox', { name: 'Add a detector' }).press('Enter');
  }
  await plan.getByRole('textbox', { name: 'Points' }).fill(String(points));
}

test('plans wait in the queue, are edited and moved, and run one after the other', async ({ endstation }) => {
  const { page } = endstation;
  const queue = page.getByRole('region', { name: 'Queue' });
  const plan = page.getByRole('form', { name: 'Plan' });
  for (const points of [3, 4, 5]) {
    await fillCount(page, points);
    await plan.getByRole('button', { name: 'Add to queue' }).click();
  }
  await queue.getByRole('button', { name: /^Queue/ }).click();
  const rows = queue.getByRole('list', { name: 'Plans that wait' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await rows.nth(2).press('Alt+ArrowUp');
  await expect(rows.nth(1)).toContainText('5 points');
  await expect(rows.nth(1)).toBeFocused();
  await rows.nth(0).getByRole('button', { name: /^Edit/ }).click();
  await plan.getByRole('textbox', { name: 'Points' }).fill('6');
  await plan.getByRole('button', { name: 'Change in queue' }).click();
  await expect(rows.nth(0)).toContainText('6 points');
  await rows.nth(2).getByRole('button', { name: /^Remove/ }).click();
  await expect(rows).toHaveCount(2);

  await queue.getByRole('button', { name: 'Start queue' }).click();
  await queue.getByRole('tab', { name: /^History/ }).click();
  const history = queue.getByRole('list', { name: 'History of the queue' }).getByRole('listitem');
  await expect(history).toHaveCount(2, { timeout: 60_000 });
  await expect(history.nth(0)).toContainText('success');
  await expect(history.nth(0)).toContainText('5 points');
  await expect(queue.locator('[data-part="queue-state"]')).toHaveText('Resting');
  await history.nth(0).getByRole('button', { name: /^Open the run/ }).click();
  await expect(page.getByRole('option', { name: /#2 count/ })).toBeVisible();
  expect(endstation.complaints).toEqual([]);
});

test('STOP lets the queue rest, with the plan still in it and the reason', async ({ endstation }) => {
  const { page } = endstation;
  const queue = page.getByRole('region', { name: 'Queue' });
  await fillCount(page, 5000);
  await page.getByRole('form', { name: 'Plan' }).getByRole('button', { name: 'Add to queue' }).click();
  await queue.getByRole('button', { name: /^Queue/ }).click();
  await queue.getByRole('button', { name: 'Start queue' }).click();
  await expect(page.getByRole('region', { name: 'Progress' }).locator('[data-part="state"]')).toHaveText(/Running/);
  await page.keyboard.press('Control+.');
  await expect(queue.getByRole('status')).toContainText('The queue rests');
  await expect(queue.getByRole('list', { name: 'Plans that wait' }).getByRole('listitem')).toHaveCount(1);
  await queue.getByRole('button', { name: 'Lock' }).click();
  await expect(queue.getByRole('button', { name: 'Start queue' })).toBeDisabled();
  expect(endstation.complaints).toEqual([]);
});

test('a plan is duplicated, one is run now and the queue stays as it is, and it loops until told otherwise', async ({ endstation }) => {
  const { page } = endstation;
  const queue = page.getByRole('region', { name: 'Queue' });
  await fillCount(page, 3);
  await page.getByRole('form', { name: 'Plan' }).getByRole('button', { name: 'Add to queue' }).click();
  await fillCount(page, 4);
  await page.getByRole('form', { name: 'Plan' }).getByRole('button', { name: 'Add to queue' }).click();
  await queue.getByRole('button', { name: /^Queue/ }).click();
  const rows = queue.getByRole('list', { name: 'Plans that wait' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByRole('button', { name: /^Duplicate/ }).click();
  await expect(rows).toHaveCount(3);
  await rows.nth(1).getByRole('button', { name: /^Run .* now$/ }).click();
  const history = queue.getByRole('tab', { name: /^History/ });
  await expect(history).toHaveText('History (1)', { timeout: 60_000 });
  await expect(rows).toHaveCount(2);
  await expect(queue.locator('[data-part="queue-state"]')).toHaveText('Resting');

  await queue.getByRole('checkbox', { name: 'Loop' }).check();
  await queue.getByRole('button', { name: 'Start queue' }).click();
  await expect(history).toHaveText(/History \([4-9]\)/, { timeout: 60_000 });
  await queue.getByRole('button', { name: 'End after this plan' }).click();
  await expect(queue.locator('[data-part="queue-state"]')).toHaveText('Resting', { timeout: 60_000 });
  // What ended well is at its end again.
  await expect(rows).toHaveCount(2);
  expect(endstation.complaints).toEqual([]);
});

test('a queue whose program is killed rests at the next start, with what ran at its front, and goes on when told to', async ({ host, folder }) => {
  const { environment } = ownEnvironment(folder);
  const launch = async () => {
    const started = host === 'electron' ? await launchElectron({ args: [], env: environment }) : await launchBrowser([], environment);
    await started.page.getByRole('tab', { name: 'PVs', exact: true }).waitFor();
    const isElectron = 'app' in started;
    return {
      page: started.page,
      kill: async () => {
        const child = isElectron ? started.app.process() : started.served.process;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
        if (!isElectron) await started.browser.close();
      },
      close: async () => {
        if (isElectron) await started.app.close();
        else {
          await started.browser.close();
          await started.served.close();
        }
      },
    };
  };
  const first = await launch();
  const queueOf = (page: Page) => page.getByRole('region', { name: 'Queue' });
  for (const points of [3000, 4]) {
    await fillCount(first.page, points);
    await first.page.getByRole('form', { name: 'Plan' }).getByRole('button', { name: 'Add to queue' }).click();
  }
  await queueOf(first.page).getByRole('button', { name: 'Start queue' }).click();
  await expect(first.page.getByRole('region', { name: 'Progress' }).locator('[data-part="points"]')).toHaveText(/^[1-9]\d* \/ 3,000 points$/);
  await first.kill();

  const second = await launch();
  const { page } = second;
  await page.getByRole('tab', { name: 'Scan', exact: true }).click();
  const queue = queueOf(page);
  await expect(queue.locator('[data-part="queue-state"]')).toHaveText('Resting');
  await queue.getByRole('button', { name: /^Queue/ }).click();
  const rows = queue.getByRole('list', { name: 'Plans that wait' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText('3000 points');
  await expect(page.getByRole('region', { name: 'Progress' }).locator('[data-part="state"]')).toHaveText('Idle');
  await rows.nth(0).press('Delete');
  await expect(rows).toHaveCount(1);
  await queue.getByRole('button', { name: 'Start queue' }).click();
  await expect(queue.getByRole('tab', { name: /^History/ })).toHaveText('History (1)', { timeout: 60_000 });
  await second.close();
});
