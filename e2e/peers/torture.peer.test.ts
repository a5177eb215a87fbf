// Fifty random SIGKILLs of running scans: nothing lost, nothing doubled, every run listed as interrupted and gone on with.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('kill -9 at fifty random moments loses no point that was told of', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../build/torture.mjs', import.meta.url)), '50'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const code = await new Promise((resolve) => { child.once('close', resolve); });
  expect(err).not.toMatch(/was told|differs|is listed as|not resumed/);
  expect(code).toBe(0);
  const totals = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, number>;
  expect(totals).toMatchObject({ kills: 50, lost: 0, doubled: 0, wrong: 0, notListed: 0, notResumed: 0 });
  expect(totals['resumed']).toBeGreaterThan(0);
}, 600_000);
