// What a plan changes for its own time, and what an end finds on its way: put back in every case, nothing set in motion after it.
import { EndstationError } from '@shared/errors';
import type { Message, MessageResult } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
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

describe('a setting that can not be put back', () => {
  const fly: PlanRequest = { plan: 'fly', args: { detectors: ['I0'], axes: [{ motor: 'M1', start: 0, stop: 5 }], speed: 4 } };
  function refusing(seconds: number, refuse: () => Promise<never>) {
    const own = bench({ seconds });
    own.pv.set('M1.VELO', 1);
    const write = own.pv.write.bind(own.pv);
    own.pv.write = (name, value, ...rest) => (name === 'M1.VELO' && value === 1 ? refuse() : write(name, value, ...rest));
    return own;
  }

  it('is named at the end of the scan: its PV, its value, why, and what to do', async () => {
    const { start, sink } = refusing(0.01, () => Promise.reject(new EndstationError('NO_WRITE_ACCESS', 'M1.VELO can not be set: no write access.')));
    expect((await start(fly)).error).toEqual({ code: 'CLEANUP', message: 'The speed (VELO) of M1 was not put back to 1 mm/s: M1.VELO can not be set: no write access. Set M1.VELO to 1 mm/s yourself.' });
    expect(sink.documents[sink.documents.length - 1]).toMatchObject({ name: 'stop', doc: { exit_status: 'success' } });
  });

  it('is named after a halt too, which tries it as an abort does', async () => {
    const { start, engine, m1, pv } = refusing(0.3, () => new Promise(() => undefined));
    const outcome = start(fly);
    await until(() => pv.peek('M1.VELO')?.value === 4, 'the speed set');
    engine.halt();
    expect((await outcome).error).toEqual({ code: 'ABORTED', message: 'Halted by the user. The speed (VELO) of M1 was not put back to 1 mm/s: it did not answer in time. Set M1.VELO to 1 mm/s yourself.' });
    expect(m1.position()).toBe(0);
  });
});

