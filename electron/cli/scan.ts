// `endstation scan`: runs a plan without a window; documents as they get to the disk.
import { join } from 'node:path';
import type { RunDocument } from '@shared/documents';
import type { Preflight } from '@shared/scan';
import { documentText } from '../data/journal/record';
import { createRunStore } from '../data/runStore';
import { createDevices } from '../devices';
import { quantity } from '../devices/naming';
import type { Engine, Outcome } from '../scan/engine/engine';
import { applicationVersion } from '../paths';
import { ScanService } from '../scan/scanService';
import { PlanFiles } from '../scan/scripts/scriptLibrary';
import { readArguments } from './arguments';
import { UsageError, type CliCommand, type CliIo } from './command';
import { dataFolder, filePattern } from './dataFolder';
import { metadataFrom, planFromFile, planFromWords } from './planArguments';
import { planForms, planOptions } from './planForms';
import { tablePrinter } from './scanTable';

/** Milliseconds from Ctrl-C in which the NeXus file may still be finished; the journal has all points anyway. */
const interruptLimit = 700;

const runOptions = { data: 'text', file: 'text', preflight: 'flag', md: 'texts', sample: 'text', proposal: 'text', baseline: 'text', monitor_also: 'text' } as const;
export const command: CliCommand = {
  name: 'scan',
  summary: 'Runs a plan without a window. A device is a name of the profile or a PV.',
  usage: [
    ...Object.values(planForms).map(({ form }) => `endstation scan ${form}`),
    'endstation scan --file PLAN.json|PLAN.ts',
    'all: [--data DIR] [--preflight] [--sample s] [--proposal p] [--md key=value] [--baseline D1,D2] [--monitor_also D1,D2]',
  ],
  dashesSeparate: true,
  async run(args, io) {
    const { positionals, options: { data, file, preflight, md, sample, proposal, baseline, monitor_also: monitors, ...own } } = readArguments(args, { ...planOptions(), ...runOptions }, { keepDashes: true });
    if (file !== undefined && positionals.length > 0) throw new UsageError('Give a plan or --file, not both.');
    const request = file !== undefined ? planFromFile(file) : planFromWords(positionals, own);
    const metadata = { ...(sample === undefined ? {} : { sample }), ...(proposal === undefined ? {} : { proposal }), ...metadataFrom(md) };
    const extras = { baseline: namesIn(baseline), monitors: namesIn(monitors) };
    const folder = dataFolder(data, io);
    const pv = await io.openPvs();
    const profile = (): ReturnType<CliIo['profile']>['profile'] => io.profile().profile;
    const store = createRunStore({ folder: () => folder, filePattern: () => filePattern(io), workers: io.paths.workers, version: applicationVersion(io.paths.workers) });
    const devices = createDevices({ pv, profile });
    const service = new ScanService({ pv, devices, profile, sink: store, workers: io.paths.workers, plans: new PlanFiles(join(io.paths.user, 'plans')), overheadsFile: join(io.paths.user, 'overheads.json') });
    service.onPrint(({ text }) => io.err(text));
    try {
      if (preflight) return printPreflight(await service.preflight(request, metadata, io.user), io);
      return await followRun(service.engine, () => service.start(request, metadata, io.user, extras), io);
    } finally {
      service.dispose();
      devices.dispose();
      await service.settled;
      await store.dispose();
    }
  },
};

function namesIn(list: string | undefined): string[] {
  return (list ?? '').split(',').map((name) => name.trim()).filter(Boolean);
}

/** Starts a run and prints its documents as they get to the disk, to its end; the exit code. */
export async function followRun(engine: Engine, start: (print: (document: RunDocument) => void) => Promise<{ readonly outcome: Promise<Outcome> }>, io: CliIo): Promise<number> {
  const print = io.json ? (document: RunDocument) => io.out(documentText(document)) : tablePrinter((line) => io.out(line));
  engine.onDocuments((documents) => documents.forEach(print));
  let told = '';
  engine.onStatus(({ state, activity }) => {
    const text = state === 'paused' ? activity : '';
    if (text !== told && text !== '') io.err(text);
    told = text;
  });
  const { outcome } = await start(print);
  const interrupt = (): void => {
    if (engine.state !== 'idle') engine.abort('Interrupted.');
  };
  if (io.signal.aborted) interrupt();
  else io.signal.addEventListener('abort', interrupt, { once: true });
  const ended = await outcome;
  io.signal.removeEventListener('abort', interrupt);
  return report(ended, await nexusOf(ended, io), io);
}

async function nexusOf(ended: Outcome, io: CliIo): Promise<string | null> {
  const late = new Promise<{ nexus: null; error?: never }>((resolve) => {
    const wait = (): void => { setTimeout(() => resolve({ nexus: null }), interruptLimit).unref(); };
    if (io.signal.aborted) wait();
    else io.signal.addEventListener('abort', wait, { once: true });
  });
  const { nexus, error } = await Promise.race([ended.derived, late]);
  if (error) io.err(error.message);
  return nexus;
}

function report(ended: Outcome, nexus: string | null, io: CliIo): number {
  const { uid, exitStatus, points, journal, error } = ended;
  if (error) io.err(error.message);
  if (io.json) io.outJson({ run: { uid, exitStatus, points, journal, nexus } });
  else {
    if (journal !== null) io.out(`Journal: ${journal}`);
    if (nexus !== null) io.out(`NeXus:   ${nexus}`);
  }
  return exitStatus === 'success' ? 0 : 1;
}

function printPreflight(sheet: Preflight, io: CliIo): number {
  if (io.json) io.outJson(sheet);
  else {
    io.out(`Points: ${sheet.points ?? 'unknown'}`);
    io.out(`Duration: ${sheet.duration === null ? 'unknown' : `about ${Math.ceil(sheet.duration)} s`}`);
    io.out(`Size: ${sheet.bytes === null ? 'unknown' : `about ${Math.ceil(sheet.bytes / 1000)} kB`} in ${sheet.folder}`);
    if (sheet.file !== undefined) io.out(`Files: ${sheet.file}.*`);
    for (const { motor, units, from, to, now, low, high } of sheet.axes) {
      const edge = (value: number | null): string => value === null ? 'none' : quantity(value, units);
      io.out(`${motor}: ${quantity(from, units)} to ${quantity(to, units)}, now ${edge(now)}, limits ${edge(low)} to ${edge(high)}`);
    }
    for (const { level, message } of sheet.findings) io.out(`${level === 'error' ? 'Error' : 'Warning'}: ${message}`);
  }
  return sheet.ok ? 0 : 1;
}
