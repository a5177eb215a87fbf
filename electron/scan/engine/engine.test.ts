import type { RunDocument } from '@shared/documents';
import type { Message, Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import { profileSchema, type Profile } from '@shared/profile';
import type { EngineState, EngineStatus } from '@shared/scan';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createDevices } from '../../devices';
import { MemoryPvs, type MemoryMotor } from '../../devices/memoryPvs';
import { pathOf, planOf } from '../plans/plans';
import { Engine, type Outcome } from './engine';
import { MemorySink } from './memorySink';
import { nextState, transitions, type EngineCommand } from './states';

interface Bench { pv: MemoryPvs; sink: MemorySink; engine: Engine; m1: MemoryMotor; m2: MemoryMotor; documents: RunDocument[]; statuses: EngineStatus[] }

function bench(options: { seconds?: number; hangs?: () => boolean; suspenders?: Profile['suspenders'] } = {}): Bench {
  const pv = new MemoryPvs();
  const m1 = pv.addMotor('M1', options);
  const m2 = pv.addMotor('M2', options);
  pv.add('I0', 10);
  pv.add('I1', 20);
  const sink = new MemorySink();
  const profile = v.parse(profileSchema, { name: 'test', ...(options.suspenders ? { suspenders: options.suspenders } : {}) });
  const engine = new Engine({
    devices: createDevices({ pv, profile: () => profile }), sink, watchPv: (name, listener) => pv.watch(name, listener), suspenders: () => profile.suspenders,
  });
  const documents: RunDocument[] = [];
  engine.onDocuments((group) => documents.push(...group));
  const statuses: EngineStatus[] = [];
  engine.onStatus((status) => statuses.push(status));
  return { pv, sink, engine, m1, m2, documents, statuses };
}

function startPlan(engine: Engine, plan: Plan, points: number | null = null): Promise<Outcome> {
  return engine.start({ plan, planName: 'test', title: 'test', points, user: 'tester', metadata: {} }).outcome;
}
function start(engine: Engine, request: PlanRequest): Promise<Outcome> {
  return engine.start({ plan: planOf(request), planName: request.plan, title: request.plan, points: pathOf(request).points, user: 'tester', metadata: { sample: 'iron' } }).outcome;
}
const line = (num: number): PlanRequest => ({ plan: 'scan', args: { detectors: ['I0', 'I1'], num, axes: [{ motor: 'M1', start: 0, stop: num - 1 }] } });
const names = (documents: readonly RunDocument[]): string[] => documents.map((document) => document.name);
const events = (documents: readonly RunDocument[]) => documents.flatMap((document) => document.name === 'event' ? [document.doc] : []);
const stopOf = (documents: readonly RunDocument[]) => documents.flatMap((document) => document.name === 'stop' ? [document.doc] : [])[0];

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 8000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
const isPaused = (engine: Engine): boolean => engine.state === 'paused';
const stateIs = (engine: Engine, state: EngineState) => until(() => engine.state === state, state);

describe('the table of states', () => {
  it('lets every state end, and start only from idle', () => {
    const states = Object.keys(transitions) as EngineState[];
    for (const state of states) {
      const reached = new Set<EngineState>([state]);
      for (const known of reached) for (const next of Object.values(transitions[known])) reached.add(next);
      expect(reached.has('idle')).toBe(true);
      if (state !== 'idle') {
        expect(() => nextState(state, 'start')).toThrow(/running already/);
        expect(nextState(state, 'abort')).toBe('aborting');
      }
    }
    for (const command of ['pause', 'resume', 'stop', 'abort'] as EngineCommand[]) expect(() => nextState('idle', command)).toThrow(/Nothing was/);
  });
});

