// `endstation compute list` and `endstation compute run JOB`: the compute jobs, on this machine's threads, a Dask cluster or MPI.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { JobName } from '@shared/compute';
import type { InputSource } from '@shared/computeTasks';
import { jobDescriptions } from '@shared/computeForms';
import { presentResult, type PresentedResult } from '@shared/computeResults';
import { isJobName, jobNames, readJobInput } from '@shared/computeSchemas';
import { EndstationError } from '@shared/errors';
import { ComputePool } from '../compute/computePool';
import { findNamed, type InputReaders } from '../compute/namedInput';
import { Runners } from '../compute/runners';
import { openRun } from '../data/runColumn';
import { createRunStore } from '../data/runStore';
import { Lab } from '../parallelism/lab';
import { applicationVersion } from '../paths';
import { readPvNumbers } from '../readPvNumbers';
import { readArguments } from './arguments';
import { UsageError, type CliCommand, type CliIo } from './command';
import { dataFolder } from './dataFolder';

export const command: CliCommand = {
  name: 'compute',
  summary: 'fits, transforms, integrations: the compute jobs, on threads, a Dask cluster or MPI',
  usage: [
    'endstation compute list',
    'endstation compute run JOB --input JSON|@FILE|- [--workers n] [--on threads|dask://HOST:PORT|mpi] [--data DIR]',
    '  Instead of an array: {"$file": "x.npy|x.csv|x.h5", "dataset": "/entry/...", "column": "..."}, {"$run": "42", "column": "det_image"}, {"$pv": "..."}; "first" and "count" take a part.',
    '  A JSON array is several inputs: they share the workers, a result line each, in order. A userFunction may read its source from --source FILE.js.',
  ],
  async run(args, io) {
    const { positionals: [action, ...names], options } = readArguments(args, { input: 'text', workers: 'integer', on: 'text', source: 'text', data: 'text' });
    if (action === 'list' && names.length === 0) return list(io);
    const [job] = names;
    if (action !== 'run' || job === undefined || names.length > 1) throw new UsageError('Say `compute list` or `compute run JOB --input JSON`.');
    if (!isJobName(job)) throw new UsageError(`There is no compute job "${job}". Jobs: ${jobNames.join(', ')}.`);
    if (options.input === undefined) throw new UsageError(`--input is missing: the input of ${job} as JSON, @FILE, or - for stdin.`);
    if (options.workers !== undefined && options.workers < 1) throw new UsageError(`--workers takes a whole number, at least 1, not ${options.workers}.`);
    const parsed = parse(await inputText(options.input));
    const source = options.source === undefined ? {} : { source: await file(options.source) };
    const inputs = (Array.isArray(parsed) ? parsed : [parsed]).map((input: unknown) => (isObject(input) ? { ...input, ...source } : input));
    return run(job, inputs, { on: options.on ?? 'threads', workers: options.workers, data: options.data }, io);
  },
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function list(io: CliIo): number {
  for (const { name, title, doc, fields, remote } of jobDescriptions) {
    if (io.json) {
      io.outJson({ job: name, title, description: doc, on: remote ? ['threads', 'dask', 'mpi'] : ['threads'], fields: fields.map(({ name: field, kind, unit, needed, doc: about }) => ({ field, kind, unit, needed, about })) });
      continue;
    }
    io.out(`${name.padEnd(22)} ${doc}`);
    io.out(`${''.padEnd(22)}   ${fields.map(({ name: field, unit, needed }) => `${field}${needed ? '' : '?'}${unit === undefined ? '' : ` (${unit})`}`).join(', ')}${remote ? '  [also dask, mpi]' : ''}`);
  }
  return 0;
}

async function file(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${(error as Error).message}.`);
  }
}

async function inputText(input: string): Promise<string> {
  if (input.startsWith('@')) return file(input.slice(1));
  if (input !== '-') return input;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`--input is not JSON: ${(error as Error).message}. NaN and infinities are written as "NaN", "Infinity", "-Infinity".`);
  }
}

interface Wishes { readonly on: string; readonly workers: number | undefined; readonly data: string | undefined }

/** Runs and PVs are opened only where the input names one. */
function readersFor(data: string | undefined, io: CliIo): { readonly readers: InputReaders; close(): Promise<void> } {
  let store: ReturnType<typeof createRunStore> | null = null;
  const opened = () => (store ??= createRunStore({ folder: () => dataFolder(data, io), version: applicationVersion(io.paths.workers) }));
  return {
    readers: { run: (name) => openRun(opened(), name), pv: async (name) => readPvNumbers(await io.openPvs(), name), file: (path) => resolve(path) },
    close: async () => store?.dispose(),
  };
}

async function run(job: JobName, inputs: readonly unknown[], { on, workers, data }: Wishes, io: CliIo): Promise<number> {
  const pool = new ComputePool({ workers: io.paths.workers, ...(workers === undefined ? {} : { size: workers }) });
  const lab = new Lab({ paths: io.paths, environment: io.environment });
  const runners = new Runners(pool, { python: join(io.paths.resources, 'python'), environment: io.environment, labPython: () => lab.venv.python() });
  const named = readersFor(data, io);
  try {
    usable(() => runners.check(job, on));
    const found = await Promise.all(inputs.map((input) => findNamed(job, input, named.readers, pool)));
    const checked = usable(() => found.map(({ input }, index) => {
      try {
        return readJobInput(job, input);
      } catch (error) {
        throw inputs.length > 1 && error instanceof EndstationError ? new EndstationError(error.code, `Input ${index}: ${error.message}`) : error;
      }
    }));
    return await runAll(job, checked.map((input, index) => ({ input, sources: found[index]?.sources ?? {} })), { on, workers, data }, { runners, io });
  } finally {
    await named.close();
    await pool.dispose();
  }
}

interface Checked<J extends JobName> { readonly input: ReturnType<typeof readJobInput<J>>; readonly sources: Readonly<Record<string, InputSource>> }

async function runAll<J extends JobName>(job: J, checked: readonly Checked<J>[], { on, workers }: Wishes, { runners, io }: { runners: Runners; io: CliIo }): Promise<number> {
  let failed = 0;
  const begun = checked.map(({ input, sources }) => {
    let started = Date.now();
    let told = 0;
    const options = {
      signal: io.signal, onStart: () => { started = Date.now(); }, ...(workers === undefined ? {} : { workers }),
      onProgress: (done: number) => {
        const percent = Math.round(100 * done);
        if (percent > told && !io.json) io.err(`${job}: ${percent} %`);
        told = percent;
      },
    };
    const begin = () => runners.run(on, job, input, options).then((result) => ({ result, seconds: (Date.now() - started) / 1000 }), (error: unknown) => ({ error }));
    return on === 'threads' ? { sources, ended: begin() } : { sources, begin };
  });
  for (const one of begun) {
    // Beyond this machine one after the other: each takes all workers that there are.
    const ended = await (one.ended ?? one.begin());
    if ('error' in ended) {
      if (io.signal.aborted) throw ended.error;
      failed += 1;
      io.err((ended.error as Error).message);
    } else if (io.json) {
      io.outJson({ job, on, workers: on === 'threads' ? runners.pool.status.size : workers ?? null, seconds: ended.seconds, ...(Object.keys(one.sources).length > 0 ? { sources: one.sources } : {}), result: ended.result });
    } else {
      print(job, presentResult(job, ended.result, one.sources), ended.seconds, io);
    }
  }
  return failed > 0 ? 1 : 0;
}

/** What is wrong with the input or the target is wrong use. */
function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof EndstationError && error.code === 'JOB_INPUT' ? new UsageError(error.message) : error;
  }
}

/** As many digits as mean something: all of them are in --json. */
const short = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

function print(job: JobName, { numbers, curve, map, rest }: PresentedResult, seconds: number, io: CliIo): void {
  io.out(`${job}: done in ${seconds.toFixed(3)} s`);
  for (const { name, value, units, error } of numbers) io.out(`  ${name.padEnd(28)} ${value === null ? 'none' : short(value, 10)}${error === undefined ? '' : ` ± ${Number.isFinite(error) ? short(error, 2) : 'unknown'}`} ${units}`.trimEnd());
  if (curve) io.out(`  ${curve.ys.map(({ name }) => name).join(', ')} over ${curve.x.name}: ${curve.x.values.length} values; --json prints them.`);
  if (map) io.out(`  ${map.name}: ${map.x.values.length} x ${map.y.values.length} cells over ${map.x.name}${map.x.units ? ` (${map.x.units})` : ''} and ${map.y.name}${map.y.units ? ` (${map.y.units})` : ''}; --json prints them.`);
  if (rest) io.out(rest);
}
