import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { shippedFiles } from './build/shippedFiles';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const alias = { '@shared': here('shared'), 'epics-ioc-connection': here('electron/epics-ioc-connection/src/index.ts') };

/** Every Node entry: the two hosts and one file a worker. Built to node16 CommonJS, so that Electron 22 and later run it. */
const nodeEntries = {
  main: here('electron/main.ts'),
  cli: here('electron/cli.ts'),
  simWorker: here('electron/sim/simWorker.ts'),
  poolWorker: here('electron/compute/poolWorker.ts'),
  primesWorker: here('electron/parallelism/primesWorker.ts'),
};

export default defineConfig({
  main: {
    resolve: { alias }, plugins: [shippedFiles(here('.'))],
    build: {
      externalizeDeps: false, target: 'node16', outDir: 'out/main', sourcemap: true, minify: false,
      lib: { entry: nodeEntries, formats: ['cjs'], fileName: (_format, name) => `${name}.cjs` },
      rollupOptions: { external: ['electron'] },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      externalizeDeps: false, target: 'node16', outDir: 'out/preload', sourcemap: true,
      lib: { entry: { preload: here('electron/preload.ts') }, formats: ['cjs'], fileName: () => 'preload.cjs' },
      rollupOptions: { external: ['electron'] },
    },
  },
  renderer: {
    root: here('renderer'), resolve: { alias }, plugins: [vue()],
    build: { target: 'chrome108', outDir: here('out/renderer'), rollupOptions: { input: here('renderer/index.html') } },
  },
});