describe('a scan', () => {
  it('makes event-model documents', async () => {
    const { engine, documents, sink } = bench();
    const outcome = await start(engine, line(3));
    expect(outcome).toMatchObject({ exitStatus: 'success', points: 3, error: null });
    expect(names(documents)).toEqual(['start', 'descriptor', 'event', 'event', 'event', 'stop']);
    const [first, second] = documents;
    expect(first?.doc).toMatchObject({
      uid: outcome.uid, scan_id: 1, plan_name: 'scan', detectors: ['I0', 'I1'], motors: ['M1'], num_points: 3, num_intervals: 2, sample: 'iron', user: 'tester',
      hints: { dimensions: [[['M1'], 'primary']] },
    });
    expect(second?.doc).toMatchObject({ run_start: outcome.uid, name: 'primary', object_keys: { I0: ['I0'], M1: ['M1', 'M1_setpoint'] }, hints: { I0: { fields: ['I0'] } } });
    expect(events(documents).map((event) => [event.seq_num, event.data['M1'], event.data['I0']])).toEqual([[1, 0, 10], [2, 1, 10], [3, 2, 10]]);
    for (const event of events(documents)) {
      expect(event.descriptor).toBe(second && 'uid' in second.doc && second.doc.uid);
      expect(Object.keys(event.timestamps)).toEqual(Object.keys(event.data));
    }
    expect(stopOf(documents)).toMatchObject({ run_start: outcome.uid, exit_status: 'success', num_events: { primary: 3 } });
    expect(sink.runs[0]?.closed).toBe(true);
    expect(engine.state).toBe('idle');
  });
  it('snakes over a grid and moves only what changes', async () => {
    const { engine, documents, m1, m2 } = bench();
    await start(engine, { plan: 'grid_scan', args: { detectors: ['I0'], snake: true, axes: [{ motor: 'M1', start: 0, stop: 1, num: 2 }, { motor: 'M2', start: 0, stop: 2, num: 3 }] } });
    expect(events(documents).map((event) => [event.data['M1'], event.data['M2']])).toEqual([[0, 0], [0, 1], [0, 2], [1, 2], [1, 1], [1, 0]]);
    expect([m1.moves, m2.moves]).toEqual([[0, 1], [0, 1, 2, 1, 0]]);
  });
  it('moves motors in parallel', async () => {
    const { engine, pv, m1 } = bench({ seconds: 0.05 });
    let bothMoving = false;
    pv.watch('M2.DMOV', (state) => { if (state.value === 0 && pv.peek('M1.DMOV')?.value === 0) bothMoving = true; });
    await start(engine, { plan: 'move', args: { axes: [{ motor: 'M1', position: 1 }, { motor: 'M2', position: 2 }] } });
    expect(bothMoving).toBe(true);
    expect(m1.position()).toBe(1);
  });
  it('of a plan without a run records nothing', async () => {
    const { engine, sink } = bench();
    const outcome = await start(engine, { plan: 'move', args: { axes: [{ motor: 'M1', position: 1 }] } });
    expect(outcome).toMatchObject({ exitStatus: 'success', journal: null });
    expect(sink.runs).toEqual([]);
  });
  it('refuses a second start, and commands that make no sense', async () => {
    const { engine } = bench();
    const outcome = start(engine, line(2));
    expect(() => start(engine, line(2))).toThrow(/running already/);
    expect(() => engine.resume()).toThrow(/no scan is paused/);
    await outcome;
    expect(() => engine.stop()).toThrow(/Nothing was stopped/);
  });
  it('tells of no point before it is on disk', async () => {
    const { engine, sink, documents } = bench();
    const outcome = start(engine, line(5));
    await until(() => events(documents).length > 0, 'a first point');
    expect(documents).toEqual(sink.documents.slice(0, documents.length));
    await outcome;
    expect(documents).toEqual(sink.documents);
  });
});

