import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@shared': here('shared'), 'epics-ioc-connection': here('electron/epics-ioc-connection/src/index.ts') } },
  test: { include: ['{electron,shared,renderer,build}/**/*.test.ts'], testTimeout: 15_000 },
});
