// Whatever hangs, an abort ends the scan in less than a second: motors told to stop, the run's file closed. In the time of a clock by hand,
// so that a slow machine does not decide.
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, MessageResult, Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import { profileSchema, type Profile } from '@shared/profile';
import * as v from 'valibot';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { diskFiles, type FileLayer, type JournalHandle } from '../../data/journal/fileLayer';
import { createRunStore } from '../../data/runStore';
import { createDevices } from '../../devices';
import { MemoryPvs, type MemoryMotor } from '../../devices/memoryPvs';
import { planOf } from '../plans/plans';
import { scriptPlan } from '../scripts/scriptPlan';
import { Engine, type Outcome } from './engine';
import { MemorySink } from './memorySink';
import type { RunSink } from './runSink';

let workers = '';
beforeAll(async () => {
  workers = await mkdtemp(join(tmpdir(), 'endstation-abort-'));
  await build({
    configFile: false, logLevel: 'error', resolve: { alias: { '@shared': join(__dirname, '../../../shared') } }, ssr: { noExternal: true, target: 'node' },
    build: { ssr: join(__dirname, '../scripts/scriptWorker.ts'), outDir: workers, emptyOutDir: false, target: 'node16', minify: false, rollupOptions: { output: { format: 'cjs', entryFileNames: 'scriptWorker.cjs' } } },
  });
});
afterAll(() => rm(workers, { recursive: true }));
beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] }); });
afterEach(() => { vi.useRealTimers(); });

const never = new Promise<never>(() => undefined);
/** Of the real clock. */
const realTimeout = setTimeout;
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

interface Hang {
  readonly pv: MemoryPvs;
  readonly m1: MemoryMotor;
  readonly memory: MemorySink;
  /** True from when it is to hang. */
  hangs: boolean;
  sink: RunSink;
  profile: Profile;
  plan: Plan;
  /** Where the scan is to be aborted. */
  ready: (engine: Engine) => boolean;
  /** After the end: what the abort left. */
  closed: () => boolean;
  /** Motors that can't be told to stop. */
  deaf: boolean;
}

const line = (num = 50, detectors = ['DET']): PlanRequest => ({ plan: 'scan', args: { detectors, num, axes: [{ motor: 'M1', start: 1, stop: num }] } });
const open: Message = { command: 'open_run', plan: 'test', args: {}, detectors: [], motors: ['M1'], dimensions: [] };
const moved: readonly Message[] = [{ command: 'set', device: 'M1', value: 1, group: 'a' }, { command: 'wait', group: 'a' }];

function hang(): Hang {
  const pv = new MemoryPvs();
  const own: { current: Hang | null } = { current: null };
  const m1 = pv.addMotor('M1', { seconds: 0.01, hangs: () => own.current?.hangs ?? false });
  pv.addMotor('M2', { seconds: 0.01 });
  pv.add('DET', 1);
  pv.add('RING', 200);
  pv.add('SHUTTER', 1);
  const memory = new MemorySink();
  const made: Hang = {
    pv, m1, memory, hangs: false, sink: memory, profile: v.parse(profileSchema, { name: 'test' }), plan: planOf(line()), ready: () => m1.moves.length >= 2,
    closed: () => memory.runs.every((run) => run.closed), deaf: false,
  };
  own.current = made;
  return made;
}

const folders: string[] = [];
afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

/** A real run on the disk, whose `which` takes as long as `wait`. */
function onDisk(own: Hang, which: keyof JournalHandle, wait: () => Promise<unknown>): void {
  const folder = mkdtempSync(join(tmpdir(), 'abort-'));
  folders.push(folder);
  let left = 0;
  const slow = (handle: JournalHandle): JournalHandle => {
    left += 1;
    const plain: JournalHandle = { ...handle, close: async () => { await handle.close(); left -= 1; } };
    const hanging = async (...args: unknown[]): Promise<unknown> => {
      if (own.hangs) await wait();
      return (plain[which] as (...args: unknown[]) => Promise<unknown>)(...args);
    };
    return { ...plain, [which]: hanging };
  };
  const files: FileLayer = { ...diskFiles, create: async (path) => slow(await diskFiles.create(path)) };
  own.sink = createRunStore({ folder: () => folder, version: '1', files, makeNexus: () => Promise.resolve() });
  own.closed = () => left === 0;
}