describe('pause and resume', () => {
  it('now: stops the motor, and takes the interrupted point again, each point once', async () => {
    const { engine, documents, m1 } = bench({ seconds: 0.03 });
    const outcome = start(engine, line(6));
    await until(() => events(documents).length === 2, 'two points');
    await until(() => m1.moves.length === 4, 'moving to the fourth');
    engine.pause('now');
    await stateIs(engine, 'paused');
    expect(m1.stops()).toBeGreaterThanOrEqual(1);
    const before = m1.moves.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(m1.moves.length).toBe(before);
    engine.resume();
    expect((await outcome).exitStatus).toBe('success');
    expect(events(documents).map((event) => [event.seq_num, event.data['M1']])).toEqual([1, 2, 3, 4, 5, 6].map((number) => [number, number - 1]));
  });
  it('at a checkpoint: finishes the point first', async () => {
    const { engine, documents, m1 } = bench({ seconds: 0.03 });
    const outcome = start(engine, line(5));
    await until(() => m1.moves.length === 2, 'the second move');
    engine.pause('checkpoint');
    expect(engine.state).toBe('pausing');
    await stateIs(engine, 'paused');
    expect(m1.stops()).toBe(0);
    await until(() => events(documents).length >= 2, 'the point');
    expect(events(documents)).toHaveLength(2);
    engine.resume();
    await outcome;
    expect(events(documents).map((event) => event.data['M1'])).toEqual([0, 1, 2, 3, 4]);
    expect(m1.moves).toEqual([0, 1, 2, 3, 4]);
  });
  it('at a checkpoint can be taken back', async () => {
    const { engine, m1 } = bench({ seconds: 0.02 });
    const outcome = start(engine, line(3));
    await until(() => m1.moves.length === 2, 'the second move');
    engine.pause('checkpoint');
    engine.resume();
    expect(engine.state).toBe('running');
    expect((await outcome).points).toBe(3);
  });
  it('again and again, at random moments, loses and doubles nothing', async () => {
    const { engine, documents } = bench({ seconds: 0.004 });
    let seed = 12345;
    const random = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed / 2147483648;
    };
    const outcome = start(engine, line(40));
    for (let round = 0; round < 30 && engine.state !== 'idle'; round++) {
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      if (engine.state !== 'running') continue;
      engine.pause(random() < 0.7 ? 'now' : 'checkpoint');
      await until(() => engine.state === 'idle' || isPaused(engine), 'paused or ended');
      if (isPaused(engine)) engine.resume();
    }
    await outcome;
    expect(events(documents).map((event) => [event.seq_num, event.data['M1']])).toEqual(Array.from({ length: 40 }, (_, index) => [index + 1, index]));
  });
  it('brings a motor back that somebody moved meanwhile', async () => {
    const { engine, documents, pv, m1 } = bench();
    let reads = 0;
    const plan = function* (): Generator<Message, void, never> {
      yield { command: 'set', device: 'M1', value: 5, group: 'a' };
      yield { command: 'wait', group: 'a' };
      yield { command: 'open_run', plan: 'test', args: {}, detectors: ['I0'], motors: ['M1'], dimensions: [['M1']] };
      for (; reads < 3; reads++) {
        yield { command: 'checkpoint' };
        if (reads === 1) yield { command: 'pause', reason: 'Look at the sample.' };
        yield { command: 'create', stream: 'primary' };
        yield { command: 'read', device: 'M1' };
        yield { command: 'save' };
      }
      yield { command: 'close_run' };
    };
    const outcome = startPlan(engine, plan());
    await stateIs(engine, 'paused');
    expect(engine.status.activity).toBe('Look at the sample.');
    await pv.write('M1.VAL', 77, { source: 'panel', user: 'else' }, { wait: true });
    engine.resume();
    await outcome;
    expect(events(documents).map((event) => event.data['M1'])).toEqual([5, 5, 5]);
    expect(m1.moves).toEqual([5, 77, 5]);
  });
});

