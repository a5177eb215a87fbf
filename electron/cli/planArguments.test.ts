import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metadataFrom, planFromFile, planFromWords } from './planArguments';

const plan = (line: string, options: Record<string, number | string | boolean> = {}) => planFromWords(line.split(' '), { snake: false, ...options });

describe('plans on the command line', () => {
  it('follow the order of bluesky', () => {
    expect(plan('scan SIM:I1 SIM:I0 -- SIM:M1 0 2.5 51')).toEqual({ plan: 'scan', args: { detectors: ['SIM:I1', 'SIM:I0'], num: 51, axes: [{ motor: 'SIM:M1', start: 0, stop: 2.5 }] } });
    expect(plan('scan I -- M1 -1 1 M2 5 -5 11').args).toEqual({ detectors: ['I'], num: 11, axes: [{ motor: 'M1', start: -1, stop: 1 }, { motor: 'M2', start: 5, stop: -5 }] });
    expect(plan('scan I -- M1 -1 1', { num: 7 }).args).toMatchObject({ num: 7 });
    expect(plan('count I J', { num: 3, delay: 0.5 })).toEqual({ plan: 'count', args: { detectors: ['I', 'J'], num: 3, delay: 0.5 } });
    expect(plan('grid_scan I -- A 0 1 2 B 5 6 3', { snake: true }).args)
      .toEqual({ detectors: ['I'], snake: true, axes: [{ motor: 'A', start: 0, stop: 1, num: 2 }, { motor: 'B', start: 5, stop: 6, num: 3 }] });
    expect(plan('move -- A 1 B 2').args).toEqual({ axes: [{ motor: 'A', position: 1 }, { motor: 'B', position: 2 }] });
    expect(plan('move A 1').args).toEqual(plan('move -- A 1').args);
  });
  it.each([
    ['rel_scan I -- M -1 1 5', { detectors: ['I'], num: 5, axes: [{ motor: 'M', start: -1, stop: 1 }] }],
    ['list_scan I -- M [1,2.5] N 3,4', { detectors: ['I'], axes: [{ motor: 'M', positions: [1, 2.5] }, { motor: 'N', positions: [3, 4] }] }],
    ['list_grid_scan I -- M [1,2] N [3]', { detectors: ['I'], snake: false, axes: [{ motor: 'M', positions: [1, 2] }, { motor: 'N', positions: [3] }] }],
    ['x2x_scan I -- TTH TH -2 2 5', { detectors: ['I'], axes: [{ motor: 'TTH' }, { motor: 'TH' }], start: -2, stop: 2, num: 5 }],
    ['spiral I -- X Y 1 2 3 4 0.5 6', { detectors: ['I'], axes: [{ motor: 'X', start: 1, range: 3 }, { motor: 'Y', start: 2, range: 4 }], dr: 0.5, nth: 6, tilt: 0 }],
    ['rel_spiral_square I -- X Y 3 4 5 6', { detectors: ['I'], axes: [{ motor: 'X', range: 3, num: 5 }, { motor: 'Y', range: 4, num: 6 }] }],
    ['fermat I -- X Y 1 2 3 4 0.5 2', { detectors: ['I'], axes: [{ motor: 'X', start: 1, range: 3 }, { motor: 'Y', start: 2, range: 4 }], dr: 0.5, factor: 2, tilt: 0 }],
    ['adaptive I -- M 0 5 0.1 1 10', { detectors: ['I'], axes: [{ motor: 'M', start: 0, stop: 5 }], min_step: 0.1, max_step: 1, target_delta: 10, backstep: true, threshold: 0.8 }],
    ['tune_centroid I J -- J M 0 5 0.1', { detectors: ['I', 'J'], signal: 'J', axes: [{ motor: 'M', start: 0, stop: 5 }], min_step: 0.1, num: 10, step_factor: 3, snake: false }],
    ['xanes I -- E 7100 7110 5 0 7110 7115 0.5 0.1', { detectors: ['I'], axes: [{ motor: 'E' }], regions: [{ start: 7100, stop: 7110, step: 5, dwell: 0 }, { start: 7110, stop: 7115, step: 0.5, dwell: 0.1 }] }],
    ['set PV a', { axes: [{ motor: 'PV', value: 'a' }], tolerance: 0, timeout: 60 }],
    ['sleep 2', { seconds: 2 }],
  ])('%s', (line, args) => expect(plan(line).args).toEqual(args));
  it('take options by the names that bluesky gives them', () => {
    expect(plan('time_series I', { duration: 5, interval: 0.5 }).args).toEqual({ detectors: ['I'], duration: 5, interval: 0.5 });
    expect(plan('grid_scan I -- A 0 1 2 B 5 6 3 C 0 1 2', { snake_axes: 'C' }).args).toMatchObject({ axes: [{ snake: false }, { snake: false }, { snake: true }] });
    expect(plan('spiral I -- X Y 1 2 3 4 0.5 6', { dr_y: 0.25, tilt: 0.1 }).args).toMatchObject({ dr_y: 0.25, tilt: 0.1 });
  });
  it.each([
    ['list_scan I -- M [1,2] N [3]', /same number of positions/], ['log_scan I -- M 0 1 N 0 1 5', /At most 1 motor/], ['adaptive I -- M 0 5 2 1 10', /larger than the smallest/],
    ['spiral I -- X Y 0 0 1 1 0.00001 5', /million points/], ['tune_centroid I -- M 0 5', /do not fit/], ['list_scan I -- M [1,b]', /position of M is a number, not "b"/],
    ['scan I -- M1 0', /do not fit/], ['scan I -- M1 0 1 x', /number of points is a number, not "x"/], ['scan I -- M1 a 1 3', /start of M1 is a number/],
    ['scan -- M1 0 1 3', /at least one detector/], ['scan I -- M1 0 1 0', /At least 1 point/], ['scan I -- M1 0 1 2.5', /whole number/], ['scan I', /do not fit|number/],
    ['nope I', /no plan "nope"/], ['count', /at least one detector/], ['count I -- M1', /moves nothing/], ['grid_scan I -- A 0 1', /do not fit/],
  ])('%s is refused', (line, message) => expect(() => plan(line)).toThrow(message));
  it('may come from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'plan.json');
    const write = (content: unknown): string => {
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    };
    const request = plan('scan I -- M 0 1 5');
    expect(planFromFile(write(request))).toEqual(request);
    expect(() => planFromFile(write('{'))).toThrow(/can not be read/);
    expect(() => planFromFile(write({}))).toThrow(/no "plan"/);
    expect(() => planFromFile(write({ plan: 'scan', args: { detectors: ['I'], num: 2 } }))).toThrow(/axes/);
    expect(() => planFromFile(join(file, 'none'))).toThrow(/can not be read/);
  });
  it('carry metadata as text, numbers or truth', () => {
    expect(metadataFrom(['sample=iron foil', 'T=-3e2', 'good=true', 'note=a=b'])).toEqual({ sample: 'iron foil', T: -300, good: true, note: 'a=b' });
    expect(() => metadataFrom(['sample'])).toThrow(/key=value/);
  });
});
