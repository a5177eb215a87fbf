// Finds the C compiler, and compiles each of our programs once for it.
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files/makeFolder';
import { runProgram } from '../childProgram';
import { LabError } from '../labError';
import { filesOnPath, isExecutable, type Environment } from '../../compute/remote/onPath';
import { ask } from './run';
import { keyOf, programFile, type ProgramHost, type Runtime } from './runtime';

export interface Compiler { readonly path: string; readonly version: string }

const flags = ['-O2', '-pthread'];
const libraries = process.platform === 'win32' ? ['-lm'] : ['-lm', '-ldl'];

/** CC where it is set, else cc, gcc, clang of the PATH. */
export async function findCompiler(environment: Environment): Promise<Compiler | null> {
  const named = environment['CC'];
  const found = (await Promise.all([/^cc$/, /^gcc(\.exe)?$/, /^clang(\.exe)?$/].map((name) => filesOnPath(environment, name)))).flat();
  for (const path of [...(named ? [named] : []), ...found]) {
    const version = (await ask(path, ['--version']))?.split('\n')[0]?.trim();
    if (version) return { path, version };
  }
  return null;
}

/**
 * The program compiled with -O2 -pthread; kept in `cache`, named by its source and its compiler, so that it is done once.
 * Rejects with COMPILE_FAILED and what the compiler said.
 */
export async function compile(compiler: Compiler, source: string, name: string, cache: string): Promise<string> {
  const text = await readFile(source);
  const key = createHash('sha256').update(text).update([compiler.path, compiler.version, ...flags, ...libraries].join('\0')).digest('hex').slice(0, 16);
  const built = join(cache, `${name}-${key}${process.platform === 'win32' ? '.exe' : ''}`);
  if (await isExecutable(built)) return built;
  await makeFolder(cache);
  const unfinished = `${built}.${process.pid}.part`;
  try {
    await new Promise<void>((resolve, reject) => {
      execFile(compiler.path, [...flags, '-o', unfinished, source, ...libraries], { timeout: 60_000, windowsHide: true }, (error, _out, said) => {
        if (!error) return resolve();
        reject(new LabError('COMPILE_FAILED', `${compiler.path} could not compile ${name}.c: ${said.trim().split('\n')[0] || error.message}. `
          + 'A C compiler with its system headers is needed (Debian, Ubuntu: sudo apt install gcc libc6-dev).', { cause: error }));
      });
    });
    await rename(unfinished, built);
  } finally {
    await rm(unfinished, { force: true });
  }
  return built;
}

export async function compilerRuntimes(environment: Environment, programs: string, cache: string): Promise<Runtime[]> {
  const compiler = await findCompiler(environment);
  const base = { id: 'c-threads', key: keyOf('c-threads'), title: 'C threads', standard: true };
  if (!compiler) {
    const missing = 'Install a C compiler (Debian, Ubuntu: sudo apt install gcc; macOS: xcode-select --install), or name one in CC.';
    return [{ info: { ...base, available: false, missing }, mode: 'threads', language: 'c', parallel: true, host: null }];
  }
  const host: ProgramHost = {
    language: 'c',
    run: async (title, program, args, options) => {
      const built = await compile(compiler, programFile(programs, 'c', program), program, cache);
      return runProgram(title, { file: built, args }, options);
    },
  };
  return [{ info: { ...base, available: true, version: compiler.version, path: compiler.path }, mode: 'threads', language: 'c', parallel: true, host }];
}
