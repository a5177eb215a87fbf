import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const alias = { '@shared': here('shared'), 'epics-ioc-connection': here('electron/epics-ioc-connection/src/index.ts') };

/** `unit`: beside the code. `peers`: against real IOCs, clients and the built command line, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [vue()], resolve: { alias },
        test: { name: 'unit', include: ['{electron,shared,renderer,build}/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        resolve: { alias },
        test: { name: 'peers', include: ['e2e/**/*.peer.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
      },
    ],
  },
});
