// The Node that the application itself runs on: one JavaScript thread in a process of its own, and worker threads of this process,
// with JavaScript or with WebAssembly, and with the ways to share memory.
import { join } from 'node:path';
import { runProgram } from '../childProgram';
import { runWorkerProgram } from '../workerProgram';
import { keyOf, type Language, type ProgramHost, type Runtime } from './runtime';

interface Row { readonly id: string; readonly title: string; readonly mode: string; readonly language: Language; readonly standard: boolean; readonly inside: boolean }
const rows: readonly Row[] = [
  { id: 'node-main', title: 'Node main thread', mode: 'main', language: 'typescript', standard: true, inside: false },
  { id: 'node-workers', title: 'Node worker threads', mode: 'workers', language: 'typescript', standard: true, inside: true },
  { id: 'node-shared', title: 'Node workers, SharedArrayBuffer', mode: 'shared', language: 'typescript', standard: false, inside: true },
  { id: 'node-atomics', title: 'Node workers with Atomics', mode: 'atomics', language: 'typescript', standard: false, inside: true },
  { id: 'wasm-workers', title: 'WebAssembly in workers', mode: 'wasm', language: 'wat', standard: false, inside: true },
];

/** @param workers folder of the built worker files; `programs`: of our programs, from which the WebAssembly is made. */
export function nodeRuntimes(workers: string, programs: string): Runtime[] {
  const script = join(workers, 'primesWorker.cjs');
  const { node, electron, v8 } = process.versions;
  const version = electron ? `${node} (Electron ${electron})` : node;
  const environment = { ELECTRON_RUN_AS_NODE: '1', ENDSTATION_PROGRAMS: programs };
  // The application's own thread must not be the one that is kept busy, so "main" is the main thread of a child.
  const hostOf = ({ inside, language }: Row): ProgramHost => ({
    language,
    run: (title, program, args, options) => (inside
      ? runWorkerProgram(title, script, [program, ...args], environment, options)
      : runProgram(title, { file: process.execPath, args: [script, program, ...args], environment }, options)),
  });
  return rows.map((row): Runtime => ({
    info: {
      id: row.id, key: keyOf(row.id), title: row.title, standard: row.standard, available: true,
      version: row.language === 'wat' ? `V8 ${v8}` : version, path: process.execPath,
    },
    mode: row.mode, language: row.language, parallel: row.inside, host: hostOf(row),
  }));
}
