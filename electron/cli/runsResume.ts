// `endstation runs resume`: the sheet, then the rest of the run; `runs abandon`, which closes it and puts back what it left changed.
import type { RunDocument, RunSummary } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import type { ResumeSheet } from '@shared/resume';
import type { RunStore } from '../data/runStore';
import { createDevices } from '../devices';
import { quantity } from '../devices/naming';
import { Resumer } from '../scan/resume/resumeRun';
import { ScanService } from '../scan/scanService';
import type { CliIo } from './command';
import { followRun } from './scan';

interface Bench { readonly service: ScanService; readonly resumer: Resumer; dispose(): void }

async function open(store: RunStore, io: CliIo, heading: (document: RunDocument) => void = () => undefined): Promise<Bench> {
  const pv = await io.openPvs();
  const profile = (): ReturnType<CliIo['profile']>['profile'] => io.profile().profile;
  const devices = createDevices({ pv, profile });
  const service = new ScanService({ pv, devices, profile, sink: store });
  const resumer = new Resumer({
    engine: service.engine, store, pv, devices, profile, partsOf: (request, from) => service.partsOf(request, from),
    // The table needs its head; the points of before are in the file.
    replayed: (documents) => documents.filter(({ name }) => name === 'start' || name === 'descriptor').forEach((document) => heading(document)),
  });
  return { service, resumer, dispose: () => { service.dispose(); devices.dispose(); } };
}

/** Connects only where the run left something to put back. Errors: `NO_RUN`, `NOT_INTERRUPTED`. */
export async function abandonRun(store: RunStore, run: string, io: CliIo): Promise<RunSummary> {
  const { uid } = await store.find(run);
  if ((await store.interrupted(uid)).settings.length === 0) return store.abandon(uid);
  const { resumer, dispose } = await open(store, io);
  try {
    const abandoned = await resumer.abandon(uid, io.user);
    for (const line of [...abandoned.done, ...abandoned.problems]) io.err(line);
    return abandoned.run;
  } finally {
    dispose();
  }
}

export async function resumeRun(store: RunStore, run: string, options: { readonly check: boolean }, io: CliIo): Promise<number> {
  const { uid } = await store.find(run);
  let heading: (document: RunDocument) => void = () => undefined;
  const { service, resumer, dispose } = await open(store, io, (document) => heading(document));
  try {
    if (options.check) {
      const sheet = await resumer.sheet(uid);
      if (io.json) io.outJson(sheet);
      else for (const line of sheetLines(sheet)) io.out(line);
      return sheet.ok ? 0 : 1;
    }
    return await followRun(service.engine, async (print) => {
      if (!io.json) heading = print;
      const resumed = await resumer.resume(uid, io.user);
      for (const line of sheetLines(resumed.sheet)) io.err(line);
      return resumed;
    }, io);
  } catch (error) {
    if (error instanceof EndstationError && error.code === 'CANNOT_RESUME') io.err(`It stays as it is; try again, or close it with \`endstation runs abandon ${run}\`.`);
    throw error;
  } finally {
    dispose();
  }
}

function sheetLines({ run, points, of, interrupted, gap, duration, adaptive, motors, findings }: ResumeSheet): string[] {
  const left = duration === null ? '' : `, about ${Math.ceil(duration)} s left`;
  return [
    `Run ${run.scanId} ${run.plan}: resume at point ${points + 1}${of === null ? '' : ` of ${of}`}${left}. Interrupted at ${interrupted}, ${Math.round(gap)} s ago.`,
    ...(adaptive ? ['The plan follows what it measures: it is led again through the values in the journal.'] : []),
    ...motors.map(({ name, units, journal, now, moves }) => {
      const where = typeof journal === 'number' ? quantity(journal, units) : journal;
      return moves ? `${name}: at ${now === null ? 'an unknown place' : quantity(now, units)}, is moved to ${where}.` : `${name}: at ${where}, as the journal says.`;
    }),
    ...findings.map(({ level, message }) => `${{ error: 'Error', warning: 'Warning', info: 'Note' }[level]}: ${message}`),
  ];
}
