// What a plan changes for its own time, and what an end finds on its way: put back in every case, nothing set in motion after it.
import type { Message, MessageResult } from '@shared/messages';
import { describe, expect, it } from 'vitest';
import { bench, line, streams, until } from './engineBench.testing';

describe('a speed that a plan sets', () => {
  it('is not set any more where the scan was aborted while the disk was waited for', async () => {
    const { engine, start, pv, sink } = bench({ seconds: 0.01 });
    pv.set('M1.VELO', 1);
    const outcome = start({ plan: 'fly', args: { detectors: ['I0'], axes: [{ motor: 'M1', start: 0, stop: 5 }], speed: 4 } });
    await until(() => sink.documents.length > 0, 'the run on disk');
    sink.full = true;
    await until(() => (sink.runs[0]?.pending ?? 0) > 0, 'told, and not on disk');
    engine.abort('');
    await outcome;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(pv.peek('M1.VELO')?.value).toBe(1);
  });

  it('is put back at the end of its run, which an abort in that moment still aborts', async () => {
    const { engine, start, pv, sink } = bench({ seconds: 0.01 });
    pv.set('M1.VELO', 1);
    const write = pv.write.bind(pv);
    let asked = false;
    pv.write = async (name, value, ...rest) => {
      if (name === 'M1.VELO' && value === 1) {
        asked = true;
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      return write(name, value, ...rest);
    };
    const outcome = start({ plan: 'fly', args: { detectors: ['I0'], axes: [{ motor: 'M1', start: 0, stop: 5 }], speed: 4 } });
    await until(() => asked, 'being put back');
    engine.abort('');
    expect(await outcome).toMatchObject({ exitStatus: 'abort' });
    expect(sink.documents.find(({ name }) => name === 'stop')).toMatchObject({ doc: { exit_status: 'abort' } });
    expect(pv.peek('M1.VELO')?.value).toBe(1);
  });

  it('before its runs stays for all of them, and each tells of it', async () => {
    const { engine, start, pv, sink } = bench({ seconds: 0.01 });
    pv.set('M1.VELO', 1);
    const speeds: unknown[] = [];
    engine.onDocuments((documents) => { for (const { name } of documents) if (name === 'stop') speeds.push(pv.peek('M1.VELO')?.value); });
    function* plan(): Generator<Message, void, MessageResult> {
      yield { command: 'configure', device: 'M1', speed: 4 };
      for (let run = 0; run < 2; run++) {
        yield { command: 'open_run', plan: 'script', args: {}, detectors: [], motors: ['M1'], dimensions: [] };
        yield { command: 'close_run' };
      }
      yield { command: 'open_run', plan: 'script', args: {}, detectors: [], motors: ['M1'], dimensions: [] };
      yield { command: 'configure', device: 'M1', speed: 8 };
      yield { command: 'close_run' };
    }
    await start(line(1), { plan: plan() });
    expect(speeds).toEqual([4, 4, 8]);
    expect(pv.peek('M1.VELO')?.value).toBe(1);
    expect(streams(sink.documents)['changed_settings']).toEqual([4, 4, 4, 8].map((set) => ({ device: 'M1', setting: 'speed', before: 1, set })));
  });
});

describe('a camera that is taken out of continuous mode', () => {
  it('is so also where the scan is paused in that moment', async () => {
    const { engine, start, pv } = bench({ profile: { devices: [{ name: 'camera', kind: 'camera', pv: 'CAM' }] } });
    for (const [name, value] of Object.entries({ Acquire: 1, ArrayCounter_RBV: 1, AcquireTime: 0.01, ArraySizeX_RBV: 2, ArraySizeY_RBV: 1, ImageMode: 2 })) pv.add(`CAM:cam1:${name}`, value);
    pv.add('CAM:image1:ArrayData', Uint16Array.of(1, 2), { timestamp: null });
    const write = pv.write.bind(pv);
    let asked = false;
    pv.write = async (name, value, ...rest) => {
      if (name === 'CAM:cam1:Acquire' && value === 0 && !asked) {
        asked = true;
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      return write(name, value, ...rest);
    };
    const outcome = start({ plan: 'count', args: { detectors: ['camera'], num: 1, delay: 0 } });
    await until(() => asked, 'being staged');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    engine.resume();
    expect((await outcome).points).toBe(1);
    const written = pv.writes.map((one) => `${one.pv.replace('CAM:cam1:', '')} ${String(one.value)}`).filter((one) => one !== 'Acquire 0');
    expect(written).toEqual(['ImageMode 0', 'Acquire 1', 'ImageMode 2']);
  });
});

describe('a run that goes on', () => {
  it('puts back what it had changed before it was interrupted, also where it is aborted before its plan uses that device', async () => {
    const { engine, start, pv, sink } = bench();
    pv.set('M1.VELO', 4);
    const doc = { uid: 'u', time: 1, scan_id: 1, plan_name: 'script', plan_args: {}, detectors: [], motors: [], hints: { dimensions: [] } };
    function* plan(): Generator<Message, void, MessageResult> {
      yield { command: 'open_run', plan: 'script', args: {}, detectors: [], motors: [], dimensions: [] };
      yield { command: 'sleep', seconds: 10 };
    }
    const settings = [{ device: 'M1', setting: 'speed', before: 1, set: 4 }];
    const outcome = start(line(1), { plan: plan(), continues: { start: doc, points: 0, targets: new Map(), settings, open: async () => ({ file: await sink.open({ name: 'start', doc }), streams: new Map() }) } });
    await until(() => engine.file !== null, 'the run open');
    engine.abort('');
    await outcome;
    expect(pv.peek('M1.VELO')?.value).toBe(1);
  });
});

describe('a flight', () => {
  it('that is ended leaves the motors their turn to stop, also with a detector that must be told to count', async () => {
    const { engine, start, pv, m1 } = bench({ seconds: 0.4, profile: { devices: [{ name: 'camera', kind: 'camera', pv: 'CAM' }] } });
    for (const [name, value] of Object.entries({ Acquire: 0, ArrayCounter_RBV: 1, AcquireTime: 0.01, ArraySizeX_RBV: 2, ArraySizeY_RBV: 1, ImageMode: 2 })) pv.add(`CAM:cam1:${name}`, value);
    pv.add('CAM:image1:ArrayData', Uint16Array.of(1, 2), { timestamp: null });
    const write = pv.write.bind(pv);
    pv.write = async (name, value, ...rest) => {
      if (name === 'M1.STOP' || name === 'CAM:cam1:ImageMode') await new Promise((resolve) => setTimeout(resolve, 60));
      return write(name, value, ...rest);
    };
    const outcome = start({ plan: 'fly', args: { detectors: ['camera'], axes: [{ motor: 'M1', start: 0, stop: 5 }] } });
    await until(() => m1.moves.length === 2, 'on its way');
    engine.abort('');
    pv.writes.length = 0;
    let turns = 0;
    const timer = setInterval(() => { turns++; }, 2);
    expect((await outcome).exitStatus).toBe('abort');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    // Nor is it told to count once more while the plan cleans up.
    expect(pv.writes.filter((one) => one.pv === 'CAM:cam1:Acquire' && one.value === 1)).toEqual([]);
  });
});
