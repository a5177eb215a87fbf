// Files of runs of the built command line on the simulated beamline, read by those who read such files: event-model, nexusformat's
// validator, the default plot of nexusformat, silx and h5py, and images that are the same to the last bit everywhere.
import { execFileSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliHome } from '../cli/runCli';
import { peerPython } from '../ioc/python';

interface Line { name?: string; doc?: Record<string, unknown>; run?: { uid: string; exitStatus: string; points: number; journal: string; nexus: string | null } }
interface Plot { valid?: boolean; signal: string; shape: number[]; axes: string[] }
interface Checked {
  complaints: string[]; nexusformat: Plot | null; silx: Plot | null; h5py: Plot | null; classes: Record<string, string>; fields: Record<string, unknown>;
  stacks: Record<string, { dtype: string; shape: number[]; chunks: number[]; compression: string; shuffle: boolean; sums: number[]; stored: number }>;
}
interface Documents { errors: string[]; names: Record<string, number>; images: Record<string, [string, number[], number][]> }

const names = ['count', 'scan', 'grid', 'fly', 'image', 'spectrum', 'records', 'aborted', 'resumed'] as const;
type Name = typeof names[number];
/** How long a point takes does not matter here: each is the shortest of its kind. */
const plans: Readonly<Record<Exclude<Name, 'aborted' | 'resumed'>, readonly string[]>> = {
  count: ['count', 'SIM:I0', '--num', '3', '--md', 'a.b/c=1', '--sample', 'Fe foil, 5 µm', '--proposal', 'A-123'],
  scan: ['scan', 'SIM:I0', 'SIM:I1', '--', 'SIM:M1', '0', '1', '5', '--baseline', 'SIM:M2,SIM:M3', '--monitor_also', 'SIM:I2'],
  grid: ['grid_scan', 'SIM:I0', '--snake', '--', 'SIM:M1', '0', '0.2', '3', 'SIM:M2', '0', '0.2', '4'],
  fly: ['fly', 'SIM:I0', '--', 'SIM:M1', '0', '1'],
  image: ['scan', 'det1', '--', 'SIM:M1', '0', '0.1', '3'],
  spectrum: ['count', 'mca1', '--num', '3'],
  records: ['count', 'ca://SIM:M1.RBV', 'SIM:M2.VELO', '--num', '2'],
};

let cli: CliHome;
const files = new Map<Name, { journal: string; nexus: string; documents: string; lines: Line[] }>();
let nexus: Record<string, Checked>;
let documents: Record<string, Documents>;

const python = <T>(script: string, paths: readonly string[]): T =>
  JSON.parse(execFileSync(peerPython(), [join(dirname(fileURLToPath(import.meta.url)), 'python', script), ...paths], { encoding: 'utf8', maxBuffer: 1e8 })) as T;

async function keep(name: Name, lines: Line[]): Promise<void> {
  const run = lines[lines.length - 1]?.run;
  if (!run?.nexus) throw new Error(`${name} made no NeXus file: ${JSON.stringify(run)}`);
  const exported = await cli.run('runs', 'export', run.uid, '--format', 'jsonl', '--output', run.journal.replace('.journal.jsonl', '.documents.jsonl'));
  files.set(name, { journal: run.journal, nexus: run.nexus, documents: exported.lines[0] ?? '', lines });
}

beforeAll(async () => {
  cli = new CliHome();
  for (const [name, words] of Object.entries(plans)) {
    const ended = await cli.run('scan', ...words, '--json');
    expect([name, ended.code, ended.stderr]).toEqual([name, 0, '']);
    await keep(name as Name, ended.json as Line[]);
  }
  const long = ['scan', 'SIM:I0', '--', 'SIM:M1', '0', '2', '21', '--json'];
  const aborted = cli.start('scan', ...long);
  await aborted.line(6);
  aborted.signal('SIGINT');
  await keep('aborted', (await aborted.ended).json as Line[]);
  const killed = cli.start('scan', ...long);
  const { doc } = JSON.parse(await killed.line(1)) as Line;
  await killed.line(6);
  killed.signal('SIGKILL');
  await killed.ended;
  await keep('resumed', (await cli.run('runs', 'resume', String(doc?.['uid']), '--json')).json as Line[]);
  nexus = python('check_nexus.py', names.map((name) => files.get(name)?.nexus ?? ''));
  documents = python('check_documents.py', names.map((name) => files.get(name)?.documents ?? ''));
}, 180_000);
afterAll(() => cli.remove());

