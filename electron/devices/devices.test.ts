import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isMovable, isReadable, isStoppable, isTriggerable, type ActionContext, type Device } from './device';
import { createDevices } from './index';
import { MemoryPvs } from './memoryPvs';
import { stopDevices } from '../scan/engine/stopDevices';

function context(controller = new AbortController()): ActionContext {
  return { signal: controller.signal, writer: { source: 'scan', user: 'tester' }, report: () => undefined };
}
function devicesOf(pv: MemoryPvs, profile: object = {}) {
  const checked = v.parse(profileSchema, { name: 'test', ...profile });
  return createDevices({ pv, profile: () => checked });
}
function movable(device: Device) {
  if (!isMovable(device) || !isReadable(device)) throw new Error(`${device.name} does not move`);
  return device;
}

describe('a bare PV', () => {
  it('is a motor where its record type says so', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('X:M1');
    pv.add('X:I0', 5);
    const devices = devicesOf(pv);
    expect((await devices.resolve('X:M1')).kind).toBe('motor');
    const counter = await devices.resolve('X:I0');
    expect(counter.kind).toBe('pv');
    expect(await devices.resolve('X:I0')).toBe(counter);
  });
  it('names its data with underscores', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('X:M1');
    const device = await devicesOf(pv).resolve('X:M1.RBV');
    if (!isReadable(device)) throw new Error('not readable');
    expect(Object.keys(await device.read(context()))).toEqual(['X:M1_RBV']);
  });
  it('that no server has is said by name', async () => {
    await expect(devicesOf(new MemoryPvs()).resolve('NOT:THERE')).rejects.toMatchObject({ code: 'DISCONNECTED', pv: 'NOT:THERE' });
  });
});

describe('a motor', () => {
  it('moves, and its data are readback and set-point', async () => {
    const pv = new MemoryPvs();
    const motor = pv.addMotor('X:M1', { seconds: 0.01 });
    const device = movable(await devicesOf(pv).resolve('X:M1'));
    await device.set(2.5, context());
    expect(motor.position()).toBe(2.5);
    const readings = await device.read(context());
    expect(Object.entries(readings).map(([key, { value }]) => [key, value])).toEqual([['X:M1', 2.5], ['X:M1_setpoint', 2.5]]);
    expect(device.describe()['X:M1']).toMatchObject({ dtype: 'number', shape: [], units: 'mm' });
  });
  it('is not moved beyond its limits, and the message says what to do', async () => {
    const pv = new MemoryPvs();
    const motor = pv.addMotor('SIM:M1', { low: -10, high: 10 });
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    await expect(device.set(12.5, context())).rejects.toMatchObject({
      code: 'OUT_OF_LIMITS',
      message: "SIM:M1 was not moved: 12.5 mm is above its high limit (HLM 10 mm). Enter at most 10, or raise the limit in the motor's settings.",
    });
    expect(motor.moves).toEqual([]);
  });
  it('keeps the profile limits inside its own, and follows a change of its own', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('SIM:M1', { low: -10, high: 10 });
    const device = movable(await devicesOf(pv, { limits: [{ pv: 'SIM:M1', low: -2, high: 2 }] }).resolve('SIM:M1'));
    expect(() => device.check(3)).toThrow(/profile's limits/);
    pv.set('SIM:M1.HLM', 1);
    expect(() => device.check(1.5)).toThrow(/HLM 1 mm/);
    expect(device.travel).toMatchObject({ low: -2, high: 1 });
  });
  it('that stops short is an error that says where it stands', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('SIM:M1', { seconds: 5 });
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    const moving = device.set(4, context());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await pv.write('SIM:M1.STOP', 1, { source: 'panel', user: 'else' });
    await expect(moving).rejects.toMatchObject({ code: 'NOT_ARRIVED', message: expect.stringContaining('stands at 0 mm') });
  });
  it('held by SPMG is not moved', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('SIM:M1');
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    pv.set('SIM:M1.SPMG', 1);
    expect(() => device.check(1)).toThrow(/SPMG "Pause"/);
  });
  it('stops, and a move is given up at once when its signal fires', async () => {
    const pv = new MemoryPvs();
    const motor = pv.addMotor('SIM:M1', { hangs: () => true });
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    const controller = new AbortController();
    const moving = device.set(1, context(controller));
    controller.abort();
    await expect(moving).rejects.toMatchObject({ code: 'INTERRUPTED' });
    if (!isStoppable(device)) throw new Error('a motor stops');
    await device.stop(context());
    expect(motor.stops()).toBe(1);
  });
  it('does not know where it is until a value came after a reconnection', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('SIM:M1');
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    expect([device.isAt(0), device.travel.position]).toEqual([true, 0]);
    pv.disconnect('SIM:M1.RBV');
    pv.reconnect('SIM:M1.RBV', { staleSince: 1 });
    expect([device.isAt(0), device.travel.position, device.missing]).toEqual([false, null, 'SIM:M1.RBV']);
    pv.reconnect('SIM:M1.RBV');
    expect([device.isAt(0), device.travel.position, device.missing]).toEqual([true, 0, null]);
  });
  it('fails at once when its IOC goes away during a move', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('SIM:M1', { hangs: () => true });
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    const moving = device.set(1, context());
    pv.disconnect('SIM:M1.VAL');
    await expect(moving).rejects.toMatchObject({ code: 'DISCONNECTED', pv: 'SIM:M1.VAL' });
    expect(device.connected).toBe(false);
    expect(device.missing).toBe('SIM:M1.VAL');
  });
});

