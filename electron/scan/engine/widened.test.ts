// What the engine does beside a plain run: edits, halts, streams of their own, suspenders of every kind, flights.
import type { PlanRequest } from '@shared/plans';
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { MemoryPvs } from '../../devices/memoryPvs';
import { bench, line, places, streams, until } from './engineBench.testing';
import { reasonToSuspend } from './suspenders';

describe('the remaining points of a paused scan', () => {
  it('are replaced, the interrupted one too, and the run tells so', async () => {
    const { engine, sink, start, m1 } = bench({ seconds: 0.02 });
    const outcome = start(line(6));
    await until(() => m1.moves.length === 3, 'moving to the third');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    const { edit } = engine.status;
    expect(edit).toMatchObject({ request: line(6), done: 2 });
    expect(engine.edit(line(5, 8), undefined, 'somebody')).toEqual({ points: 5 });
    expect(engine.status.of).toBe(5);
    engine.resume();
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 5 });
    expect(places(sink.documents)).toEqual([0, 1, 4, 6, 8]);
    expect(streams(sink.documents)['edits']).toEqual([{ plan_args: JSON.stringify(line(5, 8).args), after_point: 2, skipped: 2, user: 'somebody' }]);
  });
  it('at a checkpoint, and the whole new path where nothing is skipped', async () => {
    const { engine, sink, start, m1 } = bench({ seconds: 0.02 });
    const outcome = start(line(6));
    await until(() => m1.moves.length === 2, 'moving to the second');
    engine.pause('checkpoint');
    await until(() => engine.state === 'paused', 'paused');
    expect(engine.edit(line(2, 10), 0, 'somebody')).toEqual({ points: 4 });
    engine.resume();
    await outcome;
    expect(places(sink.documents)).toEqual([0, 1, 0, 10]);
  });
  it('of a relative plan count from where it began', async () => {
    const { engine, sink, start, pv, m1 } = bench({ seconds: 0.02 });
    await pv.write('M1.VAL', 5, { source: 'panel', user: 'x' }, { wait: true });
    const relative = (num: number, stop: number): PlanRequest => ({ plan: 'rel_scan', args: { detectors: ['I0'], num, axes: [{ motor: 'M1', start: 0, stop }] } });
    const outcome = start(relative(4, 3));
    await until(() => m1.moves.length === 3, 'moving to the second');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    engine.edit(relative(3, 4), undefined, 'x');
    engine.resume();
    await outcome;
    expect(places(sink.documents)).toEqual([5, 7, 9]);
    expect(m1.position()).toBe(5);
  });
  it('are refused where it can not be', async () => {
    const { engine, start, m1 } = bench({ seconds: 0.02 });
    expect(() => engine.edit(line(3), undefined, 'x')).toThrow(/no scan is paused/);
    const outcome = start(line(6));
    await until(() => m1.moves.length === 3, 'moving to the third');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    expect(() => engine.edit(line(2), undefined, 'x')).toThrow(/has 2 points, and 2 count as taken/);
    expect(() => engine.edit({ plan: 'count', args: { detectors: ['I0'], num: 3, delay: 0 } }, undefined, 'x')).toThrow(/is scan, not count/);
    expect(() => engine.edit({ plan: 'scan', args: { detectors: ['RING'], num: 9, axes: [{ motor: 'M1', start: 0, stop: 1 }] } }, undefined, 'x')).toThrow(/detectors and motors must stay/);
    engine.resume();
    expect((await outcome).points).toBe(6);
  });
});

describe('halt', () => {
  it('stops motors and closes the file, without the plan\'s own end', async () => {
    const { engine, start, m1, sink } = bench({ seconds: 0.05 });
    const outcome = start({ plan: 'rel_scan', args: { detectors: ['I0'], num: 5, axes: [{ motor: 'M1', start: 1, stop: 5 }] } });
    await until(() => m1.moves.length === 2, 'moving');
    engine.halt();
    expect(await outcome).toMatchObject({ exitStatus: 'abort', error: { message: 'Halted by the user.' } });
    expect(m1.moves).toHaveLength(2);
    expect(m1.stops()).toBe(1);
    expect(sink.runs[0]?.closed).toBe(true);
  });
});

