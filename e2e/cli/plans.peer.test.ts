// Plans on the simulated beamline through the built command line: each runs, tuning finds the peak, XANES finds the edge.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments } from '../../electron/cli/arguments';
import { planFromWords } from '../../electron/cli/planArguments';
import { planOptions, type PlanOptions } from '../../electron/cli/planForms';
import { planDescriptions } from '../../shared/plans';
import { beamlineOf, CliHome } from './runCli';

interface Line { name?: string; doc?: { descriptor: string; data: Record<string, number>; num_points?: number; plan_name?: string; shape?: number[] }; run?: { exitStatus: string; points: number; nexus: string | null } }

let cli: CliHome;
let beamline: CliHome;
let end: () => Promise<void>;
beforeAll(async () => {
  cli = new CliHome();
  ({ beamline, end } = await beamlineOf(cli));
});
afterAll(async () => {
  await end();
  cli.remove();
});

async function scan(...words: string[]): Promise<{ points: Record<string, number>[]; lines: Line[] }> {
  const ended = await beamline.run('scan', ...words, '--json');
  expect([words.join(' '), ended.code, ended.stderr]).toEqual([words.join(' '), 0, '']);
  const lines = ended.json as Line[];
  return { lines, points: lines.flatMap(({ name, doc }) => (name === 'event' && doc ? [doc.data] : [])) };
}
async function value(pv: string): Promise<number> {
  return Number((await beamline.run('get', pv, '--json')).json[0]?.['value']);
}

