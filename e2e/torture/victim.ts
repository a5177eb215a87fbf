// What `npm run torture` kills: a scan of devices in memory with the real engine, journal and catalogue; it goes on where the one before was killed.
// Usage: victim FOLDER new|RUN PLAN [FAULTS]. Tells on stdout what is on the disk, and only that.
import { writeFileSync, writeSync } from 'node:fs';
import type { RunDocument } from '@shared/documents';
import { checkPlan } from '@shared/plans';
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { diskFiles, type FileLayer, type JournalHandle } from '../../electron/data/journal/fileLayer';
import { createRunStore } from '../../electron/data/runStore';
import { createDevices } from '../../electron/devices';
import { MemoryPvs } from '../../electron/devices/memoryPvs';
import { Resumer } from '../../electron/scan/resume/resumeRun';
import { ScanService } from '../../electron/scan/scanService';

const [folder = '', which = 'new', planText = '{}', faultRate = '0'] = process.argv.slice(2);

function tell(...words: (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

/** A disk that is full or broken now and then, in the middle of a write too. */
function failing(handle: JournalHandle): JournalHandle {
  const fails = (): string | null => Math.random() < Number(faultRate) ? (Math.random() < 0.5 ? 'ENOSPC' : 'EIO') : null;
  const fail = (code: string): never => { throw Object.assign(new Error(code), { code }); };
  return {
    ...handle,
    async write(bytes, position) {
      const code = fails();
      if (code === null) return handle.write(bytes, position);
      await handle.write(bytes.subarray(0, Math.floor(Math.random() * bytes.length)), position);
      return fail(code);
    },
    async sync() {
      const code = fails();
      if (code !== null) fail(code);
      await handle.sync();
    },
  };
}
const files: FileLayer = {
  create: async (path) => failing(await diskFiles.create(path)), open: async (path) => failing(await diskFiles.open(path)), syncFolder: (path) => diskFiles.syncFolder(path),
};

const pv = new MemoryPvs();
pv.addMotor('M1');
pv.addMotor('M2');
pv.add('DET', 0);
// A spectrum, which goes to the arrays file.
pv.add('MCA', new Int32Array(300));
const measure = (): void => {
  const counts = Math.round(1e6 * Math.exp(-((Number(pv.peek('M1.RBV')?.value) - 1.234) ** 2))) + Number(pv.peek('M2.RBV')?.value);
  pv.set('DET', counts);
  pv.set('MCA', Int32Array.from({ length: 300 }, (_, channel) => counts + channel));
};
for (const motor of ['M1', 'M2']) pv.watch(`${motor}.RBV`, measure);
// A plain PV counts as measured with its next update.
setInterval(measure, 1);
const devices = [{ name: 'M1', kind: 'motor', pv: 'M1' }, { name: 'M2', kind: 'motor', pv: 'M2' }, { name: 'DET', kind: 'pv', pv: 'DET' }, { name: 'MCA', kind: 'pv', pv: 'MCA' }];
const profile = v.parse(profileSchema, { name: 'torture', devices });
const store = createRunStore({ folder: () => folder, version: '1', files, makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, '')) });
const table = createDevices({ pv, profile: () => profile });
const service = new ScanService({ pv, devices: table, profile: () => profile, sink: store });
const resumer = new Resumer({ engine: service.engine, store, pv, devices: table, profile: () => profile });

let primary: string | null = null;
function report({ name, doc }: RunDocument): void {
  if (name === 'start') tell('start', doc.uid);
  else if (name === 'descriptor') {
    if (doc.name === 'primary') primary = doc.uid;
  } else if (name === 'event' && (primary === null ? doc.data['DET'] !== undefined : doc.descriptor === primary)) tell('point', doc.seq_num);
}
service.engine.onDocuments((documents) => documents.forEach(report));
// Room is made at once.
service.engine.onStatus(({ state }) => { if (state === 'paused' || state === 'pausing') setImmediate(goOn); });
function goOn(): void { if (service.engine.state === 'paused' || service.engine.state === 'pausing') service.engine.resume(); }

async function main(): Promise<void> {
  if (which === 'new') {
    const { plan, args } = JSON.parse(planText) as { plan: string; args: unknown };
    const checked = checkPlan(plan, args);
    if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join(' '));
    const { outcome } = await service.start(checked.request, {}, 'torture');
    const { exitStatus, error } = await outcome;
    tell('end', exitStatus, error?.message ?? '');
    return;
  }
  const { exitStatus, points } = await store.find(which);
  tell('listed', exitStatus, points);
  const { outcome } = await resumer.resume(which, 'torture');
  tell('resumed');
  const ended = await outcome;
  tell('end', ended.exitStatus, ended.error?.message ?? '');
}

main().then(() => process.exit(0), (error: unknown) => {
  tell('failed', error instanceof Error ? error.message.replace(/\n/g, ' ') : String(error));
  process.exit(1);
});
