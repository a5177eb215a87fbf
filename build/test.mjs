// `npm test`: installs what it needs, then checks, builds and runs every test. Last line: `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, installCorePva, installPackages, installPython, installSystemPackages, root } from './provision.mjs';

const results = join(root, 'test-results');
const total = { passed: 0, failed: 0 };
const started = Date.now();
const clock = () => `${((Date.now() - started) / 60_000).toFixed(1)} min`;

function add(name, counts) {
  total.passed += counts.passed;
  total.failed += counts.failed;
  console.log(`== ${name}: ${counts.passed} passed, ${counts.failed} failed (at ${clock()})\n`);
}

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
}
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** A step that is one thing that passes or fails. */
async function step(name, action) {
  console.log(`== ${name}`);
  try {
    await action();
    add(name, { passed: 1, failed: 0 });
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    add(name, { passed: 0, failed: 1 });
    return false;
  }
}
const mustSucceed = async (code) => { if (await code !== 0) throw new Error('It ended with an error; see above.'); };

function report(file) {
  try {
    return JSON.parse(readFileSync(join(results, file), 'utf8'));
  } catch {
    return null;
  }
}

/** A suite that leaves a JSON report. Nothing may be skipped; no report is a failure. */
async function suite(name, file, command, args, env, count) {
  console.log(`== ${name}`);
  const code = await run(command, args, env);
  const found = report(file);
  const counts = found ? count(found) : { passed: 0, failed: 1 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  add(name, counts);
}
const vitestCounts = (r) => ({ passed: r.numPassedTests, failed: r.numFailedTests + r.numPendingTests + r.numTodoTests });
const playwrightCounts = (r) => ({ passed: r.stats.expected, failed: r.stats.unexpected + r.stats.flaky + r.stats.skipped });

const vitest = (project, file) => suite(`${project} tests`, file, bin('vitest'),
  ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${join(results, file)}`], env, vitestCounts);

const env = {};
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const ready = await step('what the tests need', async () => {
  installPackages();
  installSystemPackages();
  env.ENDSTATION_PYTHON = installPython();
  env.ENDSTATION_CORE_PVA = installCorePva();
  const { testRuntime } = await import('./runtime.mjs');
  env.ENDSTATION_TEST_ELECTRON = await testRuntime(cache);
});
if (ready) {
  const { check } = await import('./check.mjs');
  add('check of the house', await check());
  const built = await step('build', () => mustSucceed(run('npm', ['run', '-s', 'build'])));
  await vitest('unit', 'unit.json');
  if (built) {
    await vitest('peers', 'peers.json');
    await suite('end to end', 'e2e.json', bin('playwright'), ['test'], { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: join(results, 'e2e.json') }, playwrightCounts);
  }
}
console.log(`${clock()} in all`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;