describe('the end', () => {
  it('stop keeps what was taken, as a success', async () => {
    const { engine, documents } = bench({ seconds: 0.01 });
    const outcome = start(engine, line(1000));
    await until(() => events(documents).length === 3, 'three points');
    engine.stop();
    const { exitStatus, points, error } = await outcome;
    expect([exitStatus, error]).toEqual(['success', null]);
    expect(stopOf(documents)).toMatchObject({ exit_status: 'success', reason: 'Stopped by the user.', num_events: { primary: points } });
  });
  it('stop and abort work while paused', async () => {
    for (const command of ['stop', 'abort'] as const) {
      const { engine, documents } = bench({ seconds: 0.01 });
      const outcome = start(engine, line(100));
      await until(() => events(documents).length > 0, 'a point');
      engine.pause('now');
      await stateIs(engine, 'paused');
      if (command === 'stop') engine.stop();
      else engine.abort('because');
      expect((await outcome).exitStatus).toBe(command === 'stop' ? 'success' : 'abort');
      expect(engine.state).toBe('idle');
    }
  });
  it('abort ends a hung motor, a hung detector and a hung plan: motors stopped, file closed, 100 of 100', async () => {
    for (let round = 0; round < 100; round++) {
      const kind = round % 4;
      let hang = false;
      const { engine, pv, sink, m1 } = bench({ seconds: 0.001, hangs: () => kind === 0 && hang });
      if (kind === 1) pv.add('I1', 0);
      const hungRead = pv.read.bind(pv);
      pv.read = (name: string) => kind === 1 && hang && name === 'I1' ? new Promise(() => undefined) : hungRead(name);
      const plan: Plan = kind < 2 ? planOf(line(50)) : (async function* (): AsyncGenerator<Message, void, never> {
        yield { command: 'open_run', plan: 'test', args: {}, detectors: [], motors: [], dimensions: [] };
        yield { command: 'set', device: 'M1', value: 1, group: 'a' };
        yield { command: 'wait', group: 'a' };
        if (kind === 2) await new Promise(() => undefined);
        yield { command: 'sleep', seconds: 1e6 };
      })();
      const outcome = startPlan(engine, plan);
      await until(() => m1.moves.length >= 1 + (kind < 2 ? round % 3 : 0), 'moving');
      hang = true;
      await new Promise((resolve) => setTimeout(resolve, 4));
      engine.abort('hung');
      const limit = new Promise<null>((resolve) => setTimeout(() => resolve(null), 1000));
      const ended = await Promise.race([outcome, limit]);
      expect(ended).toMatchObject({ exitStatus: 'abort', error: { code: 'ABORTED', message: 'hung' } });
      expect(m1.stops()).toBeGreaterThanOrEqual(1);
      expect(sink.runs.every((run) => run.closed)).toBe(true);
      expect(stopOf(sink.documents)?.exit_status).toBe('abort');
    }
  }, 60_000);
  it('a failure ends the run with its reason, motors stopped', async () => {
    const { engine, documents, m2 } = bench({ seconds: 0.2 });
    const outcome = await start(engine, { plan: 'scan', args: { detectors: ['I0'], num: 2, axes: [{ motor: 'M1', start: 0, stop: 500 }, { motor: 'M2', start: 0, stop: 1 }] } });
    expect(outcome).toMatchObject({ exitStatus: 'fail', error: { code: 'OUT_OF_LIMITS' } });
    expect(stopOf(documents)?.exit_status).toBe('fail');
    expect(stopOf(documents)?.reason).toContain('500 mm is above its high limit');
    expect(m2.stops()).toBe(1);
    expect(engine.status.error?.code).toBe('OUT_OF_LIMITS');
  });
  it('a plan that throws is a failure, one that catches goes on', async () => {
    const first = bench();
    const throwing = function* (): Generator<Message, void, never> {
      yield { command: 'checkpoint' };
      throw new Error('bad plan');
    };
    expect(await startPlan(first.engine, throwing())).toMatchObject({ exitStatus: 'fail', error: { message: 'bad plan' } });
    const second = bench();
    const catching = function* (): Generator<Message, void, never> {
      try {
        yield { command: 'set', device: 'M1', value: 1e6, group: 'a' };
        yield { command: 'wait', group: 'a' };
      } catch {
        yield { command: 'set', device: 'M1', value: 3, group: 'a' };
        yield { command: 'wait', group: 'a' };
      }
    };
    expect((await startPlan(second.engine, catching())).exitStatus).toBe('success');
    expect(second.m1.moves).toEqual([3]);
  });
  it('STOP stops all motors, also of a wedged engine, and says which', async () => {
    const { engine, m1, m2 } = bench({ hangs: () => true });
    const outcome = start(engine, { plan: 'move', args: { axes: [{ motor: 'M1', position: 1 }, { motor: 'M2', position: 1 }] } });
    await until(() => m1.moves.length > 0 && m2.moves.length > 0, 'moving');
    const { stopped, failed } = await engine.stopAll('tester');
    expect([[...stopped].sort(), failed]).toEqual([['M1', 'M2'], []]);
    expect((await outcome).exitStatus).toBe('abort');
  });
});

