// The twelve faults over real sockets: a new seed of each every time, both protocols, our server in a process of its own. All fifty: `npm run faults`.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Row { readonly protocol: string; readonly fault: string; readonly seeds: number; readonly failed: number; readonly acknowledged: number; readonly updates: number }

const seeds = 1;

it('no acknowledged put is lost or repeated, nothing stale is shown as live, nothing is left open', async () => {
  const script = join(__dirname, '../../../../build/faults.mjs');
  const first = 1 + Math.floor(Date.now() / 1000) % 1_000_000;
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [script, '--seeds', String(seeds), '--first', String(first), '--json'], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`faults.mjs gave no result: ${error?.message ?? ''}\n${stderr}`));
    });
  });
  const { rows, problems } = JSON.parse(output) as { rows: Row[]; problems: string[] };
  expect({ first, problems }).toEqual({ first, problems: [] });
  expect(rows).toHaveLength(26);
  for (const row of rows) {
    expect(row).toMatchObject({ seeds, failed: 0 });
    expect(row.acknowledged).toBeGreaterThan(0);
    expect(row.updates).toBeGreaterThan(0);
  }
}, 400_000);
