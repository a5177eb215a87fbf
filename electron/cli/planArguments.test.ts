import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metadataFrom, planFromFile, planFromWords } from './planArguments';

const plan = (line: string, options: { num?: number; delay?: number; snake?: boolean } = {}) => planFromWords(line.split(' '), { snake: false, ...options });

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
