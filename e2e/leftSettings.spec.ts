// A fly scan is killed on a beamline that goes on: the window says what it left changed, and abandoning puts it back.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, ownEnvironment, test as base } from './endstation';

const program = fileURLToPath(new URL('../build/endstation.mjs', import.meta.url));

function lines(child: ChildProcess, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (enough(text)) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${text.slice(-300)}`)));
  });
}

const test = base.extend({
  extraEnvironment: async ({ folder }, use) => {
    const { data, environment } = ownEnvironment(folder);
    const run = (env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess => spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const beamline = run(environment, 'ioc', '--json');
    try {
      const { caPort } = JSON.parse((await lines(beamline, (text) => text.includes('\n'))).split('\n')[0] ?? '') as { caPort: number };
      const epics = { EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(caPort) };
      const scan = run({ ...environment, ...epics }, 'scan', 'fly', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '--speed', '0.11', '--data', data, '--json');
      await lines(scan, (text) => text.split('"name":"event"').length > 6).finally(() => scan.kill('SIGKILL'));
      await use(epics);
    } finally {
      beamline.kill('SIGTERM');
    }
  },
});

test('a speed that a killed scan had set is told of, and put back when its run is abandoned', async ({ endstation, host }) => {
  const { page } = endstation;
  const simulation = page.getByText('SIMULATION', { exact: true });
  // The window serves its own simulation unless told otherwise.
  if (host === 'electron') {
    await expect(simulation).toBeVisible();
    await page.keyboard.press('Control+Shift+P');
    await page.keyboard.type('use the profile EPICS');
    await page.keyboard.press('Enter');
  }
  await expect(simulation).toBeHidden();
  await page.getByRole('tab', { name: 'PVs', exact: true }).click();
  await page.getByRole('combobox', { name: 'Name of a PV to add' }).fill('SIM:M1.VELO');
  await page.getByRole('combobox', { name: 'Name of a PV to add' }).press('Enter');
  const speed = async () => Number.parseFloat(await page.locator('[data-pv="SIM:M1.VELO"] [data-part="value"]').textContent() ?? '');
  await expect.poll(speed).toBe(0.11);
  await page.getByRole('button', { name: /^Abandon/ }).first().click();
  const question = page.getByRole('dialog', { name: 'Abandon run 1?' });
  await expect(question).toContainText(/had set the speed \(VELO\) of SIM:M1 to 0\.11 mm\/s; it was 5 mm\/s before\. Abandoning puts it back\./);
  await question.getByRole('button', { name: 'Abandon' }).click();
  await expect(page.getByText(/The speed \(VELO\) of SIM:M1 was put back to 5 mm\/s\./).first()).toBeVisible();
  await expect.poll(speed).toBe(5);
  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('option', { name: /#1 fly/ })).toContainText('aborted');
  expect(endstation.complaints).toEqual([]);
});
