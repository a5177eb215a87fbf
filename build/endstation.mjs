#!/usr/bin/env node
// `endstation` of a checkout: a command runs in this process, anything else opens the application.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = join(dirname(fileURLToPath(import.meta.url)), '..', 'out', 'main', 'cli.cjs');
const args = process.argv.slice(2);
const [first] = args;
const opens = first === undefined || /\.(bob|opi)$/i.test(first) || ['--profile', '--observer', '--browser', '--no-sandbox'].some((option) => first === option || first.startsWith(`${option}=`));

if (!existsSync(cli)) {
  console.error('Endstation is not built yet. Run: npm ci && npm run build');
  process.exitCode = 1;
} else if (opens) {
  const { open } = await import('./start.mjs');
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
