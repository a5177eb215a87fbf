// Builds the Node entries beside `main.cjs`, each into one file: of shared chunks one would make a program run another one's start.
import { build } from 'vite';
import type { Alias, Plugin } from 'vite';

export interface NodeEntries {
  /** Name of the built file, without `.cjs`: source file. */
  readonly entries: Readonly<Record<string, string>>;
  readonly alias: Readonly<Record<string, string>> | Alias[];
  readonly outDir: string;
  readonly target: string;
}

/** Whole files for `out/main`: CommonJS, every package inside, only Electron and Node's own modules outside. */
export function nodeEntries({ entries, alias, outDir, target }: NodeEntries): Plugin {
  return {
    name: 'endstation:node-entries',
    apply: 'build',
    async closeBundle() {
      await Promise.all(Object.entries(entries).map(([name, file]) => build({
        configFile: false, logLevel: 'warn', publicDir: false, resolve: { alias }, ssr: { noExternal: true, target: 'node' },
        build: {
          ssr: file, outDir, emptyOutDir: false, target, sourcemap: true, minify: false,
          rolldownOptions: { external: ['electron'], output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false } },
        },
      })));
    },
  };
}
