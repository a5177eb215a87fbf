// A program that is held up hears of a move's end before it hears of what was measured during it. What is recorded must be of after it all the same.
import { profileSchema } from '@shared/profile';
import type { PvState } from '@shared/pv';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { isMovable, isReadable, isTriggerable, type ActionContext } from './device';
import { createDevices } from './index';
import { MemoryPvs } from './memoryPvs';

const context = (): ActionContext => ({ signal: new AbortController().signal, writer: { source: 'scan', user: 'tester' }, report: () => undefined });
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** PVs whose updates wait while the program is held up; what is asked for is answered by the server as it is then. */
class HeldUpPvs extends MemoryPvs {
  isHeldUp = false;
  #waiting: (() => void)[] = [];

  override watch(name: string, listener: (state: PvState) => void) {
    return super.watch(name, (state) => {
      if (this.isHeldUp) this.#waiting.push(() => listener(state));
      else listener(state);
    });
  }

  goOn(): void {
    this.isHeldUp = false;
    for (const tell of this.#waiting.splice(0)) tell();
  }
}

const timers: ReturnType<typeof setInterval>[] = [];
afterEach(() => { for (const timer of timers.splice(0)) clearInterval(timer); });

/** A detector that shows the place of a motor, measured every `period` ms, and what it reads right after the motor went from 0 to 7. */
async function afterMove(period: number, heldUp: number, more: (pvs: HeldUpPvs) => void = () => undefined): Promise<unknown> {
  const pvs = new HeldUpPvs();
  const profile = v.parse(profileSchema, { name: 'test' });
  let place = 0;
  pvs.add('I', 0);
  more(pvs);
  timers.push(setInterval(() => pvs.set('I', place), period));
  const detector = await createDevices({ pv: pvs, profile: () => profile }).resolve('I');
  if (!isReadable(detector) || !isTriggerable(detector)) throw new Error('I can not be read.');
  await wait(8 * period);
  pvs.isHeldUp = true;
  await wait(heldUp);
  place = 7;
  const triggered = detector.trigger(context());
  // The updates of before come now, in one go.
  setImmediate(() => pvs.goOn());
  await triggered;
  return (await detector.read(context()))['I']?.value;
}

describe('a value that was measured before the move', () => {
  it.each([[5, 12], [5, 40], [5, 150], [20, 60], [20, 200]])('is not recorded, updated every %i ms, after %i ms without a turn', async (period, heldUp) => {
    for (let round = 0; round < 3; round++) expect(await afterMove(period, heldUp)).toBe(7);
  });

  it('is not recorded of a record that is scanned by time', async () => {
    for (let round = 0; round < 2; round++) expect(await afterMove(50, 120, (pvs) => pvs.add('I.SCAN', '.05 second'))).toBe(7);
  });

  it('is not recorded of a record that is processed by interrupts', async () => {
    for (let round = 0; round < 2; round++) expect(await afterMove(20, 120, (pvs) => pvs.add('I.SCAN', 'I/O Intr'))).toBe(7);
  });

  it('is not recorded where all updates came in one go, so that nothing is known of their pace here', async () => {
    const pvs = new HeldUpPvs();
    const profile = v.parse(profileSchema, { name: 'test' });
    const detector = await (async () => {
      pvs.add('I', 0);
      return createDevices({ pv: pvs, profile: () => profile }).resolve('I');
    })();
    if (!isReadable(detector) || !isTriggerable(detector)) throw new Error('I can not be read.');
    let place = 0;
    pvs.isHeldUp = true;
    timers.push(setInterval(() => pvs.set('I', place), 5));
    await wait(60);
    place = 7;
    const triggered = detector.trigger(context());
    setTimeout(() => pvs.goOn(), 1);
    await triggered;
    expect((await detector.read(context()))['I']?.value).toBe(7);
  });

  it('is not recorded where the clock of the server was set back meanwhile', async () => {
    expect(await afterMove(10, 30, (pvs) => {
      const plain = pvs.set.bind(pvs);
      let updates = 0;
      pvs.set = (name, value) => {
        updates += 1;
        if (name === 'I') pvs.reconnect('I', { value, timestamp: { seconds: 2_000_000_000 - 1000 * Math.floor(updates / 10), nanoseconds: updates } });
        else plain(name, value);
      };
    })).toBe(7);
  });
});

describe('a PV that updates by itself no more', () => {
  it('is waited for once, then read as it is', async () => {
    const pvs = new HeldUpPvs();
    const profile = v.parse(profileSchema, { name: 'test' });
    pvs.add('I', 0);
    const detector = await createDevices({ pv: pvs, profile: () => profile }).resolve('I');
    if (!isReadable(detector) || !isTriggerable(detector)) throw new Error('I can not be read.');
    for (let count = 1; count <= 6; count++) {
      await wait(2);
      pvs.set('I', count);
    }
    let asked = 0;
    const plain = pvs.read.bind(pvs);
    pvs.read = (name) => {
      asked += 1;
      return plain(name);
    };
    await detector.trigger(context());
    expect((await detector.read(context()))['I']?.value).toBe(6);
    expect(asked).toBeGreaterThanOrEqual(2);
    asked = 0;
    await detector.trigger(context());
    expect([(await detector.read(context()))['I']?.value, asked]).toEqual([6, 1]);
    // It is measured again: that one value does not tell whether more come.
    pvs.set('I', 50);
    await detector.trigger(context());
    expect((await detector.read(context()))['I']?.value).toBe(50);
  });
});

describe('a positioner that reports when it is done', () => {
  it('has not arrived by what it reported of the move before', async () => {
    const pvs = new HeldUpPvs();
    const profile = v.parse(profileSchema, { name: 'test', devices: [{ name: 'gap', kind: 'positioner', pv: 'SP', readback: 'RB', done: 'DONE' }] });
    pvs.add('RB', 0);
    pvs.add('DONE', 1);
    pvs.add('SP', 0, {}, (value) => {
      pvs.isHeldUp = true;
      pvs.set('DONE', 0);
      setTimeout(() => pvs.goOn(), 20);
      setTimeout(() => {
        pvs.set('RB', Number(value));
        pvs.set('DONE', 1);
      }, 60);
    });
    const device = await createDevices({ pv: pvs, profile: () => profile }).resolve('gap');
    if (!isMovable(device)) throw new Error('gap does not move');
    await device.set(5, context());
    expect(pvs.peek('RB')?.value).toBe(5);
  });
});

describe('an image of before the acquisition', () => {
  it('that comes late is not taken for its own', async () => {
    const pvs = new HeldUpPvs();
    const profile = v.parse(profileSchema, { name: 'test', devices: [{ name: 'camera', kind: 'camera', pv: 'DET' }] });
    const image = (value: number): void => pvs.set('DET:image1:ArrayData', Uint16Array.from([value]));
    pvs.add('DET:cam1:ArrayCounter_RBV', 1);
    pvs.add('DET:cam1:ImageMode', 0);
    pvs.add('DET:image1:ArrayData', Uint16Array.from([0]));
    pvs.add('DET:cam1:Acquire', 0, {}, () => {
      // Images of before are told of now; the plugin is still at work on this one.
      setTimeout(() => pvs.goOn(), 5);
      setTimeout(() => image(7), 60);
    });
    const camera = await createDevices({ pv: pvs, profile: () => profile }).resolve('camera');
    if (!isReadable(camera) || !isTriggerable(camera)) throw new Error('a camera is triggered');
    for (const before of [1, 2]) {
      // Somebody else took some, and the program was held up.
      pvs.isHeldUp = true;
      for (let count = 0; count < 3; count++) image(before);
      await camera.trigger(context());
      expect((await camera.read(context()))['camera_total']?.value).toBe(7);
    }
  });
});
