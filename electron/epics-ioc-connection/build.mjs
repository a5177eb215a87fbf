// Builds the package into dist: its doors as ESM and as CommonJS for Node >= 16.9, with what they share, and declarations for both. Usage: node build.mjs
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
/** By name: `index` is the package, the others are `epics-ioc-connection/NAME`. */
const doors = { index: join(here, 'src/index.ts'), ca: join(here, 'src/ca/index.ts'), pva: join(here, 'src/pva/door.ts') };

rmSync(dist, { recursive: true, force: true });
for (const [format, extension] of [['es', 'mjs'], ['cjs', 'cjs']]) {
  await build({
    root: here, configFile: false, logLevel: 'warn',
    build: {
      target: 'node16', outDir: dist, minify: false, sourcemap: false, emptyOutDir: false,
      lib: { entry: doors, formats: [format], fileName: (_format, name) => `${name}.${extension}` },
      rollupOptions: { external: [/^node:/], output: { chunkFileNames: `shared/[name].${extension}` } },
    },
  });
}
declarations(join(dist, 'types'));
writeFileSync(join(dist, 'types/package.json'), '{ "type": "module" }\n');
cpSync(join(dist, 'types'), join(dist, 'types-cjs'), { recursive: true });
writeFileSync(join(dist, 'types-cjs/package.json'), '{ "type": "commonjs" }\n');

/** Emits .d.ts files whose imports name their file, as Node's own resolution wants it. */
function declarations(folder) {
  mkdirSync(folder, { recursive: true });
  const { config } = ts.readConfigFile(join(here, '../../tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson({
    ...config.compilerOptions, paths: undefined, baseUrl: undefined, noEmit: false, declaration: true, emitDeclarationOnly: true,
    outDir: folder, rootDir: join(here, 'src'), types: ['node'], stripInternal: true,
  }, here);
  const program = ts.createProgram(Object.values(doors), options);
  const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (found.length > 0) throw new Error(ts.formatDiagnostics(found, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => here, getNewLine: () => '\n' }));
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8').replace(/(from |import\()['"](\.[^'"]*)['"]/g, (_all, before, target) => {
      const index = ts.sys.directoryExists(join(dirname(path), target));
      return `${before}'${index ? `${target}/index` : target}.js'`;
    });
    writeFileSync(path, text);
  }
}
