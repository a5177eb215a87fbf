// The faults that can be done to any server, done to a real softIoc (Channel Access, and pvAccess by QSRV2) over real sockets, a new seed every time.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { peerPython } from '../../ioc/python';

interface Row { readonly protocol: string; readonly fault: string; readonly failed: number; readonly acknowledged: number; readonly updates: number }

it('no acknowledged put is lost or repeated, nothing stale is shown as live, nothing is left open', async () => {
  const script = fileURLToPath(new URL('../../../build/faults.mjs', import.meta.url));
  const first = 1 + Math.floor(Date.now() / 1000) % 1_000_000;
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [script, '--seeds', '1', '--first', String(first), '--ioc', 'softioc', '--json'],
      { maxBuffer: 2 ** 26, env: { ...process.env, ENDSTATION_PYTHON: peerPython() } }, (error, stdout, stderr) => {
        if (stdout.startsWith('{')) resolve(stdout);
        else reject(new Error(`faults.mjs gave no result: ${error?.message ?? ''}\n${stderr}`));
      });
  });
  const { rows, problems } = JSON.parse(output) as { rows: Row[]; problems: string[] };
  expect({ first, problems }).toEqual({ first, problems: [] });
  expect(rows).toHaveLength(20);
  for (const { protocol, fault, failed, acknowledged, updates } of rows) {
    expect([protocol, fault, failed]).toEqual([protocol, fault, 0]);
    expect(Math.min(acknowledged, updates)).toBeGreaterThan(0);
  }
}, 400_000);