const kinds: Readonly<Record<string, (own: Hang) => void>> = {
  'a motor that never arrives': () => undefined,
  'a put that is never answered, the stop neither': (own) => {
    own.deaf = true;
    const write = own.pv.write.bind(own.pv);
    own.pv.write = (...args) => own.hangs ? never : write(...args);
  },
  'a detector that is never read': (own) => {
    const read = own.pv.read.bind(own.pv);
    own.pv.read = (name) => own.hangs && name === 'DET' ? never : read(name);
  },
  'a detector that never counts to its end': (own) => {
    own.pv.add('SC.RTYP', 'scaler');
    for (const [field, value] of Object.entries({ '': 0, '.T': 0, '.TP': 1, '.NCH': 1, '.NM1': 'I0', '.S1': 0 })) own.pv.add(`SC${field}`, value);
    own.pv.add('SC.CNT', 0, {}, () => own.hangs ? never : undefined);
    own.plan = planOf(line(50, ['SC']));
  },
  'a plan that gives nothing more': (own) => {
    own.plan = (async function* (): AsyncGenerator<Message, void, MessageResult> {
      yield open;
      yield* moved;
      await never;
    })();
    own.ready = () => own.m1.moves.length >= 1;
  },
  'a plan that hangs at a checkpoint where it is to pause': (own) => {
    own.plan = (async function* (): AsyncGenerator<Message, void, MessageResult> {
      yield open;
      yield* moved;
      yield { command: 'checkpoint' };
      await never;
    })();
    own.ready = (engine) => {
      if (own.m1.moves.length < 1) return false;
      if (engine.state === 'running') engine.pause('checkpoint');
      return true;
    };
  },
  'a plan whose own end hangs': (own) => {
    own.plan = (async function* (): AsyncGenerator<Message, void, MessageResult> {
      try {
        yield open;
        yield* moved;
        yield { command: 'sleep', seconds: 1e6 };
      } finally {
        await never;
      }
    })();
    own.ready = () => own.m1.moves.length >= 1;
  },
  'a setting that is never put back, after the plan': (own) => {
    own.plan = (function* (): Generator<Message, void, MessageResult> {
      yield { command: 'configure', device: 'M1', speed: 4 };
      yield open;
      yield* moved;
      yield { command: 'close_run' };
    })();
    let asked = false;
    const write = own.pv.write.bind(own.pv);
    own.pv.write = (name, value, ...rest) => {
      if (name !== 'M1.VELO' || value === 4) return write(name, value, ...rest);
      asked = true;
      return never;
    };
    own.ready = () => asked;
  },
  'a wait without an end': (own) => {
    own.plan = (function* (): Generator<Message, void, MessageResult> {
      yield open;
      yield* moved;
      yield { command: 'sleep', seconds: 1e6 };
    })();
    own.ready = () => own.m1.moves.length >= 1;
  },
  'a script in while (true)': (own) => {
    const source = 'export default function* () { yield* move("M1", 1); yield* run({ name: "mine", detectors: "DET" }, function* () { yield* triggerAndRead("DET"); while (true) {} }); }';
    own.plan = scriptPlan({ workers, source, name: 'mine.ts', print: () => undefined, planOf });
    own.ready = () => own.memory.documents.some(({ name }) => name === 'event');
  },
  'a suspender that waits': (own) => {
    own.profile = v.parse(profileSchema, { name: 'test', suspenders: [{ pv: 'RING', low: 50, settle: 0 }] });
    own.ready = (engine) => {
      if (own.m1.moves.length === 2) own.pv.set('RING', 0);
      return engine.state === 'paused';
    };
  },
  'a suspender whose plan before the rest hangs': (own) => {
    const set = { plan: 'set', args: { axes: [{ motor: 'SHUTTER', value: 0 }] } };
    own.profile = v.parse(profileSchema, { name: 'test', suspenders: [{ pv: 'RING', low: 50, settle: 0, before: set }] });
    own.pv.add('SHUTTER', 1, {}, () => never);
    own.ready = (engine) => {
      if (own.m1.moves.length === 2) own.pv.set('RING', 0);
      return engine.state === 'paused' && own.pv.writes.some(({ pv }) => pv === 'SHUTTER');
    };
  },
  'a pause': (own) => {
    own.ready = (engine) => {
      if (own.m1.moves.length === 2 && engine.state === 'running') engine.pause('now');
      return engine.state === 'paused';
    };
  },
  'a PV that is gone': (own) => {
    own.ready = (engine) => {
      if (own.m1.moves.length === 2 && engine.state === 'running') own.pv.disconnect('DET');
      return engine.state === 'paused';
    };
  },
  'a device that is not found': (own) => {
    own.plan = (function* (): Generator<Message, void, MessageResult> {
      yield open;
      yield* moved;
      yield { command: 'read', device: 'NOWHERE' };
    })();
    own.ready = () => own.m1.moves.length >= 1;
  },
  'a journal whose sync never ends': (own) => onDisk(own, 'sync', () => never),
  'a journal whose write takes a minute': (own) => onDisk(own, 'write', () => new Promise((resolve) => { setTimeout(resolve, 60_000); })),
  'a disk that is full': (own) => {
    own.ready = (engine) => {
      if (own.m1.moves.length === 2) own.memory.full = true;
      return engine.state === 'paused';
    };
  },
  'a journal that is opened late': (own) => {
    let opened = 0;
    own.plan = (function* (): Generator<Message, void, MessageResult> {
      yield* moved;
      yield open;
    })();
    const { memory } = own;
    own.sink = {
      folder: memory.folder, problem: () => memory.problem(), nextScanId: () => memory.nextScanId(),
      open: async (start) => {
        opened += 1;
        await new Promise((resolve) => { setTimeout(resolve, 5000); });
        return memory.open(start);
      },
    };
    own.ready = () => opened === 1;
    own.closed = () => memory.runs.every((run) => run.closed);
  },
};