describe('what holds a scan', () => {
  it('a disconnected PV pauses it with a message, and it goes on when it is back', async () => {
    const { engine, documents, pv } = bench({ seconds: 0.01 });
    const outcome = start(engine, line(8));
    await until(() => events(documents).length === 2, 'two points');
    pv.disconnect('I1');
    await stateIs(engine, 'paused');
    expect(engine.status.activity).toContain('I1 is not connected');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(engine.state).toBe('paused');
    pv.reconnect('I1');
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 8 });
    expect(events(documents).map((event) => event.data['M1'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
  it('a motor that goes away during its move, too', async () => {
    const { engine, documents, pv, m1 } = bench({ seconds: 0.02 });
    const outcome = start(engine, line(5));
    await until(() => m1.moves.length === 3, 'the third move');
    pv.disconnect('M1.VAL');
    await stateIs(engine, 'paused');
    pv.reconnect('M1.VAL');
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 5 });
    expect(events(documents).map((event) => event.data['M1'])).toEqual([0, 1, 2, 3, 4]);
  });
  it('a suspender pauses it before the first point and during a dump, and lets it go on by itself', async () => {
    const { engine, documents, pv } = bench({ seconds: 0.01, suspenders: [{ pv: 'RING', low: 50, settle: 0.03 }] });
    pv.add('RING', 1, { units: 'mA' });
    const outcome = start(engine, line(8));
    await stateIs(engine, 'paused');
    expect(engine.status.activity).toBe('Waiting: RING is 1 mA, below 50 mA.');
    expect(() => engine.resume()).not.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(engine.state).toBe('paused');
    pv.set('RING', 200);
    await until(() => events(documents).length === 3, 'three points');
    pv.set('RING', 0);
    await stateIs(engine, 'paused');
    pv.set('RING', 200);
    pv.set('RING', 10);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(engine.state).toBe('paused');
    pv.set('RING', 200);
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 8 });
    expect(events(documents).map((event) => event.data['M1'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
  it('a suspender does not trust the value of before its PV was gone', async () => {
    const { engine, pv } = bench({ seconds: 0.01, suspenders: [{ pv: 'RING', low: 50, settle: 0 }] });
    pv.add('RING', 200, { units: 'mA' });
    const outcome = start(engine, line(8));
    await stateIs(engine, 'running');
    pv.disconnect('RING');
    await stateIs(engine, 'paused');
    pv.reconnect('RING', { staleSince: 1 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(engine.state).toBe('paused');
    pv.reconnect('RING');
    expect((await outcome).points).toBe(8);
  });
  it('a full disk pauses it, nothing is told that is not on disk, and it goes on when there is room', async () => {
    const { engine, documents, sink } = bench({ seconds: 0.01 });
    const outcome = start(engine, line(8));
    await until(() => events(documents).length === 3, 'three points');
    sink.full = true;
    await stateIs(engine, 'paused');
    expect(engine.status.activity).toContain('The disk is full.');
    const told = events(documents).length;
    engine.resume();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await stateIs(engine, 'paused');
    expect(events(documents)).toHaveLength(told);
    sink.full = false;
    engine.resume();
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 8 });
    expect(events(documents).map((event) => event.data['M1'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
  it('an abort while the disk is full ends it and says what was not written', async () => {
    const { engine, documents, sink } = bench({ seconds: 0.01 });
    const outcome = start(engine, line(50));
    await until(() => events(documents).length === 2, 'two points');
    sink.full = true;
    await stateIs(engine, 'paused');
    engine.abort('');
    const { exitStatus, error } = await outcome;
    expect(exitStatus).toBe('abort');
    expect(error?.message).toContain('could not be written to disk');
  });
});

describe('the status', () => {
  it('says what a count does, not that it starts', async () => {
    const { engine, statuses } = bench();
    await start(engine, { plan: 'count', args: { detectors: ['I0'], num: 4, delay: 0.15 } });
    const during = statuses.filter(({ points, state }) => points > 0 && state === 'running').map(({ activity }) => activity);
    expect(during.length).toBeGreaterThan(0);
    expect(new Set(during)).toEqual(new Set(['reading I0']));
  });
  it('says that points are taken where nothing moves and nothing counts', async () => {
    const { engine, statuses } = bench();
    await start(engine, { plan: 'count', args: { detectors: ['M1'], num: 4, delay: 0.15 } });
    expect(new Set(statuses.filter(({ points, state }) => points > 0 && state === 'running').map(({ activity }) => activity))).toEqual(new Set(['taking points']));
  });
  it('tells points, of how many, and when it will be done; at most ten times a second', async () => {
    const { engine, statuses } = bench({ seconds: 0.01 });
    await start(engine, line(30));
    const running = statuses.filter((status) => status.points > 3 && status.points < 30);
    expect(running.length).toBeGreaterThan(0);
    for (const status of running) {
      expect(status.of).toBe(30);
      expect(status.eta).toBeGreaterThan(0);
      expect(status.run).toMatchObject({ plan: 'scan', scanId: 1 });
    }
    expect(statuses.length).toBeLessThan(30);
  });
});
