import { linspaceAt } from '@shared/linspace';
import type { Message } from '@shared/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanArguments } from '@shared/plans';
import { move } from './moves';
import { pathOf, planOf } from './plans';
import type { Steps } from './stubs';

const scan = (args: PlanArguments<'scan'>): Steps => planOf({ plan: 'scan', args });
const gridScan = (args: PlanArguments<'grid_scan'>): Steps => planOf({ plan: 'grid_scan', args });
const snaking = (axes: PlanArguments<'grid_scan'>['axes']): (readonly number[])[] => [...pathOf({ plan: 'grid_scan', args: { detectors: ['I'], snake: true, axes } }).positions()];

function messages(steps: Steps): Message[] {
  return [...steps];
}
/** Compact: `set SIM:M1 0.5`. */
function lines(steps: Steps): string[] {
  return messages(steps).map((message) => [
    message.command, ...('device' in message ? [message.device] : []), ...('value' in message ? [message.value] : []),
    ...('group' in message && !('device' in message) ? [message.group] : []), ...('seconds' in message ? [message.seconds] : []),
  ].join(' '));
}

describe('linspace', () => {
  // numpy 2.4: [repr(x) for x in numpy.linspace(0, 0.7, 8)] and numpy.linspace(-1.1, 2.3, 7)
  it('gives numpy values to the last bit', () => {
    expect(Array.from({ length: 8 }, (_, i) => linspaceAt(0, 0.7, 8, i))).toEqual([0, 0.09999999999999999, 0.19999999999999998, 0.3, 0.39999999999999997, 0.49999999999999994, 0.6, 0.7]);
    expect(Array.from({ length: 7 }, (_, i) => linspaceAt(-1.1, 2.3, 7, i)))
      .toEqual([-1.1, -0.5333333333333334, 0.033333333333333215, 0.5999999999999999, 1.1666666666666665, 1.733333333333333, 2.3]);
  });
  it('ends exactly on both ends, for all ranges', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.integer({ min: 2, max: 5000 }), (start, stop, num) => {
      expect(linspaceAt(start, stop, num, 0)).toBeCloseTo(start, 12);
      expect(linspaceAt(start, stop, num, num - 1)).toBe(stop);
    }));
  });
  it('of one point is its start', () => expect(linspaceAt(3, 9, 1, 0)).toBe(3));
});

describe('scan', () => {
  it('yields the messages of two points', () => {
    expect(lines(scan({ detectors: ['I0', 'I1'], num: 2, axes: [{ motor: 'M', start: 0, stop: 1 }] }))).toEqual([
      'stage I0', 'stage I1', 'stage M', 'open_run',
      'checkpoint', 'set M 0', 'wait move', 'trigger I0', 'trigger I1', 'wait trigger', 'create', 'read I0', 'read I1', 'read M', 'save',
      'checkpoint', 'set M 1', 'wait move', 'trigger I0', 'trigger I1', 'wait trigger', 'create', 'read I0', 'read I1', 'read M', 'save',
      'close_run', 'unstage M', 'unstage I1', 'unstage I0',
    ]);
  });
  it('moves several motors at once', () => {
    const points = messages(scan({ detectors: ['I'], num: 3, axes: [{ motor: 'A', start: 0, stop: 2 }, { motor: 'B', start: 5, stop: 1 }] }));
    expect(points.flatMap((message) => message.command === 'set' ? [[message.device, message.value]] : []))
      .toEqual([['A', 0], ['B', 5], ['A', 1], ['B', 3], ['A', 2], ['B', 1]]);
  });
  it('unstages what it staged when it is ended early', () => {
    const steps = scan({ detectors: ['I'], num: 2, axes: [{ motor: 'M', start: 0, stop: 1 }] });
    for (let index = 0; index < 6; index++) steps.next();
    expect(steps.return()).toEqual({ done: false, value: { command: 'unstage', device: 'M' } });
    expect(steps.next()).toEqual({ done: false, value: { command: 'unstage', device: 'I' } });
    expect(steps.next().done).toBe(true);
  });
});

describe('grid_scan', () => {
  const axes = [{ motor: 'A', start: 0, stop: 1, num: 2 }, { motor: 'B', start: 0, stop: 2, num: 3 }];
  it('moves the last motor fastest, and only what changes', () => {
    const sets = messages(gridScan({ detectors: ['I'], snake: false, axes })).flatMap((message) => message.command === 'set' ? [`${message.device}=${String(message.value)}`] : []);
    expect(sets).toEqual(['A=0', 'B=0', 'B=1', 'B=2', 'A=1', 'B=0', 'B=1', 'B=2']);
  });
  it('snakes', () => {
    expect(snaking(axes)).toEqual([[0, 0], [0, 1], [0, 2], [1, 2], [1, 1], [1, 0]]);
    // bluesky 1.15.1: outer_product of three axes with snake on both faster ones
    const three = [{ motor: 'A', start: 0, stop: 1, num: 2 }, { motor: 'B', start: 0, stop: 2, num: 3 }, { motor: 'C', start: 0, stop: 1, num: 2 }];
    expect(snaking(three).map((row) => row.join(''))).toEqual(['000', '001', '011', '010', '020', '021', '121', '120', '110', '111', '101', '100']);
  });
  it('says its shape', () => {
    const open = messages(gridScan({ detectors: ['I'], snake: true, axes })).find((message) => message.command === 'open_run');
    expect(open).toMatchObject({ points: 6, shape: [2, 3], extents: [[0, 1], [0, 2]], snaking: [false, true], dimensions: [['A'], ['B']] });
  });
});

