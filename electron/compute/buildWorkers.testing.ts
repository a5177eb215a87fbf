// The worker files of this room, built for a test as the application has them.
import { join } from 'node:path';
import { build } from 'vite';

const sources = { poolWorker: 'poolWorker.ts', functionWorker: 'functions/functionWorker.ts' } as const;

export async function buildWorkers(folder: string, ...names: readonly (keyof typeof sources)[]): Promise<void> {
  for (const name of names) {
    await build({
      configFile: false, logLevel: 'error', resolve: { alias: { '@shared': join(__dirname, '../../shared') } },
      build: { ssr: join(__dirname, sources[name]), outDir: folder, emptyOutDir: false, target: 'node16', rollupOptions: { output: { format: 'cjs', entryFileNames: `${name}.cjs` } } },
    });
  }
}