describe('a positioner', () => {
  it('with a readback gives the set-point that is there, not the one that it once sent', async () => {
    const pv = new MemoryPvs();
    pv.add('X:SP', 0);
    pv.add('X:RB', 0);
    const device = movable(await devicesOf(pv, { devices: [{ name: 'gap', kind: 'positioner', pv: 'X:SP', readback: 'X:RB' }] }).resolve('gap'));
    await device.set(5, context());
    pv.set('X:SP', 9);
    expect((await device.read(context()))['gap_setpoint']?.value).toBe(9);
  });
});

describe('a device that is to stop', () => {
  it('has the stop PV of the profile, and is among those that STOP stops', async () => {
    const pv = new MemoryPvs();
    pv.add('X:SP', 0, {}, () => new Promise(() => undefined));
    pv.add('X:STOP', 0);
    const devices = devicesOf(pv, { devices: [{ name: 'gap', kind: 'positioner', pv: 'X:SP', stop: 'X:STOP' }] });
    expect(devices.stoppable().map((device) => device.name)).toEqual(['gap']);
    const device = movable(await devices.resolve('gap'));
    device.set(5, context()).catch(() => undefined);
    if (!isStoppable(device)) throw new Error('it stops');
    await device.stop(context());
    expect(pv.peek('X:STOP')?.value).toBe(1);
  });
  it('and has no PV for it is named while it moves, and only then', async () => {
    const pv = new MemoryPvs();
    pv.add('X:SP', 0, {}, () => new Promise(() => undefined));
    const devices = devicesOf(pv);
    const device = movable(await devices.resolve('X:SP'));
    expect(devices.stoppable()).toEqual([]);
    const controller = new AbortController();
    const moving = device.set(5, context(controller));
    expect(await stopDevices([...devices.stoppable()], { source: 'stop', user: 'x' }, 100)).toEqual({ stopped: [], failed: ['X:SP'] });
    controller.abort();
    await expect(moving).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(devices.stoppable()).toEqual([]);
  });
  it('by a limit switch says so', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('SIM:M1', { seconds: 5 });
    const device = movable(await devicesOf(pv).resolve('SIM:M1'));
    const moving = device.set(4, context());
    await new Promise((resolve) => setTimeout(resolve, 5));
    pv.set('SIM:M1.HLS', 1);
    await pv.write('SIM:M1.STOP', 1, { source: 'panel', user: 'else' });
    await expect(moving).rejects.toMatchObject({ code: 'NOT_ARRIVED', message: expect.stringContaining('it reached its high limit switch (HLS)') as string });
  });
});

describe('a camera by pvAccess', () => {
  it('takes its pictures from the PVA plugin, all else by its own PVs', async () => {
    const pv = new MemoryPvs();
    pv.add('X:DET:cam1:Acquire', 0, {}, () => pv.set('pva://X:DET:Pva1:Image', Uint16Array.from([5, 6])));
    pv.add('X:DET:cam1:ArrayCounter_RBV', 17);
    pv.add('pva://X:DET:Pva1:Image', Uint16Array.from([1]));
    const device = await devicesOf(pv, { devices: [{ name: 'camera', kind: 'camera', pv: 'pva://X:DET' }] }).resolve('camera');
    if (!isReadable(device) || !isTriggerable(device)) throw new Error('a camera is triggered');
    await device.trigger(context());
    expect(Object.values(await device.read(context()))[0]?.value).toBe(11);
    expect(device.describe()['camera_total']?.source).toBe('pva://X:DET:Pva1:Image');
  });
});