const nexusOf = (name: Name): Checked => nexus[basename(files.get(name)?.nexus ?? '')] as Checked;
const documentsOf = (name: Name): Documents => documents[basename(files.get(name)?.documents ?? '')] as Documents;

describe.each(names)('%s', (name) => {
  it('has documents that event-model finds valid, every one', () => {
    const { errors, names: counted } = documentsOf(name);
    expect(errors).toEqual([]);
    expect(counted).toMatchObject({ start: 1, stop: 1 });
  });

  it('has a NeXus file without an error, and a plot that all find', () => {
    const { complaints, nexusformat, silx, h5py } = nexusOf(name);
    expect(complaints.filter((line) => line.includes('ERROR'))).toEqual([]);
    expect(silx?.valid).toBe(true);
    expect([nexusformat?.signal, nexusformat?.shape]).toEqual([h5py?.signal, h5py?.shape]);
    expect([silx?.signal, silx?.shape, silx?.axes]).toEqual([h5py?.signal, h5py?.shape, h5py?.axes]);
    expect(h5py?.shape.length).toBe(name === 'grid' ? 2 : 1);
  });
});

describe('in the NeXus files', () => {
  it('are the plan, the sample, the proposal, and what was recorded besides', () => {
    expect(nexusOf('count').fields).toMatchObject({ 'sample/name': 'Fe foil, 5 µm', experiment_identifier: 'A-123', 'plan/parameters/num': 3, 'run/metadata/a_b_c': 1 });
    const { classes, fields } = nexusOf('scan');
    expect(classes).toMatchObject({
      user: 'NXuser', 'instrument/SIM_I0': 'NXdetector', 'instrument/SIM_M1': 'NXpositioner', SIM_I2_monitor: 'NXmonitor', 'SIM_I2_monitor/integral_log': 'NXlog', baseline: 'NXcollection', 'baseline/SIM_M2': 'NXlog',
    });
    expect(fields['baseline/SIM_M2/value']).toHaveLength(2);
    expect(fields['start_time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d$/);
  });

  it('are how it ended, and the gap of what went on', () => {
    expect(nexusOf('aborted').fields).toMatchObject({ 'run/exit_status': 'abort' });
    const { fields } = nexusOf('resumed');
    expect(fields).toMatchObject({ 'run/exit_status': 'success', 'run/points': 21 });
    expect(fields['run/interruptions/gap_1/duration']).toBeGreaterThan(0);
    expect(fields['run/interruptions/gap_1/after_point']).toBeGreaterThanOrEqual(3);
  });

  it.each<[Name, string, number[]]>([['image', 'det1_image', [1024, 1024]], ['spectrum', 'mca1', [2048]]])('are the data of the %s, compressed', (name, key, shape) => {
    const { images } = documentsOf(name);
    expect(images[key]?.map(([, of]) => of)).toEqual([shape, shape, shape]);
    const stack = nexusOf(name).stacks[`data_${key}/${key}`];
    expect(stack).toMatchObject({ shape: [3, ...shape], compression: 'gzip', shuffle: true, dtype: images[key]?.[0]?.[0] });
    expect(stack?.sums).toEqual(images[key]?.map(([, , sum]) => sum));
    expect(stack?.stored).toBeLessThan(3 * shape.reduce((a, b) => a * b, 1) * 2);
    expect(nexusOf(name).classes[`data_${key}`]).toBe('NXdata');
  });
});

describe('the journal', () => {
  it('has no image in it: its file beside it has', () => {
    const { lines } = files.get('image') ?? { lines: [] };
    expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(4000);
    const total = (lines.find(({ name }) => name === 'event')?.doc?.['data'] as Record<string, number> | undefined)?.['det1_total'];
    expect(documentsOf('image').images['det1_image']?.[0]?.[2]).toBe(total);
  });
});