describe('streams beside the points', () => {
  it('a baseline at the start and at the end, also of a scan that is stopped', async () => {
    for (const stops of [false, true]) {
      const { engine, start, pv, sink, m1 } = bench({ seconds: 0.01 });
      const outcome = start(line(stops ? 1000 : 3), { extras: { baseline: ['RING', 'M1'], monitors: [] } });
      await until(() => m1.moves.length === 2, 'two moves');
      pv.set('RING', 150);
      if (stops) engine.stop();
      await outcome;
      expect(streams(sink.documents)['baseline']?.map((data) => data['RING'])).toEqual([200, 150]);
      const stop = sink.documents[sink.documents.length - 1];
      expect(stop).toMatchObject({ name: 'stop', doc: { num_events: { baseline: 2 } } });
    }
  });
  it('every update of a monitored device, none after the run', async () => {
    const { start, pv, sink, m1 } = bench({ seconds: 0.01 });
    const outcome = start(line(4), { extras: { baseline: [], monitors: ['RING'] } });
    for (const [index, value] of [190, 180].entries()) {
      await until(() => m1.moves.length === index + 2, 'a move');
      pv.set('RING', value);
    }
    await outcome;
    const before = sink.documents.length;
    pv.set('RING', 10);
    expect(streams(sink.documents)['RING_monitor']?.map((data) => data['RING'])).toEqual([200, 190, 180]);
    expect(sink.documents).toHaveLength(before);
  });
});

