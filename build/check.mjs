// `npm run check`: types, lint, layers, unused code. Everything runs, then all problems are shown.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

const checks = [
  { name: 'types of the main process, shared and tests', command: bin('tsc'), args: ['-p', 'tsconfig.node.json'] },
  { name: 'types of the end-to-end tests', command: bin('tsc'), args: ['-p', 'tsconfig.e2e.json'] },
  { name: 'types of the renderer', command: bin('vue-tsc'), args: ['-p', 'tsconfig.web.json'] },
  { name: 'lint', command: bin('oxlint'), args: ['--deny-warnings', '--format', 'unix'] },
  { name: 'layers', command: process.execPath, args: ['build/house/layers.mjs'] },
  { name: 'unused files, exports and dependencies', command: bin('knip'), args: ['--no-progress', '--no-config-hints'] },
];

function run({ name, command, args }) {
  const start = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (d) => { output += d; });
    child.stderr.on('data', (d) => { output += d; });
    child.on('error', (error) => resolve({ name, ok: false, seconds: 0, output: error.message }));
    child.on('close', (code) => resolve({ name, ok: code === 0, seconds: (Date.now() - start) / 1000, output: output.trim() }));
  });
}

/** Two at a time; returns the number of checks that passed and failed. */
export async function check() {
  const queue = [...checks];
  const results = [];
  await Promise.all([0, 1].map(async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = await run(next);
      results.push(result);
      console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${result.name} (${result.seconds.toFixed(1)} s)`);
      if (!result.ok) console.log(result.output.replace(/^/gm, '     '));
    }
  }));
  return { passed: results.filter((r) => r.ok).length, failed: results.filter((r) => !r.ok).length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = await check();
  process.exitCode = failed ? 1 : 0;
}
