// `npm run docs`: writes what docs/ has of the plans, from their schemas.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { module } = await runnerImport(join(root, 'build/planDocs.ts'), { root, configFile: false, logLevel: 'error', resolve: { alias: { '@shared': join(root, 'shared') } } });
const page = join(root, 'docs/scanning.md');
writeFileSync(page, module.withPlanTable(readFileSync(page, 'utf8')));
writeFileSync(join(root, 'docs/plans.md'), module.planReference());
