// `npm run bench [-- NAME] [--json] [--repeats n] [--only PART,...] [--peers NAME,...] [--frames n]`: side by side with the peers, in one run, as ratios.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages, root } from './provision.mjs';

const benches = {
  epics: async (options) => {
    execFileSync(process.execPath, [join(root, 'electron', 'epics-ioc-connection', 'build.mjs')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    await (await import('./bench/epics.mjs')).benchEpics(options);
  },
  scan: async (options) => (await import('./bench/scan.mjs')).benchScan(options),
  data: async (options) => (await import('./bench/data.mjs')).benchData(options),
  compute: async (options) => (await import('./bench/compute.mjs')).benchCompute(options),
  plot: async (options) => (await import('./bench/plot.mjs')).benchPlot(options),
  panels: async (options) => (await import('./bench/panels.mjs')).benchPanels(options),
  window: async (options) => (await import('./bench/window.mjs')).benchWindow(options),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, repeats: { type: 'string', default: '5' }, only: { type: 'string' }, peers: { type: 'string' }, frames: { type: 'string' } },
});
const list = (text) => text?.split(',') ?? null;
const names = positionals.length ? positionals : Object.keys(benches);
const unknown = names.find((name) => !Object.hasOwn(benches, name));
if (unknown) {
  console.error(`There is no benchmark "${unknown}". Benchmarks: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
installPackages();
for (const name of names) await benches[name]({ json: values.json, repeats: Number(values.repeats), only: list(values.only), peers: list(values.peers), ...(values.frames ? { frames: Number(values.frames) } : {}) });
