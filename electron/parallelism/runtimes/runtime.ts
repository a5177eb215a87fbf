// A way to run the lab's programs: an interpreter or a compiler that was found, and how its threads are made.
import { join } from 'node:path';
import type { LabRuntime } from '@shared/lab';
import type { ProgramOptions } from '../childProgram';
import { LabError } from '../labError';
import type { ProgramLine } from '../programLine';

/** The programs, each written once a language. */
export type ProgramName = 'cpu_intense' | 'soft_ioc' | 'race' | 'sleep0' | 'hog' | 'switch_interval' | 'polling' | 'callbacks' | 'waiting' | 'hpc' | 'ui';
export type Language = 'python' | 'c' | 'typescript' | 'wat';

/** Runs programs of one language on this machine. */
export interface ProgramHost {
  readonly language: Language;
  /** Rejects with LabError. */
  run(title: string, program: ProgramName, args: readonly string[], options: ProgramOptions): Promise<ProgramLine[]>;
}

export interface Runtime {
  readonly info: LabRuntime;
  /** The program's first argument: `threads`, `processes`, `main`, ... */
  readonly mode: string;
  readonly language: Language;
  /** Whether its threads should run at the same time: serial work is as serial beside other programs. */
  readonly parallel: boolean;
  /** Null where the runtime is missing. */
  readonly host: ProgramHost | null;
}

/** `c-threads` as `cThreads`, `cpython-3.13-threads` as `cpython313Threads`. */
export function keyOf(id: string): string {
  return id.replace(/\./g, '').replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const fileNames: Readonly<Record<Language, Readonly<Partial<Record<ProgramName, string>>>>> = {
  python: {
    cpu_intense: 'cpu_intense.py', race: 'race.py', sleep0: 'sleep0.py', hog: 'hog.py', switch_interval: 'switch_interval.py', polling: 'polling.py',
    callbacks: 'callbacks.py', waiting: 'waiting.py', hpc: 'hpc.py', soft_ioc: 'soft_ioc.py',
  },
  c: { cpu_intense: 'cpu_intense.c', race: 'race.c', waiting: 'waiting.c' },
  typescript: { cpu_intense: 'cpuIntense.ts', race: 'race.ts', hog: 'hog.ts', polling: 'polling.ts', callbacks: 'callbacks.ts', waiting: 'waiting.ts', ui: 'ui.ts' },
  wat: { cpu_intense: 'cpu_intense.wat', race: 'race.wat' },
};

/** Path of a program in a language; throws LAB_UNKNOWN where there is none. */
export function programFile(folder: string, language: Language, program: ProgramName): string {
  const name = fileNames[language][program];
  if (name === undefined) throw new LabError('LAB_UNKNOWN', `There is no program ${program} for ${language}.`);
  return join(folder, name);
}
