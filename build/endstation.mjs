#!/usr/bin/env node
// `endstation` of a checkout: a command runs in this process; without one the application opens.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = join(dirname(fileURLToPath(import.meta.url)), '..', 'out', 'main', 'cli.cjs');
const args = process.argv.slice(2);
const { commandOf, open } = await import('./start.mjs');
const command = commandOf(args);

if (!existsSync(cli)) {
  console.error('Endstation is not built yet. Run: npm ci && npm run build');
  process.exitCode = 1;
} else if (command === 'bench') {
  process.argv = [process.argv[0], process.argv[1], ...args.filter((arg) => arg !== 'bench')];
  await import('./bench.mjs');
} else if (command === null) {
  try {
    process.exitCode = await open(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
} else {
  process.argv[1] = cli;
  createRequire(import.meta.url)(cli);
}
