// `npm run faults`: the twelve faults over real sockets, through a proxy, with a server in a process of its own. Linux.
// Options: --seeds N (default 50), --first SEED, --fault PART OF A NAME, --protocol ca|pva, --ioc ours|softioc (needs ENDSTATION_PYTHON), --json.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' }, first: { type: 'string', default: '1' }, fault: { type: 'string', default: '' }, protocol: { type: 'string' },
    ioc: { type: 'string', default: 'ours' }, json: { type: 'boolean', default: false },
  },
});
const [seeds, first] = [Number(values.seeds), Number(values.first)];
if (!(seeds > 0) || !(first >= 0)) throw new Error('Give --seeds and --first as numbers.');
if (values.protocol !== undefined && !['ca', 'pva'].includes(values.protocol)) throw new Error('--protocol is ca or pva.');
if (!['ours', 'softioc'].includes(values.ioc)) throw new Error('--ioc is ours or softioc.');
const python = values.ioc === 'ours' ? null : process.env.ENDSTATION_PYTHON;
if (python === undefined) throw new Error('Set ENDSTATION_PYTHON to a Python that has epicscorelibs.');

const folder = mkdtempSync(join(tmpdir(), 'endstation-faults-'));
const names = ['faultsMain', 'faultServer'];
try {
  await build({
    configFile: false, logLevel: 'warn', root,
    build: {
      ssr: true, target: 'node16', outDir: folder, emptyOutDir: false, minify: false,
      lib: {
        entry: Object.fromEntries(names.map((name) => [name, join(root, `electron/epics-ioc-connection/test/faults/sockets/${name}.ts`)])),
        formats: ['cjs'], fileName: (_format, name) => `${name}.cjs`,
      },
    },
  });
  const order = { seeds, first, fault: values.fault, protocols: values.protocol ? [values.protocol] : ['ca', 'pva'], python, json: values.json };
  const child = fork(join(folder, 'faultsMain.cjs'), [JSON.stringify(order)], { execArgv: ['--expose-gc'] });
  process.exitCode = await new Promise((resolve) => { child.once('exit', (code) => resolve(code ?? 1)); });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
