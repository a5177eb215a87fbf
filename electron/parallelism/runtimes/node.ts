// The Node that the application itself runs on: one JavaScript thread in a process of its own, and worker threads of this process.
import { join } from 'node:path';
import { runProgram } from '../childProgram';
import { runWorkerProgram } from '../workerProgram';
import { keyOf, type ProgramHost, type Runtime } from './runtime';

/** @param workers folder of the built worker files. */
export function nodeRuntimes(workers: string): Runtime[] {
  const script = join(workers, 'primesWorker.cjs');
  const { node, electron } = process.versions;
  const found = { standard: true, available: true, version: electron ? `${node} (Electron ${electron})` : node, path: process.execPath };
  // The application's own thread must not be the one that is kept busy, so "main" is the main thread of a child.
  const child: ProgramHost = {
    language: 'typescript',
    run: (title, program, args, options) => runProgram(title, { file: process.execPath, args: [script, program, ...args], environment: { ELECTRON_RUN_AS_NODE: '1' } }, options),
  };
  const inside: ProgramHost = {
    language: 'typescript',
    run: (title, program, args, options) => runWorkerProgram(title, script, [program, ...args], options),
  };
  return [
    { info: { id: 'node-main', key: keyOf('node-main'), title: 'Node main thread', ...found }, mode: 'main', language: 'typescript', host: child },
    { info: { id: 'node-workers', key: keyOf('node-workers'), title: 'Node worker threads', ...found }, mode: 'workers', language: 'typescript', host: inside },
  ];
}
