// Runs one of our Node programs in worker threads of this very process, and hears the lines that it posts.
import { Worker } from 'node:worker_threads';
import { cancelled, type ProgramOptions } from './childProgram';
import { LabError } from './labError';
import type { ProgramLine } from './programLine';

/** As `runProgram`, for a script in a worker thread; its own threads end with it. */
export function runWorkerProgram(title: string, file: string, args: readonly string[], environment: Readonly<Record<string, string>>, { onLine, signal }: ProgramOptions = {}): Promise<ProgramLine[]> {
  if (signal?.aborted) return Promise.reject(cancelled(title));
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { argv: [...args], workerData: null, env: { ...process.env, ...environment } });
    const lines: ProgramLine[] = [];
    let failure: Error | null = null;
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (line: ProgramLine) => {
      lines.push(line);
      onLine?.(line);
    });
    worker.on('error', (error) => { failure = error; });
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(cancelled(title));
      else if (code === 0 && !failure) resolve(lines);
      else reject(new LabError('PROGRAM_FAILED', `${title} ended with code ${code}: ${failure?.message ?? 'it gave no reason.'}`, { cause: failure }));
    });
  });
}
