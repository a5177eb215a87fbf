import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { nodeEntries } from './build/nodeEntries';
import { shippedFiles } from './build/shippedFiles';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const alias = { '@shared': here('shared'), 'epics-ioc-connection': here('electron/epics-ioc-connection/src/index.ts') };

/** Node 16 CommonJS, so that Electron 22 and later run it. */
const target = 'node16';
/** Every Node entry beside main: the command line, and one file a worker. */
const entries = {
  cli: here('electron/cli.ts'),
  simWorker: here('electron/sim/simWorker.ts'),
  poolWorker: here('electron/compute/poolWorker.ts'),
  functionWorker: here('electron/compute/functions/functionWorker.ts'),
  hdf5Reader: here('electron/compute/files/hdf5Reader.ts'),
  nexusWorker: here('electron/data/nexusWorker.ts'),
  scriptWorker: here('electron/scan/scripts/scriptWorker.ts'),
  primesWorker: here('electron/parallelism/primesWorker.ts'),
};

export default defineConfig({
  main: {
    resolve: { alias }, plugins: [shippedFiles(here('.')), nodeEntries({ entries, alias, target, outDir: here('out/main') })],
    build: {
      externalizeDeps: false, target, outDir: 'out/main', sourcemap: true, minify: false,
      lib: { entry: { main: here('electron/main.ts') }, formats: ['cjs'], fileName: () => 'main.cjs' },
      rolldownOptions: { external: ['electron'] },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      externalizeDeps: false, target, outDir: 'out/preload', sourcemap: true,
      lib: { entry: { preload: here('electron/preload.ts') }, formats: ['cjs'], fileName: () => 'preload.cjs' },
      rolldownOptions: { external: ['electron'] },
    },
  },
  renderer: {
    root: here('renderer'), resolve: { alias }, plugins: [vue()],
    build: { target: 'chrome108', outDir: here('out/renderer'), rolldownOptions: { input: here('renderer/index.html') } },
  },
});
