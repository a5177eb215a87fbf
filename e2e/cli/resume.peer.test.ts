// A scan of the built command line that is killed and goes on: one run, one file, each point once; then one that is closed instead.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beamlineOf, CliHome } from './runCli';

interface Line { name?: string; doc?: { uid: string; seq_num: number; data: Record<string, unknown>; num_events?: Record<string, number> }; run?: Record<string, unknown> }

let cli: CliHome;
let data: string;
beforeAll(() => {
  cli = new CliHome();
  data = mkdtempSync(join(tmpdir(), 'endstation-resume-'));
});
afterAll(() => {
  cli.remove();
  rmSync(data, { recursive: true, force: true });
});

async function killed(line: number, ...plan: string[]): Promise<string> {
  return killedAt(cli, line, ...plan);
}
async function killedAt(home: CliHome, line: number, ...plan: string[]): Promise<string> {
  const running = home.start('scan', ...plan, '--data', data, '--json');
  const start = JSON.parse(await running.line(1)) as Line;
  await running.line(line);
  running.signal('SIGKILL');
  await running.ended;
  return start.doc?.uid ?? '';
}

describe('runs resume', () => {
  it.each([
    ['scan', ['scan', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '21']],
    ['tune_centroid', ['tune_centroid', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '0.05', '11']],
  ])('goes on with a %s', async (plan, words) => {
    const uid = await killed(8, ...words);
    const sheet = (await cli.run('runs', 'resume', uid, '--check', '--data', data, '--json')).json[0] as { ok: boolean; points: number; motors: unknown[] };
    expect(sheet).toMatchObject({ ok: true, adaptive: plan !== 'scan', motors: [{ name: 'SIM:M1', units: 'mm' }] });
    expect(sheet.points).toBeGreaterThanOrEqual(6);
    const ended = await cli.run('runs', 'resume', uid, '--data', data, '--json');
    expect(ended.code).toBe(0);
    const last = (ended.json as Line[]).at(-1)?.run;
    expect(last).toMatchObject({ uid, exitStatus: 'success' });
    const documents = (await cli.run('runs', 'export', uid, '--format', 'jsonl', '--data', data)).json as Line[];
    const numbers = documents.flatMap(({ name, doc }) => name === 'event' && doc?.data['SIM:I1'] !== undefined ? [doc.seq_num] : []);
    expect(numbers).toEqual(Array.from({ length: Number(last?.['points']) }, (_, index) => index + 1));
    expect(documents.at(-1)?.doc?.num_events).toEqual({ primary: numbers.length, interruptions: 1 });
    const again = await cli.run('runs', 'resume', uid, '--data', data);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('it has ended already (success)') as string]);
  });

  it('goes on with a sequence, to its end', async () => {
    const uid = await killed(8, 'sequence', 'scan SIM:I1 -- SIM:M1 0 2.5 21', 'rel_scan SIM:I1 -- SIM:M1 -0.1 0.1 3', 'count SIM:I1');
    const { lines } = await cli.run('runs', 'resume', uid, '--check', '--data', data);
    expect(lines.at(-1)).toBe('Note: Then the sequence goes on: 2 plans are left after this run.');
    const ended = await cli.run('runs', 'resume', uid, '--data', data, '--json');
    expect(ended.code).toBe(0);
    const runs = (await cli.run('runs', 'list', '--data', data, '--json')).json.slice(0, 3);
    expect(runs.map(({ plan, exitStatus, points }) => [plan, exitStatus, points])).toEqual([['count', 'success', 1], ['rel_scan', 'success', 3], ['scan', 'success', 21]]);
    expect(runs[2]).toMatchObject({ uid });
  });

  it('says the point, and that the motor is moved back, in words', async () => {
    const uid = await killed(6, 'scan', 'SIM:I1', '--', 'SIM:M1', '1', '2.5', '21');
    const { lines, code } = await cli.run('runs', 'resume', uid, '--check', '--data', data);
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^Run \d+ scan: resume at point \d+ of 21, about \d+ s left\. Interrupted at .*, \d+ s ago\.$/);
    expect(lines[1]).toMatch(/^SIM:M1: at \S+ mm, is moved to \S+ mm\.$/);
    const abandoned = await cli.run('runs', 'abandon', uid, '--data', data, '--json');
    expect(abandoned.json[0]).toMatchObject({ uid, exitStatus: 'abort' });
  });
});

describe('a fly scan that is killed leaves the speed of its motor changed', () => {
  let beamline: CliHome;
  let end: () => Promise<void>;
  beforeAll(async () => { ({ beamline, end } = await beamlineOf(cli)); });
  afterAll(() => end());
  const speed = async (): Promise<number> => Number((await beamline.run('get', 'SIM:M1.VELO', '--json')).json[0]?.['value']);

  it('which `runs abandon` puts back', async () => {
    const before = await speed();
    const uid = await killedAt(beamline, 4, 'fly', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '--speed', '0.11');
    expect(await speed()).toBe(0.11);
    const abandoned = await beamline.run('runs', 'abandon', uid, '--data', data, '--json');
    expect([abandoned.code, abandoned.json[0], abandoned.stderr.trim()]).toEqual([0, expect.objectContaining({ uid, exitStatus: 'abort' }), `The speed (VELO) of SIM:M1 was put back to ${before} mm/s.`]);
    expect(await speed()).toBe(before);
    const shown = await beamline.run('runs', 'show', uid, '--data', data);
    expect(shown.lines.join('\n')).toContain(`The speed (VELO) of SIM:M1 was put back to ${before} mm/s.`);
  });

  it('which `runs resume` puts back at the end of the run', async () => {
    const before = await speed();
    const uid = await killedAt(beamline, 4, 'fly', 'SIM:I1', '--', 'SIM:M1', '0', '1.2', '--speed', '0.3');
    expect(await speed()).toBe(0.3);
    const { lines } = await beamline.run('runs', 'resume', uid, '--check', '--data', data);
    expect(lines.at(-1)).toBe(`Note: The run had set the speed (VELO) of SIM:M1 to 0.3 mm/s; it was ${before} mm/s before. It is put back at the run's end.`);
    expect(await speed()).toBe(0.3);
    expect((await beamline.run('runs', 'resume', uid, '--data', data, '--json')).code).toBe(0);
    expect(await speed()).toBe(before);
  });
});