describe('on the simulated beamline', () => {
  it('tune_centroid leaves the motor on the peak at 1.234 mm', async () => {
    await scan('tune_centroid', 'SIM:I1', '--', 'SIM:M1', '0', '2.5', '0.005', '10');
    expect(Math.abs(await value('SIM:M1.RBV') - 1.234)).toBeLessThan(0.005);
  });

  it('xanes finds the edge at 7112 eV', async () => {
    const { points } = await scan('xanes', 'SIM:I1', 'SIM:I0', '--', 'SIM:MONO:ENERGY', '7090', '7105', '5', '0', '7105', '7118', '0.25', '0', '7118', '7130', '4', '0');
    expect(points).toHaveLength(4 + 52 + 3);
    const curve = points.map((data) => ({ energy: data['SIM:MONO:ENERGY'] ?? Number.NaN, signal: data['SIM:I1'] ?? Number.NaN }));
    let edge = { energy: Number.NaN, slope: -Infinity };
    // The slope over half an eV to each side, so that the noise of counting does not decide.
    curve.forEach(({ energy }, index) => {
      const [before, after] = [curve[index - 2], curve[index + 2]];
      const slope = before && after ? (after.signal - before.signal) / (after.energy - before.energy) : -Infinity;
      if (slope > edge.slope) edge = { energy, slope };
    });
    expect(Math.abs(edge.energy - 7112)).toBeLessThanOrEqual(0.5);
  });

  it.each<[string[], number, object]>([
    [['list_scan', 'SIM:I1', '--', 'SIM:M1', '[1, 1.2, 1.1]'], 3, { num_points: 3 }],
    [['log_scan', 'SIM:I1', '--', 'SIM:M1', '-1', '0', '3'], 3, { num_points: 3 }],
    [['list_grid_scan', 'SIM:I1', '--', 'SIM:M1', '[1,1.1]', 'SIM:M2', '[0,0.2,0.1]', '--snake'], 6, { shape: [2, 3], num_points: 6 }],
    [['spiral', 'SIM:I1', '--', 'SIM:M1', 'SIM:M2', '1.2', '-0.5', '0.4', '0.4', '0.2', '4'], 0, { plan_name: 'spiral' }],
    [['spiral_square', 'SIM:I1', '--', 'SIM:M1', 'SIM:M2', '1.2', '-0.5', '0.2', '0.2', '3', '2'], 6, { shape: [2, 3] }],
    [['fermat', 'SIM:I1', '--', 'SIM:M1', 'SIM:M2', '1.2', '-0.5', '0.4', '0.4', '0.05', '1'], 0, { plan_name: 'spiral_fermat' }],
    [['adaptive', 'SIM:I1', '--', 'SIM:M1', '1', '1.4', '0.02', '0.2', '50000'], 0, { plan_name: 'adaptive_scan' }],
    [['time_series', 'SIM:I1', '--duration', '0.6', '--interval', '0.2'], 0, { plan_name: 'time_series' }],
  ])('%s', async (words, count, start) => {
    const { points, lines } = await scan(...words);
    expect(points.length).toBeGreaterThan(1);
    if (count > 0) expect(points).toHaveLength(count);
    expect(lines[0]?.doc).toMatchObject(start);
    expect(lines[lines.length - 1]?.run).toMatchObject({ exitStatus: 'success', points: points.length, nexus: expect.stringContaining('.nxs') as string });
  });

  it.each([
    [['rel_scan', 'SIM:I1', '--', 'SIM:M1', '-0.2', '0.2', '5'], [1.3, 1.4, 1.5, 1.6, 1.7]],
    [['rel_list_scan', 'SIM:I1', '--', 'SIM:M1', '[0.1,-0.1]'], [1.6, 1.4]],
    [['rel_grid_scan', 'SIM:I1', '--', 'SIM:M1', '0', '0.1', '2', 'SIM:M2', '0', '0.1', '2'], [1.5, 1.5, 1.6, 1.6]],
    [['x2x_scan', 'SIM:I1', '--', 'SIM:M1', 'SIM:M2', '-0.2', '0.2', '2'], [1.3, 1.7]],
  ])('%s begins from where the motor stands, and goes back', async (words, expected) => {
    await scan('move', 'SIM:M1', '1.5');
    const { points } = await scan(...words);
    expect(points.map((data) => data['SIM:M1'])).toEqual(expected.map((position) => expect.closeTo(position, 3) as number));
    expect(await value('SIM:M1.RBV')).toBeCloseTo(1.5, 3);
  });

  it('set waits for a readback, and says when it does not come', async () => {
    await scan('set', 'SIM:M1', '0.5', '--readback', 'SIM:M1.RBV', '--tolerance', '0.01');
    const ended = await beamline.run('scan', 'set', 'SIM:M1', '0.6', '--readback', 'SIM:M2.RBV', '--tolerance', '0.01', '--timeout', '0.3');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/SIM:M1 was set to 0\.6, but its readback SIM:M2\.RBV is/);
  });

  it('every plan runs, one after the other in one process', async () => {
    const all = [
      'count SIM:I1 --num 2', 'time_series SIM:I1 --duration 0.2 --interval 0.1', 'scan SIM:I1 -- SIM:M1 1 1.2 3', 'rel_scan SIM:I1 -- SIM:M1 -0.1 0.1 2', 'list_scan SIM:I1 -- SIM:M1 [1,1.1]',
      'rel_list_scan SIM:I1 -- SIM:M1 [0,0.1]', 'log_scan SIM:I1 -- SIM:M1 -1 0 2', 'rel_log_scan SIM:I1 -- SIM:M1 -2 -1 2', 'x2x_scan SIM:I1 -- SIM:M1 SIM:M2 -0.1 0.1 2',
      'grid_scan SIM:I1 -- SIM:M1 1 1.1 2 SIM:M2 0 0.1 2', 'rel_grid_scan SIM:I1 -- SIM:M1 0 0.1 2 SIM:M2 0 0.1 2', 'list_grid_scan SIM:I1 -- SIM:M1 [1,1.1] SIM:M2 [0,0.1]',
      'rel_list_grid_scan SIM:I1 -- SIM:M1 [0,0.1] SIM:M2 [0,0.1]', 'spiral SIM:I1 -- SIM:M1 SIM:M2 1.2 -0.5 0.2 0.2 0.1 3', 'rel_spiral SIM:I1 -- SIM:M1 SIM:M2 0.2 0.2 0.1 3',
      'spiral_square SIM:I1 -- SIM:M1 SIM:M2 1.2 -0.5 0.1 0.1 2 2', 'rel_spiral_square SIM:I1 -- SIM:M1 SIM:M2 0.1 0.1 2 2', 'spiral_fermat SIM:I1 -- SIM:M1 SIM:M2 1.2 -0.5 0.2 0.2 0.06 1',
      'rel_spiral_fermat SIM:I1 -- SIM:M1 SIM:M2 0.2 0.2 0.06 1', 'adaptive_scan SIM:I1 -- SIM:M1 1 1.2 0.05 0.2 50000', 'rel_adaptive_scan SIM:I1 -- SIM:M1 0 0.2 0.05 0.2 50000',
      'tune_centroid SIM:I1 -- SIM:M1 1 1.5 0.1 4', 'xanes SIM:I1 -- SIM:MONO:ENERGY 7110 7111 0.5 0', 'fly SIM:I1 -- SIM:M1 1 1.5 5 --speed 1', 'ramp_plan SIM:I1 -- SIM:M1 1',
      'move SIM:M1 1.2', 'set SIM:M1 1.3 --readback SIM:M1.RBV --tolerance 0.01', 'sleep 0.1', 'loop 2 count SIM:I1',
    ];
    // An option is the command's own: those of single plans go into a file.
    const plans = all.map((line) => {
      const words = line.match(/\[[^\]]*\]|\S+/g) ?? [];
      const { positionals, options } = readArguments(words, planOptions(), { keepDashes: true });
      return planFromWords(positionals, options as PlanOptions);
    });
    const file = join(cli.folder, 'all.json');
    writeFileSync(file, JSON.stringify({ plan: 'sequence', args: { plans } }));
    const { lines } = await scan('--file', file);
    const silent = new Set(['move', 'set', 'sleep', 'loop']);
    const runs = plans.map(({ plan }) => plan).filter((plan) => !silent.has(plan));
    expect(lines.flatMap(({ name, doc }) => (name === 'start' ? [doc?.plan_name] : []))).toEqual([...runs, 'count', 'count']);
    expect(lines.flatMap(({ name, doc }) => (name === 'stop' ? [(doc as unknown as { exit_status: string }).exit_status] : []))).toEqual(Array.from({ length: runs.length + 2 }, () => 'success'));
    expect(new Set(plans.map(({ plan }) => plan)).size).toBe(planDescriptions.length - 3);
  });

  it.each([
    ['sequence', ['sequence', 'count SIM:I1', 'move SIM:M1 1.1', 'scan SIM:I1 -- SIM:M1 1 1.1 2'], ['count', 'scan']],
    ['loop', ['loop', '2', 'scan', 'SIM:I1', '--', 'SIM:M1', '1', '1.1', '2'], ['scan', 'scan']],
    ['include', ['include', 'FILE'], ['rel_scan']],
  ])('%s in words', async (_plan, words, names) => {
    const file = join(cli.folder, 'included.json');
    writeFileSync(file, JSON.stringify({ plan: 'rel_scan', args: { detectors: ['SIM:I1'], num: 2, axes: [{ motor: 'SIM:M1', start: 0, stop: 0.1 }] } }));
    const { lines } = await scan(...words.map((word) => word === 'FILE' ? file : word));
    expect(lines.flatMap(({ name, doc }) => (name === 'start' ? [doc?.plan_name] : []))).toEqual(names);
  });

  it('a motor that runs into its limit switch says so', async () => {
    const high = await value('SIM:M1.HLM');
    const speed = await value('SIM:M1.VELO');
    await beamline.run('put', 'SIM:M1.HLM', '100');
    await beamline.run('put', 'SIM:M1.VELO', '20');
    const ended = await beamline.run('scan', 'move', 'SIM:M1', '50');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/SIM:M1 did not arrive at 50 mm: it stands at 10\.4 mm, it reached its high limit switch \(HLS\)/) as string]);
    await scan('move', 'SIM:M1', '1');
    await beamline.run('put', 'SIM:M1.HLM', String(high));
    await beamline.run('put', 'SIM:M1.VELO', String(speed));
  });

  it('Ctrl-C stops the motor where it is', async () => {
    await scan('move', 'SIM:M1', '0');
    await beamline.run('put', 'SIM:M1.VELO', '0.5');
    const running = beamline.start('scan', 'scan', 'SIM:I1', '--', 'SIM:M1', '0.1', '9', '2', '--json');
    await running.line(3);
    while (await value('SIM:M1.DMOV') !== 0) { /* It sets out for the second point. */ }
    running.signal('SIGINT');
    expect((await running.ended).code).toBe(130);
    const [done, place] = [await value('SIM:M1.DMOV'), await value('SIM:M1.RBV')];
    expect(done).toBe(1);
    expect(place).toBeLessThan(8);
    expect(await value('SIM:M1.RBV')).toBe(place);
    await beamline.run('put', 'SIM:M1.VELO', '5');
  });

  it('a script measures, prints, and says its line where it fails', async () => {
    const file = join(cli.folder, 'mine.ts');
    writeFileSync(file, `const motor: string = 'SIM:M1';
export default function* plan() {
  yield* run({ name: 'mine', detectors: 'SIM:I1', motors: motor, points: 2 }, function* () {
    for (const place of linspace(1, 1.1, 2)) { yield* move(motor, place); print((yield* triggerAndRead('SIM:I1', motor))['SIM:M1']); }
  });
  yield* move(motor, 1e6);
}
`);
    const ended = await beamline.run('scan', '--file', file, '--json');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^1\n1\.1\n[\s\S]*mine\.ts, line 6: SIM:M1 was not moved: 1000000 mm is above/);
    expect((ended.json as Line[]).filter(({ name }) => name === 'event')).toHaveLength(2);
    writeFileSync(file, 'export default function* () {\n  let x = ;\n}');
    expect((await beamline.run('scan', '--file', file)).stderr).toMatch(/mine\.ts, line 2: Unexpected token/);
    writeFileSync(file, 'export default function* () { while (true) {} }');
    const stuck = beamline.start('scan', '--file', file);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    stuck.signal('SIGINT');
    expect((await stuck.ended).code).toBe(130);
  });
});