/** What became of it within a second, and whether all was closed then. */
async function abortedIn(name: string, seed: number): Promise<{ outcome: Outcome | null; own: Hang; milliseconds: number; engine: Engine }> {
  const own = hang();
  kinds[name]?.(own);
  const devices = createDevices({ pv: own.pv, profile: () => own.profile });
  const engine = new Engine({ devices, sink: own.sink, watchPv: (pv, listener) => own.pv.watch(pv, listener), suspenders: () => own.profile.suspenders, planOf });
  let outcome: Outcome | null = null;
  const { outcome: ending } = engine.start({ plan: own.plan, planName: 'test', title: 'test', points: null, user: 'tester', metadata: {} });
  void ending.then((ended) => { outcome = ended; });
  const pass = async (milliseconds: number): Promise<void> => {
    await vi.advanceTimersByTimeAsync(milliseconds);
    // What the real disk and a worker do takes turns, not time.
    for (let count = 0; count < 10; count++) await turn();
  };
  for (let waited = 0; !own.ready(engine); waited++) {
    if (waited > 20_000) throw new Error(`${name}: it never came to where it is to be aborted, but ${engine.state}, ${engine.status.activity}`);
    await pass(1);
  }
  own.hangs = true;
  await pass(seed % 13);
  const began = performance.now();
  engine.abort('hung');
  while (outcome === null && performance.now() - began < 1000) await pass(1);
  return { outcome, own, milliseconds: performance.now() - began, engine };
}

describe('an abort ends in less than a second, motors stopped and files closed', () => {
  const names = Object.keys(kinds);
  const rounds = Math.ceil(100 / names.length);
  it.each(names)('%s', async (name) => {
    for (let round = 0; round < rounds; round++) {
      const { outcome, own, milliseconds, engine } = await abortedIn(name, round * 5 + names.indexOf(name));
      expect(outcome).toMatchObject({ exitStatus: 'abort', error: { code: 'ABORTED', message: expect.stringMatching(/^hung/) as string } });
      expect(milliseconds).toBeLessThan(1000);
      expect(engine.state).toBe('idle');
      if (own.deaf) expect((outcome as unknown as Outcome).error?.message).toMatch(/could not be stopped: look at it/);
      else if (own.pv.peek('M1.DMOV')?.value === 0) expect(own.m1.stops()).toBeGreaterThanOrEqual(1);
      if (!own.deaf) expect(own.pv.peek('M1.DMOV')?.value).toBe(1);
      // A disk that hangs lets go when it is there again; the real one below takes real time.
      await vi.advanceTimersByTimeAsync(70_000);
      for (let count = 0; count < 4000 && !own.closed(); count++) {
        await vi.advanceTimersByTimeAsync(100);
        await new Promise((resolve) => { realTimeout(resolve, 5); });
      }
      expect(own.closed()).toBe(true);
      expect(engine.file).toBeNull();
    }
  });
});
