// The queue as a user has it: plans wait, run one after the other, and the queue rests where one can't go on.
import type { Page } from '@playwright/test';
import { expect, test } from './endstation';

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