describe('suspenders', () => {
  const state = (value: number | string, more: object = {}) => ({ pv: 'P', connection: 'connected' as const, value, severity: 'NO_ALARM' as const, status: 'NO_ALARM' as const, timestamp: null, staleSince: null, ...more });
  it.each([
    [{ kind: 'floor', low: 50, resume: 80 }, 40, false, true], [{ kind: 'floor', low: 50, resume: 80 }, 60, false, false], [{ kind: 'floor', low: 50, resume: 80 }, 60, true, true], [{ kind: 'floor', low: 50, resume: 80 }, 80, true, false],
    [{ kind: 'ceiling', high: 5 }, 6, false, true], [{ kind: 'ceiling', high: 5, resume: 3 }, 4, true, true], [{ kind: 'ceiling', high: 5, resume: 3 }, 4, false, false],
    [{ low: 1, high: 2 }, 3, false, true], [{ kind: 'band', low: 1, high: 2 }, 1.5, false, false],
    [{ kind: 'boolean' }, 1, false, true], [{ kind: 'boolean' }, 0, false, false], [{ kind: 'boolean', holdsWhen: false }, 0, false, true],
    [{ kind: 'changed', expected: 3 }, 4, false, true], [{ kind: 'changed', expected: 3 }, 3, false, false], [{ kind: 'changed', expected: 'open' }, 1, false, false], [{ kind: 'changed' }, 1, false, false], [{ kind: 'changed' }, 0, false, true],
  ])('%o at %s, holding %s: %s', (suspender, value, holds, suspends) => {
    const checked = v.parse(profileSchema, { name: 'x', suspenders: [{ pv: 'P', ...suspender }] }).suspenders[0]!;
    expect(reasonToSuspend(checked, state(value, { states: ['closed', 'open'] }), { holds, first: 1 }) !== null).toBe(suspends);
  });
  it('refuse a floor without a low, and a resume on the wrong side', () => {
    for (const wrong of [{ kind: 'floor' }, { kind: 'ceiling', low: 1 }, { kind: 'floor', low: 5, resume: 4 }, { resume: 1 }]) {
      expect(v.safeParse(profileSchema, { name: 'x', suspenders: [{ pv: 'P', ...wrong }] }).success).toBe(false);
    }
  });
  it('run their plans before the rest and before going on, again after each dump', async () => {
    const shutter = (value: number) => ({ plan: 'set', args: { axes: [{ motor: 'SHUTTER', value }] } });
    const { engine, start, pv, m1, sink } = bench({ seconds: 0.01, profile: { suspenders: [{ pv: 'RING', kind: 'floor', low: 50, settle: 0, before: shutter(0), after: shutter(1) }] } });
    const outcome = start(line(12));
    for (const moves of [3, 7]) {
      await until(() => m1.moves.length >= moves, 'moves');
      pv.set('RING', 1);
      await until(() => pv.peek('SHUTTER')?.value === 0, 'the shutter closed');
      expect(engine.state).toBe('paused');
      pv.set('RING', 200);
      await until(() => engine.state !== 'paused', 'going on');
      expect(pv.peek('SHUTTER')?.value).toBe(1);
    }
    expect((await outcome).points).toBe(12);
    expect(places(sink.documents)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(pv.writes.filter((write) => write.pv === 'SHUTTER').map((write) => write.value)).toEqual([0, 1, 0, 1]);
  });
});

describe('plans of suspenders', () => {
  const shutter = (value: number) => ({ plan: 'set', args: { axes: [{ motor: 'SHUTTER', value }] } });
  const closes = { pv: 'RING', kind: 'floor', low: 50, settle: 0, before: shutter(0), after: shutter(1) };
  const written = (pv: MemoryPvs): unknown[] => pv.writes.filter((write) => write.pv === 'SHUTTER').map(({ value }) => value);

  it('are run where the scan rests already, and the one after also where the beam came back during the one before', async () => {
    const { engine, start, pv, m1 } = bench({ seconds: 0.01, profile: { suspenders: [closes] } });
    const outcome = start(line(8));
    await until(() => m1.moves.length >= 2, 'moves');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused by the user');
    pv.set('RING', 1);
    await until(() => written(pv).length === 1, 'the shutter closed');
    pv.set('RING', 200);
    await new Promise((resolve) => setTimeout(resolve, 20));
    // The user still holds it.
    expect([engine.state, written(pv)]).toEqual(['paused', [0]]);
    engine.resume();
    await until(() => engine.state === 'running', 'going on');
    expect(written(pv)).toEqual([0, 1]);
    const write = pv.write.bind(pv);
    pv.write = async (name, value, ...rest) => {
      if (name === 'SHUTTER' && value === 0) pv.set('RING', 200);
      return write(name, value, ...rest);
    };
    pv.set('RING', 1);
    await until(() => written(pv).length === 4, 'closed and opened');
    expect((await outcome).exitStatus).toBe('success');
    expect(written(pv)).toEqual([0, 1, 0, 1]);
  });

  it('wait for a device that is gone, instead of ending the scan', async () => {
    const { engine, start, pv, m1 } = bench({ seconds: 0.01, profile: { suspenders: [closes] } });
    const outcome = start(line(6));
    await until(() => m1.moves.length >= 2, 'moves');
    pv.set('RING', 1);
    await until(() => written(pv).length === 1, 'the shutter closed');
    pv.disconnect('SHUTTER');
    pv.set('RING', 200);
    await until(() => /SHUTTER is not connected.*goes on when it is back/.test(engine.status.activity), 'waiting for the shutter');
    pv.reconnect('SHUTTER');
    expect((await outcome).exitStatus).toBe('success');
    expect(written(pv)).toEqual([0, 1]);
  });

  it('after the rest are run of a suspender, too, that came and went while a device was waited for', async () => {
    const { engine, start, pv, m1 } = bench({ seconds: 0.01, profile: { suspenders: [closes, { pv: 'I0', kind: 'floor', low: 5, settle: 0, after: shutter(7) }] } });
    const outcome = start(line(6));
    await until(() => m1.moves.length >= 2, 'moves');
    pv.disconnect('SHUTTER');
    pv.set('RING', 1);
    await until(() => /SHUTTER is not connected/.test(engine.status.activity), 'waiting for the shutter');
    pv.set('I0', 1);
    await until(() => /I0 is 1/.test(engine.status.activity), 'held by both');
    pv.set('I0', 10);
    await until(() => !/I0 is 1/.test(engine.status.activity), 'held by one');
    pv.reconnect('SHUTTER');
    await until(() => written(pv).length === 1, 'the shutter closed');
    pv.set('RING', 200);
    expect((await outcome).exitStatus).toBe('success');
    expect(written(pv)).toEqual([0, 7, 1]);
  });

  it('that fail end the scan with their reason, and another can be started', async () => {
    const { engine, start, pv, m1, sink } = bench({ seconds: 0.01, profile: { suspenders: [closes] } });
    pv.add('SHUTTER', 1, { access: { read: true, write: false } });
    const outcome = start(line(6));
    await until(() => m1.moves.length >= 2, 'moves');
    pv.set('RING', 1);
    expect(await outcome).toMatchObject({ exitStatus: 'fail', error: { code: 'NO_WRITE_ACCESS', message: expect.stringContaining('SHUTTER can not be set') as string } });
    expect([engine.state, sink.runs[0]?.closed]).toEqual(['idle', true]);
    pv.set('RING', 200);
    expect((await start(line(2))).exitStatus).toBe('success');
  });

  it('are not run where the beam came back before the scan had come to rest: nothing closed, nothing opens later', async () => {
    const { engine, start, pv, m1 } = bench({ seconds: 0.05, profile: { suspenders: [closes] } });
    const write = pv.write.bind(pv);
    // A motor that takes its time to take the stop.
    pv.write = async (name, value, ...rest) => {
      if (name === 'M1.STOP') await new Promise((resolve) => setTimeout(resolve, 60));
      return write(name, value, ...rest);
    };
    const outcome = start(line(6));
    await until(() => m1.moves.length >= 2, 'moves');
    pv.set('RING', 1);
    await until(() => engine.state === 'pausing', 'pausing');
    pv.set('RING', 200);
    await until(() => engine.state === 'running', 'going on');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused by the user');
    engine.resume();
    expect((await outcome).exitStatus).toBe('success');
    expect(written(pv)).toEqual([]);
  });

  it('move what they move for good, or until the scan\'s own plan needs it elsewhere', async () => {
    const aside = { plan: 'move', args: { axes: [{ motor: 'M1', position: 50 }] } };
    const { start, pv, m1, sink } = bench({ seconds: 0.01, profile: { suspenders: [{ ...closes, after: undefined }, { pv: 'RING', kind: 'floor', low: 50, settle: 0, before: aside }] } });
    const outcome = start(line(5));
    await until(() => m1.moves.length >= 3, 'moves');
    pv.set('RING', 1);
    await until(() => m1.position() === 50, 'parked');
    // Somebody opens the shutter by hand: the scan does not close it again.
    pv.set('SHUTTER', 1);
    pv.set('RING', 200);
    expect((await outcome).exitStatus).toBe('success');
    expect([written(pv), pv.peek('SHUTTER')?.value]).toEqual([[0], 1]);
    expect(places(sink.documents)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a flight', () => {
  /** The detector tells a value whenever `tick` is called, the motor its place, both with the time in it. */
  function flying(options: { num?: number; speed?: number } = {}) {
    const own = bench({ seconds: 0.3 });
    const { pv, start } = own;
    const at = (time: number) => ({ seconds: 1_700_000_100 + Math.floor(time), nanoseconds: Math.round((time % 1) * 1e9) });
    const tell = (name: string, value: number, time: number): void => pv.reconnect(name, { value, timestamp: at(time) });
    const outcome = start({ plan: 'fly', args: { detectors: ['I0', 'RING'], axes: [{ motor: 'M1', start: 0, stop: 10 }], ...options } });
    return { ...own, tell, outcome };
  }
  it('gives each sample the position of its own time', async () => {
    const { tell, outcome, m1, sink, pv } = flying();
    await until(() => m1.moves.length === 2, 'flying');
    tell('M1.RBV', 1, 1);
    tell('I0', 100, 1.5);
    tell('I0', 101, 1.75);
    tell('RING', 190, 1.8);
    tell('M1.RBV', 3, 2);
    tell('I0', 102, 2.5);
    tell('M1.RBV', 5, 3);
    expect((await outcome).exitStatus).toBe('success');
    const [first, second, third] = streams(sink.documents)['primary'] ?? [];
    expect([first?.['M1'], second?.['M1'], third?.['M1']]).toEqual([expect.closeTo(2, 5), expect.closeTo(2.5, 5), expect.closeTo(4, 5)]);
    expect([first?.['I0'], second?.['I0'], third?.['I0']]).toEqual([100, 101, 102]);
    expect([second?.['RING'], third?.['RING']]).toEqual([200, 190]);
    expect(pv.writes.filter((write) => write.pv === 'M1.VELO')).toEqual([]);
  });
  it('at a speed of its own puts the motor\'s back, also after an abort; keeps one sample a place', async () => {
    const { tell, outcome, m1, engine, pv, sink } = flying({ speed: 4, num: 11 });
    await until(() => m1.moves.length === 2, 'flying');
    expect(pv.peek('M1.VELO')?.value).toBe(4);
    tell('M1.RBV', 0, 1);
    for (let index = 0; index < 8; index++) tell('I0', index, 1 + index / 10);
    tell('M1.RBV', 4, 2);
    await until(() => (streams(sink.documents)['primary'] ?? []).length > 0, 'points');
    // It is told in the run, so that it can be put back after a crash.
    expect(streams(sink.documents)['changed_settings']).toEqual([{ device: 'M1', setting: 'speed', before: 1, set: 4 }]);
    engine.abort('');
    await outcome;
    expect(pv.peek('M1.VELO')?.value).toBe(1);
    expect(places(sink.documents)).toEqual([0, 1.2, 2].map((place) => expect.closeTo(place, 4) as number));
    expect(m1.stops()).toBe(1);
  });
  it('takes no sample while it is paused, and flies on', async () => {
    const { tell, outcome, m1, engine, sink } = flying();
    await until(() => m1.moves.length === 2, 'flying');
    tell('M1.RBV', 1, 1);
    tell('I0', 1, 1.5);
    tell('M1.RBV', 2, 2);
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    tell('I0', 99, 2.1);
    engine.resume();
    await until(() => m1.moves.length === 3, 'flying on');
    tell('I0', 2, 3);
    expect((await outcome).exitStatus).toBe('success');
    expect(streams(sink.documents)['primary']?.map((data) => data['I0'])).toEqual([1, 2]);
    expect(m1.moves).toEqual([0, 10, 10]);
  });
});

describe('a ramp', () => {
  it('reads before, on the way and after, and goes on reading after a pause', async () => {
    const { start, sink, engine, m1 } = bench({ seconds: 0.25 });
    const outcome = start({ plan: 'ramp_plan', args: { detectors: ['I0'], axes: [{ motor: 'M1', stop: 5 }], period: 0.03, take_pre_data: true, monitor: 'M1' } });
    await until(() => (streams(sink.documents)['primary'] ?? []).length === 4, 'four points');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    const taken = (streams(sink.documents)['primary'] ?? []).length;
    engine.resume();
    expect((await outcome).exitStatus).toBe('success');
    const all = places(sink.documents);
    expect(all[0]).toBe(0);
    expect(all[all.length - 1]).toBe(5);
    expect(all.length).toBeGreaterThan(taken + 3);
    expect(m1.moves).toEqual([5, 5]);
    expect(streams(sink.documents)['M1_monitor']?.length).toBeGreaterThan(1);
  });
  it('that takes too long fails, its motor stopped', async () => {
    const { start, m1 } = bench({ seconds: 5 });
    expect(await start({ plan: 'ramp_plan', args: { detectors: ['I0'], axes: [{ motor: 'M1', stop: 5 }], period: 0, take_pre_data: false, timeout: 0.1 } })).toMatchObject({ exitStatus: 'fail', error: { code: 'NOT_ARRIVED' } });
    expect(m1.stops()).toBe(1);
  });
});