describe('count and move', () => {
  it('count keeps its pace from point to point, not after the last', () => {
    expect(lines(planOf({ plan: 'count', args: { detectors: ['I'], num: 2, delay: 0.5 } }))).toEqual([
      'stage I', 'open_run', 'checkpoint', 'trigger I', 'wait trigger', 'create', 'read I', 'save', 'sleep 0.5',
      'checkpoint', 'trigger I', 'wait trigger', 'create', 'read I', 'save', 'close_run', 'unstage I',
    ]);
  });
  it('move records nothing', () => {
    expect(lines(move({ axes: [{ motor: 'A', position: 1 }, { motor: 'B', position: 2 }] }))).toEqual(['set A 1', 'set B 2', 'wait move']);
  });
  it('a plan of ten million points costs nothing before it is run', () => {
    const steps = planOf({ plan: 'count', args: { detectors: ['I'], num: 10_000_000, delay: 0 } });
    expect(steps.next().value).toEqual({ command: 'stage', device: 'I' });
  });
});

describe('relative plans', () => {
  const readings = { M: { value: 1.49, timestamp: 0 }, M_setpoint: { value: 1.5, timestamp: 0 } };
  function follow(steps: Steps, until = Infinity): string[] {
    const told: string[] = [];
    let step = steps.next();
    while (!step.done && told.length < until) {
      if (step.value.command === 'set') told.push(`set ${step.value.value}`);
      else if (/^(open|close)_run|unstage$/.test(step.value.command)) told.push(step.value.command);
      step = steps.next(step.value.command === 'read' ? readings : undefined);
    }
    return told;
  }
  const args = { detectors: ['I'], num: 2, axes: [{ motor: 'M', start: -1, stop: 1 }] };
  it('count from where the motor was sent, and go back after the run', () => {
    expect(follow(planOf({ plan: 'rel_scan', args }))).toEqual(['open_run', 'set 0.5', 'set 2.5', 'close_run', 'unstage', 'unstage', 'set 1.5']);
  });
  it('go back when they are ended early', () => {
    const steps = planOf({ plan: 'rel_scan', args });
    follow(steps, 2);
    const after: unknown[] = [];
    for (let step = steps.return(); !step.done; step = steps.next()) after.push(step.value.command === 'set' ? step.value.value : step.value.command);
    expect(after).toEqual(['unstage', 'unstage', 1.5, 'wait']);
  });
  it('refuse a place that is no number', () => {
    const steps = planOf({ plan: 'rel_scan', args });
    steps.next();
    expect(() => steps.next({ M: { value: 'open', timestamp: 0 } })).toThrow(/can not be moved by a distance/);
  });
  it('say absolute extents', () => {
    const steps = planOf({ plan: 'rel_grid_scan', args: { detectors: ['I'], snake: false, axes: [{ motor: 'M', start: -1, stop: 1, num: 2 }] } });
    let step = steps.next();
    while (!step.done && step.value.command !== 'open_run') step = steps.next(step.value.command === 'read' ? readings : undefined);
    expect(step.value).toMatchObject({ plan: 'rel_grid_scan', extents: [[0.5, 2.5]], points: 2, gridding: 'rectilinear' });
  });
});

describe('xanes and time_series', () => {
  it('takes what regions share once, and gives the dwell to the timer', () => {
    const regions = [{ start: 0, stop: 2, step: 1, dwell: 0.1 }, { start: 2, stop: 3, step: 0.5, dwell: 0.2 }];
    const sets = (timer?: string): unknown[] => messages(planOf({ plan: 'xanes', args: { detectors: ['I'], axes: [{ motor: 'E' }], regions, timer } }))
      .flatMap((message): unknown[] => message.command === 'set' ? [[message.device, message.value]] : message.command === 'sleep' ? [message.seconds] : []);
    expect(sets()).toEqual([['E', 0], 0.1, ['E', 1], 0.1, ['E', 2], 0.1, ['E', 2.5], 0.2, ['E', 3], 0.2]);
    expect(sets('T').slice(0, 4)).toEqual([['E', 0], ['T', 0.1], ['E', 1], ['T', 0.1]]);
  });
  it('keeps to even times, and leaves out what comes late', () => {
    let clock = 100;
    const taken: number[] = [];
    const steps = planOf({ plan: 'time_series', args: { detectors: ['I'], duration: 5, interval: 1 } });
    for (let step = steps.next(); !step.done;) {
      const { value: message } = step;
      if (message.command === 'sleep') clock += message.seconds;
      // The second reading takes 1.7 s.
      if (message.command === 'trigger') { taken.push(clock - 100); clock += taken.length === 2 ? 1.7 : 0.1; }
      step = steps.next(message.command === 'clock' ? { clock: { value: clock, timestamp: 0 } } : undefined);
    }
    expect(taken.map((time) => Math.round(time * 1e6) / 1e6)).toEqual([0, 1, 3, 4, 5]);
  });
});
