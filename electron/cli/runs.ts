// `endstation runs`: the catalogue of runs on disk.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunSummary } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { exportLines, textFormats } from '../data/export/exportRun';
import { createRunStore, type RunStore } from '../data/runStore';
import { applicationVersion } from '../paths';
import { readArguments } from './arguments';
import { UsageError, type CliCommand, type CliIo } from './command';
import { dataFolder } from './dataFolder';
import { abandonRun, resumeRun } from './runsResume';

export const command: CliCommand = {
  name: 'runs',
  summary: 'Lists, shows and exports runs; goes on with one that was interrupted, or closes it. RUN is a uid, its beginning, or a scan number.',
  usage: [
    'endstation runs list [--data DIR]', 'endstation runs show RUN [--data DIR]',
    'endstation runs export RUN --format nexus|spec|csv|jsonl [--output FILE] [--data DIR]', 'endstation runs resume RUN [--check] [--data DIR]', 'endstation runs abandon RUN [--data DIR]',
  ],
  async run(args, io) {
    const { positionals: [verb, run, ...more], options } = readArguments(args, { data: 'text', format: 'text', output: 'text', check: 'flag' });
    const folder = dataFolder(options.data, io);
    const store = createRunStore({ folder: () => folder, workers: io.paths.workers, version: applicationVersion(io.paths.workers) });
    try {
      if (verb === 'list' && run === undefined) return await list(store, io);
      if (run === undefined || more.length > 0) throw new UsageError(verb === undefined ? 'Say what to do: list, show, export, resume or abandon.' : `\`runs ${verb}\` takes one run.`);
      if (verb === 'show') return await show(store, run, io);
      if (verb === 'export') return await exportRun(store, run, options, io);
      if (verb === 'resume') return await resumeRun(store, run, { check: options.check ?? false }, io);
      if (verb === 'abandon') {
        print(await abandonRun(store, run, io), io);
        return 0;
      }
      throw new UsageError(`There is no \`runs ${String(verb)}\`. It is list, show, export, resume or abandon.`);
    } finally {
      await store.dispose();
    }
  },
};

function line({ uid, scanId, plan, started, exitStatus, points, of, journal, nexus }: RunSummary): object {
  return { uid, scanId, plan, started, exitStatus, points, of, journal, nexus };
}

function print(summary: RunSummary, io: CliIo): void {
  if (io.json) {
    io.outJson(line(summary));
    return;
  }
  const { scanId, uid, started, plan, exitStatus, points, of, motors, detectors } = summary;
  io.out([String(scanId).padStart(6), uid.slice(0, 8), started.slice(0, 19), exitStatus.padEnd(11), `${points}${of === null ? '' : `/${of}`}`.padStart(11),
    [plan, ...motors, ...detectors].join(' ')].join('  '));
}

async function list(store: RunStore, io: CliIo): Promise<number> {
  const runs = await store.list();
  for (const summary of runs) print(summary, io);
  if (runs.length === 0) io.err(`There are no runs in ${store.folder}.`);
  return 0;
}

async function show(store: RunStore, run: string, io: CliIo): Promise<number> {
  const { summary, start, dataKeys, columns, time } = await store.read(run);
  if (io.json) {
    io.outJson({ ...line(summary), reason: summary.reason ?? '', start, dataKeys, time, columns });
    return 0;
  }
  print(summary, io);
  if (summary.reason) io.out(`Reason:  ${summary.reason}`);
  io.out(`Journal: ${summary.journal}`);
  io.out(`NeXus:   ${summary.nexus ?? 'none; make it with `endstation runs export`'}`);
  for (const [key, { dtype, units }] of Object.entries(dataKeys)) io.out(`${key}: ${dtype}${units ? `, ${units}` : ''}`);
  return 0;
}

/** Text goes to stdout, unless a file is named or stdout is for JSON. */
async function exportRun(store: RunStore, run: string, options: { format: string | undefined; output: string | undefined }, io: CliIo): Promise<number> {
  const { journal, uid } = await store.find(run);
  const output = options.output === undefined ? undefined : resolve(options.output);
  if (output !== undefined && existsSync(output)) throw new EndstationError('FILE_EXISTS', `${output} was not written: there is such a file already. Name another, or remove it.`);
  const done = (file: string): number => {
    if (io.json) io.outJson({ uid, format: options.format, file });
    else io.out(file);
    return 0;
  };
  if (options.format === 'nexus') return done(await store.derive(uid, output));
  const format = textFormats.find((known) => known === options.format);
  if (format === undefined) throw new UsageError(`--format is nexus, spec, csv or jsonl${options.format === undefined ? '' : `, not "${options.format}"`}.`);
  if (output === undefined && !io.json) {
    for await (const text of exportLines(journal, format)) {
      if (io.signal.aborted) return 1;
      io.out(text);
    }
    return 0;
  }
  return done(await store.exportText(uid, format, output));
}
