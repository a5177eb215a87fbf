import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import { checkPlan, type PlanRequest } from '@shared/plans';
import type { QueueState } from '@shared/queue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../engine/engine';
import { loadQueue, saveQueue } from './queueFile';
import { ScanQueue } from './scanQueue';

const count = (num: number): PlanRequest => {
  const checked = checkPlan('count', { detectors: ['SIM:I1'], num });
  if (!checked.ok) throw new Error('not a plan');
  return checked.request;
};

/** An engine by hand: each started plan waits until the test ends it. */
class Runner {
  readonly changed = new Emitter<void>();
  readonly started: PlanRequest[] = [];
  idle = true;
  refuse: EndstationError | null = null;
  #end: (outcome: Outcome) => void = () => undefined;

  onChange(listener: () => void) { return this.changed.on(listener); }
  titleOf(request: PlanRequest): string { return `${request.plan} ${this.numOf(request)}`; }
  start(request: PlanRequest): Promise<{ uid: string; outcome: Promise<Outcome> }> {
    if (this.refuse) return Promise.reject(this.refuse);
    this.idle = false;
    this.started.push(request);
    return Promise.resolve({ uid: `run-${this.started.length}`, outcome: new Promise((resolve) => { this.#end = resolve; }) });
  }
  end(exitStatus: Outcome['exitStatus'] = 'success', reason = ''): void {
    this.idle = true;
    const error = exitStatus === 'success' ? null : { code: 'X', message: reason };
    this.#end({ uid: `run-${this.started.length}`, exitStatus, reason, points: 3, seconds: 1, journal: '/j', derived: Promise.resolve({ nexus: null }), error });
    this.changed.emit();
  }
  numOf(request: PlanRequest): number { return 'num' in request.args && typeof request.args.num === 'number' ? request.args.num : 0; }
  get nums(): number[] { return this.started.map((request) => this.numOf(request)); }
}

let file: string;
let runner: Runner;
let queue: ScanQueue;
let state: QueueState;

async function open(): Promise<void> {
  runner = new Runner();
  queue = new ScanQueue({ runner, loaded: loadQueue(file).then((loaded) => loaded.state), save: (next) => saveQueue(file, next) });
  await new Promise<void>((resolve) => { queue.onState((next) => { state = next; resolve(); }); });
}
const waiting = () => state.items.map((item) => runner.numOf(item.request));
const fill = async (...nums: number[]) => { for (const num of nums) await queue.add(count(num), {}, 'ada'); };
const runs = (nums: number[]) => vi.waitFor(() => { expect(runner.nums).toEqual(nums); expect(state.running).not.toBeNull(); });
const rests = () => vi.waitFor(() => { expect(state.running).toBeNull(); expect(state.state).toBe('idle'); });

beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), 'queue-')), 'queue.json');
  await open();
});

