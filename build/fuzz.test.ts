// Two minutes of fuzzing with new seeds each time: 24 s of each protocol and side, and of pictures. A failure shows its seed and its bytes.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Result { readonly name: string; readonly inputs: number; readonly failures: readonly { seed: number; what: string; hex: string }[] }

it('no input makes a core crash, hang or allocate beyond its cap', async () => {
  const script = fileURLToPath(new URL('fuzz.mjs', import.meta.url));
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [script, '--minutes', '2', '--json'], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`fuzz.mjs gave no result: ${error?.message ?? ''}\n${stderr}`));
    });
  });
  const { results } = JSON.parse(output) as { results: Result[] };
  expect(results.flatMap(({ name, failures }) => failures.map((failure) => ({ name, ...failure })))).toEqual([]);
  expect(results.map(({ name }) => name).sort()).toEqual(['ca-client', 'ca-server', 'pictures', 'pva-client', 'pva-server']);
  for (const { inputs } of results) expect(inputs).toBeGreaterThan(1000);
}, 400_000);