describe('a camera that is taken out of continuous mode', () => {
  function withCamera(slow: { readonly name: string; readonly value: unknown; readonly act: () => Promise<unknown> }) {
    const own = bench({ profile: { devices: [{ name: 'camera', kind: 'camera', pv: 'CAM' }] } });
    const { pv } = own;
    for (const [name, value] of Object.entries({ Acquire: 0, ArrayCounter_RBV: 1, AcquireTime: 0.01, ArraySizeX_RBV: 2, ArraySizeY_RBV: 1 })) pv.add(`CAM:cam1:${name}`, value);
    pv.add('CAM:cam1:ImageMode', 2, { states: ['Single', 'Multiple', 'Continuous'] });
    pv.add('CAM:image1:ArrayData', Uint16Array.of(1, 2), { timestamp: null });
    const write = pv.write.bind(pv);
    let asked = false;
    pv.write = async (name, value, ...rest) => {
      if (name === slow.name && value === slow.value && !asked) {
        asked = true;
        await slow.act();
      }
      return write(name, value, ...rest);
    };
    return { ...own, asked: () => asked, mode: () => pv.peek('CAM:cam1:ImageMode')?.value };
  }
  const count: PlanRequest = { plan: 'count', args: { detectors: ['camera'], num: 1, delay: 0 } };

  it('goes back to it also where the scan is paused in that moment', async () => {
    const { engine, start, asked, mode } = withCamera({ name: 'CAM:cam1:ImageMode', value: 2, act: () => new Promise(() => undefined) });
    const outcome = start(count);
    await until(asked, 'being unstaged');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    engine.resume();
    expect(await outcome).toMatchObject({ exitStatus: 'success', error: null });
    expect(mode()).toBe(2);
  });

  it('is named where it does not go back', async () => {
    const { start, pv } = withCamera({ name: 'CAM:cam1:ImageMode', value: 2, act: () => { pv.disconnect('CAM:cam1:ImageMode'); return Promise.resolve(); } });
    const { error } = await start(count);
    expect(error?.message).toMatch(/The ImageMode of camera was not put back to Continuous: it did not answer in time\. Set CAM:cam1:ImageMode to Continuous yourself\.$/);
  });

  it('is left as it is by a halt, which says so; the next scan does not undo what somebody chose since', async () => {
    const { engine, start, asked, mode, pv } = withCamera({ name: 'CAM:cam1:Acquire', value: 1, act: () => new Promise(() => undefined) });
    const outcome = start(count);
    await until(asked, 'acquiring');
    engine.halt();
    expect((await outcome).error?.message).toBe('Halted by the user. The ImageMode of camera was not put back to Continuous: the scan was halted. Set CAM:cam1:ImageMode to Continuous yourself.');
    expect(mode()).toBe(0);
    pv.set('CAM:cam1:ImageMode', 1);
    expect((await start(count)).exitStatus).toBe('success');
    expect(mode()).toBe(1);
  });

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

describe('a run whose end waits for the disk', () => {
  it('has nothing after its end, though it is stopped meanwhile', async () => {
    const { engine, start, sink, pv } = bench({ seconds: 0.01 });
    const read = pv.read.bind(pv);
    let asked = 0;
    pv.read = (name) => {
      if (name === 'RING' && ++asked === 2) sink.full = true;
      return read(name);
    };
    const outcome = start(line(2), { extras: { baseline: ['RING'], monitors: [] } });
    await until(() => sink.full, 'its end on the way');
    await new Promise((resolve) => setTimeout(resolve, 20));
    engine.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    sink.full = false;
    sink.runs[0]?.retry();
    await outcome;
    expect(sink.documents.slice(-2).map(({ name }) => name)).toEqual(['event', 'stop']);
    expect(streams(sink.documents)['baseline']).toHaveLength(2);
  });
});

describe('what a run records besides', () => {
  it('is begun again where a pause cut it off, its baseline once', async () => {
    const { engine, start, sink, pv } = bench({ seconds: 0.01 });
    const read = pv.read.bind(pv);
    let asked = 0;
    pv.read = async (name) => {
      if (name === 'SHUTTER' && ++asked === 1) await new Promise(() => undefined);
      return read(name);
    };
    const outcome = start(line(2), { extras: { baseline: ['RING'], monitors: ['SHUTTER'] } });
    await until(() => asked === 1, 'the monitor being begun');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    engine.resume();
    expect((await outcome).points).toBe(2);
    expect([streams(sink.documents)['baseline']?.length, streams(sink.documents)['SHUTTER_monitor']?.length]).toEqual([2, 1]);
  });
});

describe('a flight', () => {
  it('that a pause cut off at its beginning begins again', async () => {
    const { engine, start, pv, m1 } = bench({ seconds: 0.01 });
    const read = pv.read.bind(pv);
    let asked = false;
    pv.read = async (name) => {
      if (name === 'M1.RBV' && !asked && pv.peek('M1.VELO')?.value === 4) {
        asked = true;
        await new Promise(() => undefined);
      }
      return read(name);
    };
    const outcome = start({ plan: 'fly', args: { detectors: ['I0'], axes: [{ motor: 'M1', start: 0, stop: 5 }], speed: 4 } });
    await until(() => asked, 'beginning');
    engine.pause('now');
    await until(() => engine.state === 'paused', 'paused');
    engine.resume();
    expect(await outcome).toMatchObject({ exitStatus: 'success', error: null });
    expect(m1.moves).toEqual([0, 5]);
  });

  it('fails where a detector that is read as it updates was gone at its end', async () => {
    const { start, pv, m1 } = bench({ seconds: 0.05 });
    const outcome = start({ plan: 'fly', args: { detectors: ['I0', 'RING'], axes: [{ motor: 'M1', start: 0, stop: 5 }] } });
    await until(() => m1.moves.length === 2, 'on its way');
    pv.disconnect('I0');
    expect(await outcome).toMatchObject({ exitStatus: 'fail', error: { code: 'DISCONNECTED', message: 'I0 gave no samples any more while the motor flew: I0 is not connected. Fly again when it is back.' } });
  });

  it('fails with its detector that must be told to count, though that is back at its end: it is not waited for again and again', async () => {
    const { start, pv, m1 } = bench({ seconds: 0.1, profile: { devices: [{ name: 'camera', kind: 'camera', pv: 'CAM' }] } });
    for (const [name, value] of Object.entries({ Acquire: 0, ArrayCounter_RBV: 1, AcquireTime: 0.01, ArraySizeX_RBV: 2, ArraySizeY_RBV: 1, ImageMode: 0 })) pv.add(`CAM:cam1:${name}`, value);
    pv.add('CAM:image1:ArrayData', Uint16Array.of(1, 2), { timestamp: null });
    const outcome = start({ plan: 'fly', args: { detectors: ['camera'], axes: [{ motor: 'M1', start: 0, stop: 5 }] } });
    await until(() => m1.moves.length === 2, 'on its way');
    pv.disconnect('CAM:cam1:Acquire');
    await new Promise((resolve) => setTimeout(resolve, 40));
    pv.reconnect('CAM:cam1:Acquire');
    expect(await outcome).toMatchObject({ exitStatus: 'fail', error: { code: 'DISCONNECTED', message: expect.stringMatching(/^camera gave no samples any more while the motor flew: CAM:cam1:Acquire is not connected.*Fly again when it is back\.$/) as string } });
  });

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
