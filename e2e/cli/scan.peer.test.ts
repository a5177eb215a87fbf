// The scan of the built command line on the simulated beamline: the peak, the files, Ctrl-C, and death in the middle.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliHome, type Ended } from './runCli';

interface Line { name?: string; doc?: { uid: string; seq_num: number; data: Record<string, number>; exit_status?: string; reason?: string }; run?: Record<string, unknown> }

let cli: CliHome;
let data: string;
beforeAll(() => {
  cli = new CliHome();
  data = mkdtempSync(join(tmpdir(), 'endstation-scan-'));
});
afterAll(() => {
  cli.remove();
  rmSync(data, { recursive: true, force: true });
});

const lines = ({ json }: Ended): Line[] => json as Line[];
const points = (all: Line[]): NonNullable<Line['doc']>[] => all.flatMap(({ name, doc }) => (name === 'event' && doc ? [doc] : []));

describe('a scan', () => {
  it('finds the peak at 1.234 mm, and leaves its files', async () => {
    const ended = await cli.run('scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '51', '--data', data, '--json', '--md', 'sample=iron');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const all = lines(ended);
    expect(all.map(({ name }) => name)).toEqual(['start', 'descriptor', ...Array<string>(51).fill('event'), 'stop', undefined]);
    const measured = points(all).map(({ data: values }) => ({ x: values['SIM:M1'] ?? Number.NaN, y: values['SIM:I1'] ?? Number.NaN }));
    expect(measured.map(({ x }) => x)).toEqual(Array.from({ length: 51 }, (_, index) => expect.closeTo(index * 0.05, 3) as number));
    const total = measured.reduce((sum, { y }) => sum + y, 0);
    const centre = measured.reduce((sum, { x, y }) => sum + x * y, 0) / total;
    expect(Math.abs(centre - 1.234)).toBeLessThan(0.01);
    const { run } = all[all.length - 1] ?? {};
    expect(run).toEqual({ uid: all[0]?.doc?.uid, exitStatus: 'success', points: 51, journal: expect.stringMatching(/^\/.*\.journal\.jsonl$/) as string, nexus: expect.stringMatching(/^\/.*\.nxs$/) as string });
    expect(existsSync(String(run?.['nexus']))).toBe(true);
    const { json } = await cli.run('runs', 'list', '--data', data, '--json');
    expect(json).toEqual([{ ...run, scanId: 1, plan: 'scan', started: expect.stringMatching(/T.*[+-]\d\d:\d\d$/) as string, of: 51 }]);
  });

  it('prints its sheet and moves nothing with --preflight', async () => {
    const { code, json } = await cli.run('scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0', '12.5', '51', '--data', join(data, 'none'), '--json', '--preflight');
    expect(code).toBe(1);
    expect(json).toMatchObject([{ ok: false, points: 51, findings: [{ message: expect.stringContaining('would be moved to 12.5 mm, above its high limit (HLM 10 mm)') as string }] }]);
  });

  it.each([[['scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0'], 2], [['scan', 'dance'], 2], [['scan', 'count', 'NOT:THERE'], 1], [['runs', 'show', 'ffffffff'], 1], [['runs', 'frobnicate', 'x'], 2]])('%s ends with %i and a message', async (args, code) => {
    const ended = await cli.run(...args, '--data', data);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.stderr.length).toBeGreaterThan(20);
  });

  it('ended by Ctrl-C stops within a second: motors stopped, run closed as aborted, exit 130', async () => {
    const running = cli.start('scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '-9', '9', '11', '--data', data, '--json');
    await running.line(4);
    const began = Date.now();
    running.signal('SIGINT');
    const ended = await running.ended;
    expect(Date.now() - began).toBeLessThan(1500);
    expect(ended.code).toBe(130);
    const all = lines(ended);
    expect(all[all.length - 2]).toMatchObject({ name: 'stop', doc: { exit_status: 'abort', reason: 'Interrupted.' } });
    expect(all[all.length - 1]?.run).toMatchObject({ exitStatus: 'abort', points: points(all).length });
  });
});

describe('kill -9', () => {
  it('in the middle: every point that was printed is in the journal, and the run is interrupted until it is abandoned', async () => {
    const folder = join(data, 'killed');
    for (const line of [3, 7, 12]) {
      const running = cli.start('scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '51', '--data', folder, '--json');
      await running.line(line);
      running.signal('SIGKILL');
      const printed = lines(await running.ended);
      const uid = printed[0]?.doc?.uid ?? '';
      const day = readdirSync(folder).find((name) => /^\d{4}-/.test(name)) ?? '';
      const journal = readdirSync(join(folder, day)).find((name) => name.includes(uid.slice(0, 8)) && name.endsWith('.journal.jsonl')) ?? '';
      const written = new Set(readFileSync(join(folder, day, journal), 'utf8').split('\n').flatMap((text) => {
        try {
          return [(JSON.parse(text) as Line).doc?.uid];
        } catch {
          return [];
        }
      }));
      const lost = points(printed).filter((doc) => !written.has(doc.uid));
      expect(lost).toEqual([]);
      const { json } = await cli.run('runs', 'list', '--data', folder, '--json');
      expect(json[0]).toMatchObject({ uid, exitStatus: 'interrupted', of: 51, nexus: null });
      expect(json[0]?.['points']).toBeGreaterThanOrEqual(points(printed).length);
      const abandoned = await cli.run('runs', 'abandon', uid, '--data', folder, '--json');
      expect(abandoned.json[0]).toMatchObject({ uid, exitStatus: 'abort', nexus: expect.stringContaining('.nxs') as string });
    }
    const csv = await cli.run('runs', 'export', '1', '--format', 'csv', '--data', folder);
    expect(csv.lines[0]).toMatch(/^point,time,SIM:I1 \(.*\),SIM:M1 \(mm\),SIM:M1_setpoint \(mm\)$/);
  });
});
