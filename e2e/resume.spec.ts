// A scan outlives its program: killed in the middle, offered at the next start, and gone on with as the same run.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, ownEnvironment, test } from './endstation';

const program = fileURLToPath(new URL('../build/endstation.mjs', import.meta.url));

/** Ends a scan of the command line with SIGKILL after so many points. */
function killedScan(folder: string, points: number): Promise<void> {
  const { data, environment } = ownEnvironment(folder);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '31', '--data', data, '--json'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.split('"name":"event"').length > points) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', (_code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`The scan ended by itself: ${out.slice(-300)}`))));
  });
}

test.beforeEach(async ({ folder }) => { await killedScan(folder, 8); });

test('an interrupted run is offered at the start, checked, and gone on with to its end', async ({ endstation }) => {
  const { page } = endstation;
  await expect(page.getByText(/was interrupted at point \d+ of 31/)).toBeVisible();
  await page.getByRole('button', { name: /^Resume/ }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText(/Resume run 1 at point \d+ of 31/);
  await expect(sheet).toContainText('nothing stands against it');
  await sheet.getByRole('button', { name: /resume$/ }).click();
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  const run = page.getByRole('option', { name: /#1 scan/ });
  await expect(run).toContainText('success', { timeout: 60_000 });
  await expect(run).toContainText('31');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByText(/was interrupted at point/)).toBeHidden();
  expect(endstation.complaints).toEqual([]);
});

test('an interrupted run can be abandoned, and keeps its points', async ({ endstation }) => {
  const { page } = endstation;
  await page.getByRole('button', { name: 'Abandon' }).first().click();
  const question = page.getByRole('dialog');
  if (await question.isVisible()) await question.getByRole('button', { name: /^Abandon/ }).click();
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 scan/ })).toContainText('aborted');
  expect(endstation.complaints).toEqual([]);
});
