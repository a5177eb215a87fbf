// `endstation lab setup`, `lab export` and `lab import`: the lab's own Python environment, and results as files for other machines.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { toErrorData } from '@shared/errors';
import type { LabResult, LabSetup } from '@shared/lab';
import type { Lab } from '../parallelism/lab';
import { resultsCsv } from '../parallelism/resultsCsv';
import { UsageError, type CliIo } from './command';

/** Makes the environment with a line for each step; `--json` ends with its state. */
export async function setUp(lab: Lab, io: CliIo): Promise<number> {
  let told = '';
  const tell = ({ step }: LabSetup): void => {
    const line = step ? `setup ${step.number}/${step.of}: ${step.label}` : '';
    if (line !== '' && line !== told) io.err(line);
    told = line;
  };
  const watching = lab.venv.watch(tell);
  const stop = () => void lab.venv.cancel();
  io.signal.addEventListener('abort', stop, { once: true });
  try {
    await lab.setUp();
  } catch (error) {
    if (!io.signal.aborted) io.err(toErrorData(error).message);
    return 1;
  } finally {
    io.signal.removeEventListener('abort', stop);
    watching.dispose();
  }
  const state = await lab.venv.state();
  if (io.json) io.outJson(state);
  else {
    io.out(`The lab's Python environment is ready in ${state.folder}:`);
    for (const { name, version, purpose } of state.packages) io.out(`  ${name.padEnd(20)} ${version ?? 'not installed'}  (${purpose})`);
  }
  return 0;
}

/** The newest result of each experiment, or of those that are named; JSON or CSV by the name of the file. */
export async function exportTo(lab: Lab, file: string, ids: readonly string[], io: CliIo): Promise<number> {
  const kind = extname(file).toLowerCase();
  if (kind !== '.json' && kind !== '.csv') throw new UsageError(`${file} is neither .json nor .csv. Say which by the end of its name.`);
  const { results, experiments } = await lab.overview();
  const unknown = ids.find((id) => !experiments.some((experiment) => experiment.id === id));
  if (unknown !== undefined) throw new UsageError(`There is no experiment "${unknown}". There are: ${experiments.map(({ id }) => id).join(', ')}.`);
  const newest = new Map<string, LabResult>();
  for (const result of results) {
    if (!newest.has(result.id) && (ids.length === 0 || ids.includes(result.id))) newest.set(result.id, result);
  }
  if (newest.size === 0) {
    io.err('There is no result to export yet. Measure first: endstation lab run ID...');
    return 1;
  }
  const chosen = [...newest.values()];
  const article = Object.assign({}, ...experiments.map((experiment) => experiment.article ?? {})) as Readonly<Record<string, { readonly value: number }>>;
  try {
    await writeFile(file, kind === '.json' ? `${JSON.stringify(chosen, null, 1)}\n` : resultsCsv(chosen, article));
  } catch (error) {
    io.err(`${file} was not written: ${reasonOf(error)}. Choose another place.`);
    return 1;
  }
  if (io.json) io.outJson({ file, results: chosen.map(({ id }) => id) });
  else io.out(`${counted(chosen.length)} in ${file}.`);
  return 0;
}

/** Keeps another machine's results, to be compared with. */
export async function importFrom(lab: Lab, file: string, io: CliIo): Promise<number> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    io.err(`${file} was not read: ${reasonOf(error)}. Say where the file is that the other machine exported.`);
    return 1;
  }
  const { id, name, machine, results } = await lab.import(basename(file), text);
  if (io.json) io.outJson({ id, name, machine, results: results.map((result) => result.id) });
  else io.out(`${counted(results.length)} of ${machine.cpu} (${machine.cores} cores, ${machine.os}) kept for comparison.`);
  return 0;
}

const counted = (results: number): string => `${results} ${results === 1 ? 'result' : 'results'}`;

const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file or folder', EACCES: 'you have no rights there', EPERM: 'you have no rights there', EISDIR: 'it is a folder', ENOSPC: 'the disk is full', EROFS: 'nothing can be written there' };
function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}