describe('the queue', () => {
  it('adds, moves, edits, duplicates and removes, and every change is on the disk when it is answered', async () => {
    await fill(1, 2, 3);
    const [first, second] = state.items;
    await queue.move(first?.id ?? '', 2);
    expect(waiting()).toEqual([2, 3, 1]);
    await queue.duplicate(second?.id ?? '', 'bob');
    expect(waiting()).toEqual([2, 2, 3, 1]);
    await queue.edit(second?.id ?? '', count(9));
    await queue.remove([first?.id ?? '']);
    await queue.add(count(7), { sample: 'Fe' }, 'ada', 1);
    expect(waiting()).toEqual([9, 7, 2, 3]);
    expect((await loadQueue(file)).state.items).toEqual(state.items);
    expect(state.items[1]).toMatchObject({ metadata: { sample: 'Fe' }, addedBy: 'ada', title: 'count 7' });
  });

  it('runs its plans one after the other and comes to rest', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    expect(waiting()).toEqual([2]);
    runner.end();
    await runs([1, 2]);
    runner.end();
    await rests();
    expect(state.history.map((ended) => [ended.title, ended.result, ended.uid])).toEqual([['count 2', 'success', 'run-2'], ['count 1', 'success', 'run-1']]);
  });

  it.each([['fail', 'The motor stalled.'], ['abort', 'STOP was pressed.']] as const)('rests after %s, and keeps the plan at the front with the reason', async (status, reason) => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    runner.end(status, reason);
    await rests();
    expect(waiting()).toEqual([1, 2]);
    expect(state.items[0]?.trouble).toBe(reason);
    expect(state.halted).toContain(reason);
  });

  it('rests after Stop, whose points are kept, and does not repeat that plan', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    runner.end('success', 'Stopped by the user.');
    await rests();
    expect(waiting()).toEqual([2]);
    expect(state.history[0]?.result).toBe('stopped');
  });

  it('does not start what the preflight refuses', async () => {
    await fill(1, 2);
    runner.refuse = new EndstationError('PREFLIGHT', 'SIM:M1 can\'t go to 99 mm.');
    await queue.start();
    await vi.waitFor(() => expect(state.halted).toContain('can\'t go to 99 mm'));
    expect(waiting()).toEqual([1, 2]);
    expect(state.history[0]?.result).toBe('refused');
  });

  it('waits where somebody else\'s scan came first', async () => {
    await fill(1);
    runner.refuse = new EndstationError('BUSY', 'A scan is running already.');
    runner.idle = true;
    await queue.start();
    await vi.waitFor(() => expect(state.items).toHaveLength(1));
    runner.refuse = null;
    runner.changed.emit();
    await runs([1]);
  });

  it('runs one now between two of the queue, which stays as it is', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    await queue.runNow({ request: count(50), metadata: {} }, 'ada');
    runner.end();
    await runs([1, 50]);
    expect(waiting()).toEqual([2]);
    runner.end('fail', 'no beam');
    await runs([1, 50, 2]);
    expect(state.state).toBe('running');
  });

  it('runs one now while the queue rests, and rests afterwards', async () => {
    await fill(1, 2);
    await queue.runNow({ id: state.items[1]?.id ?? '' }, 'ada');
    await runs([2]);
    runner.end();
    await rests();
    expect(waiting()).toEqual([1]);
    expect(runner.nums).toEqual([2]);
  });

  it('STOP in one that was run now lets the queue rest too', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    await queue.runNow({ request: count(50), metadata: {} }, 'ada');
    runner.end();
    await runs([1, 50]);
    runner.end('abort', 'STOP was pressed.');
    await rests();
    expect(waiting()).toEqual([2]);
  });

  it('ends after the plan that runs when asked to', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    await queue.finish();
    runner.end();
    await rests();
    expect(waiting()).toEqual([2]);
    expect(state.halted).toBeNull();
  });

  it('loops until told otherwise', async () => {
    await fill(1, 2);
    await queue.loop(true);
    await queue.start();
    for (const nums of [[1], [1, 2], [1, 2, 1]]) {
      await runs(nums);
      if (nums.length < 3) runner.end();
    }
    await queue.loop(false);
    runner.end();
    await runs([1, 2, 1, 2]);
    runner.end();
    await rests();
    expect(waiting()).toEqual([]);
  });

  it('refuses changes while locked, and can be ended all the same', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    await queue.lock('ada', 'alignment');
    await expect(queue.add(count(3), {}, 'bob')).rejects.toMatchObject({ code: 'QUEUE_LOCKED', message: expect.stringContaining('ada: alignment') as string });
    await queue.finish();
    runner.end();
    await rests();
    await queue.unlock();
    await fill(3);
    expect(waiting()).toEqual([2, 3]);
  });

  it('after a restart rests, with what ran at the front and the reason', async () => {
    await fill(1, 2);
    await queue.start();
    await runs([1]);
    queue.dispose();
    await open();
    expect(waiting()).toEqual([1, 2]);
    expect(state).toMatchObject({ state: 'idle', running: null });
    expect(state.halted).toContain('started anew');
    expect(state.items[0]?.trouble).toContain('interrupted');
    expect(runner.nums).toEqual([]);
  });

  it('changes nothing where it can not be saved', async () => {
    const broken = new ScanQueue({ runner, loaded: Promise.resolve(state), save: () => Promise.reject(new Error('disk full')) });
    let seen = state;
    broken.onState((next) => { seen = next; });
    await expect(broken.add(count(1), {}, 'ada')).rejects.toMatchObject({ code: 'QUEUE_NOT_SAVED' });
    expect(seen.items).toEqual([]);
  });

  it('puts a damaged file aside and says so', async () => {
    writeFileSync(file, '{"version":1,"items":[{');
    const { state: loaded, problem } = await loadQueue(file);
    expect(loaded.items).toEqual([]);
    expect(problem).toContain('damaged');
    const aside = readdirSync(join(file, '..')).find((name) => name.includes('damaged')) ?? '';
    expect(readFileSync(join(file, '..', aside), 'utf8')).toContain('"items":[{');
  });
});
