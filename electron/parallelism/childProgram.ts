// Runs a program as a process group of its own, reads the JSON lines that it prints, and ends the whole group with it.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { endGroup, whenEnded } from '../compute/remote/markedProcesses';
import { LabError } from './labError';
import { parseLine, type ProgramLine } from './programLine';

export interface ProgramOptions {
  /** Hears every line as it comes. */
  readonly onLine?: (line: ProgramLine) => void;
  readonly signal?: AbortSignal | undefined;
}
export interface Command { readonly file: string; readonly args: readonly string[]; readonly environment?: Readonly<Record<string, string>> }

/** In the environment of what is measured. */
const markName = 'ENDSTATION_LAB_MEASUREMENT';
/** Characters of what the program said on stderr that are kept for the error. */
const keptErrors = 4000;

/**
 * Resolves with all lines when the program ended with code 0. Rejects with LabError: LAB_CANCELLED (the signal; the group has
 * ended by then), PROGRAM_KILLED (a signal from outside), PROGRAM_FAILED (another code, or it could not be started).
 */
export function runProgram(title: string, command: Command, { onLine, signal }: ProgramOptions = {}): Promise<ProgramLine[]> {
  if (signal?.aborted) return Promise.reject(cancelled(title));
  return new Promise((resolve, reject) => {
    const mark = randomUUID();
    const child = spawn(command.file, command.args, {
      // A group of its own, so that what the program starts ends with it.
      detached: process.platform !== 'win32', windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...command.environment, [markName]: mark },
    });
    const lines: ProgramLine[] = [];
    let errors = '';
    const stop = () => endGroup(child);
    signal?.addEventListener('abort', stop, { once: true });
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseLine(text);
      if (!line) return;
      lines.push(line);
      onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { errors = (errors + text).slice(-keptErrors); });
    child.once('error', (error) => {
      signal?.removeEventListener('abort', stop);
      reject(new LabError('PROGRAM_FAILED', `${title} could not be started: ${error.message}.`, { cause: error }));
    });
    void whenEnded(child, markName, mark).then(({ code, by }) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(cancelled(title));
      else if (code === 0) resolve(lines);
      else if (by) reject(new LabError('PROGRAM_KILLED', `${title} was ended from outside by ${by} while it was measured. Run the experiment again.`));
      else reject(new LabError('PROGRAM_FAILED', `${title} ended with code ${String(code)}: ${lastLine(errors)}`));
    });
  });
}

export function cancelled(title: string): LabError {
  return new LabError('LAB_CANCELLED', `${title} was cancelled.`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it said nothing on stderr.';
}