describe('a counter', () => {
  it('never gives a value that is stale', async () => {
    const pv = new MemoryPvs();
    pv.add('X:I0', 5);
    const device = await devicesOf(pv).resolve('X:I0');
    pv.disconnect('X:I0');
    if (!isReadable(device) || !isTriggerable(device)) throw new Error('a counter is read');
    await expect(device.trigger(context())).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await expect(device.read(context())).rejects.toMatchObject({ code: 'DISCONNECTED' });
  });
  it('waits for the next update of a PV that updates by itself', async () => {
    const pv = new MemoryPvs();
    let count = 0;
    pv.add('X:I0', 0);
    const timer = setInterval(() => pv.set('X:I0', ++count), 20);
    try {
      const device = await devicesOf(pv).resolve('X:I0');
      if (!isReadable(device) || !isTriggerable(device)) throw new Error('a counter is read');
      await new Promise((resolve) => setTimeout(resolve, 150));
      const before = count;
      await device.trigger(context());
      expect((await device.read(context()))['X:I0']?.value).toBeGreaterThan(before);
    } finally {
      clearInterval(timer);
    }
  });
});

describe('detectors with a put-callback', () => {
  it('a scaler reads its named channels after it counted', async () => {
    const pv = new MemoryPvs();
    pv.add('X:SC.RTYP', 'scaler');
    pv.add('X:SC', 0);
    pv.add('X:SC.T', 0);
    pv.add('X:SC.TP', 1);
    pv.add('X:SC.NCH', 4);
    for (const [index, label] of ['clock', 'I0', '', 'I2'].entries()) {
      pv.add(`X:SC.NM${index + 1}`, label);
      pv.add(`X:SC.S${index + 1}`, 0);
    }
    pv.add('X:SC.CNT', 0, {}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      pv.set('X:SC.S1', 1e7);
      pv.set('X:SC.S2', 42);
      pv.set('X:SC.S4', 7);
      pv.set('X:SC.T', 1);
    });
    const device = await devicesOf(pv).resolve('X:SC');
    if (!isReadable(device) || !isTriggerable(device)) throw new Error('a scaler counts');
    await device.trigger(context());
    const readings = await device.read(context());
    expect(Object.fromEntries(Object.entries(readings).map(([key, { value }]) => [key, value])))
      .toEqual({ 'X:SC_clock': 1e7, 'X:SC_I0': 42, 'X:SC_I2': 7, 'X:SC_time': 1 });
    expect(device.hints).toEqual(['X:SC_I0', 'X:SC_I2']);
    expect(Object.keys(device.describe()).sort()).toEqual(Object.keys(readings).sort());
  });
  it('a camera whose image plugin gives no new image fails instead of giving the old one', async () => {
    const pv = new MemoryPvs();
    let late = (): void => undefined;
    pv.add('X:DET:cam1:Acquire', 0, {}, () => late());
    pv.add('X:DET:cam1:ArrayCounter_RBV', 17);
    pv.add('X:DET:image1:ArrayData', Uint16Array.from([1, 2, 3, 6]));
    const device = await devicesOf(pv, { devices: [{ name: 'camera', kind: 'camera', pv: 'X:DET' }] }).resolve('camera');
    if (!isReadable(device) || !isTriggerable(device)) throw new Error('a camera is triggered');
    late = () => { setTimeout(() => pv.set('X:DET:image1:ArrayData', Uint16Array.from([5, 5])), 20); };
    await device.trigger(context());
    expect(Object.values(await device.read(context()))[0]?.value).toBe(10);
    late = () => undefined;
    await expect(device.trigger(context())).rejects.toMatchObject({ code: 'NO_IMAGE' });
  }, 15_000);
  it('a camera leaves continuous mode for the scan and returns to it', async () => {
    const pv = new MemoryPvs();
    pv.add('X:DET:cam1:Acquire', 0);
    pv.add('X:DET:cam1:ArrayCounter_RBV', 17);
    pv.add('X:DET:cam1:ImageMode', 2);
    pv.add('X:DET:cam1:AcquireTime', 0.1);
    pv.add('X:DET:cam1:ArraySizeX_RBV', 4);
    pv.add('X:DET:cam1:ArraySizeY_RBV', 1);
    pv.add('X:DET:image1:ArrayData', Uint16Array.from([1, 2, 3, 6]));
    const device = await devicesOf(pv, { devices: [{ name: 'camera', kind: 'camera', pv: 'X:DET' }] }).resolve('camera');
    if (!isReadable(device) || !('stage' in device)) throw new Error('a camera is staged');
    const staged = device as typeof device & { stage(c: ActionContext): Promise<void>; unstage(c: ActionContext): Promise<void> };
    await staged.stage(context());
    expect(pv.peek('X:DET:cam1:ImageMode')?.value).toBe(0);
    const readings = await device.read(context());
    expect(Object.values(readings).map(({ value }) => value)).toEqual([12, 3, 17, Uint16Array.from([1, 2, 3, 6])]);
    expect(device.describe()['camera_image']).toMatchObject({ dtype: 'array', shape: [1, 4], dtype_numpy: '<u2' });
    await staged.unstage(context());
    expect(pv.peek('X:DET:cam1:ImageMode')?.value).toBe(2);
  });
});
