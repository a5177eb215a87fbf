import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isReadable, isTriggerable, type ActionContext } from './device';
import { createDevices } from './index';
import { MemoryPvs } from './memoryPvs';
import { periodOf } from './scanPeriod';

const context = (): ActionContext => ({ signal: new AbortController().signal, writer: { source: 'scan', user: 'tester' }, report: () => undefined });

/** What a detector reads whose record is processed every `period` ms, right after the place that it measures changed. */
async function reading(period: number, scan: string, onlyChanges: boolean): Promise<unknown> {
  const pvs = new MemoryPvs();
  const profile = v.parse(profileSchema, { name: 'test' });
  let place = 0;
  let posted = 0;
  pvs.add('I', 0);
  pvs.add('I.SCAN', scan);
  const process = () => {
    if (!onlyChanges || place !== posted) pvs.set('I', place);
    posted = place;
  };
  const timer = setInterval(process, period);
  try {
    const detector = await createDevices({ pv: pvs, profile: () => profile }).resolve('I');
    if (!isReadable(detector) || !isTriggerable(detector)) throw new Error('I can not be read.');
    await new Promise((resolve) => { setTimeout(resolve, 2.5 * period); });
    place = 7;
    await detector.trigger(context());
    return (await detector.read(context()))['I']?.value;
  } finally {
    clearInterval(timer);
  }
}

describe('a detector whose record is scanned by time', () => {
  it('is read after its next processing, right after it was connected', async () => {
    expect(await reading(100, '.1 second', false)).toBe(7);
  });

  it('is read after its next processing although its value stood still before', async () => {
    expect(await reading(200, '.2 second', true)).toBe(7);
  });
});

describe('a detector whose record is processed by interrupts', () => {
  /** Processed every 60 ms without posting: its dead band keeps the value still for who only listens. */
  async function silently(changes: boolean): Promise<unknown> {
    const pvs = new MemoryPvs();
    const profile = v.parse(profileSchema, { name: 'test' });
    let place = 0;
    let tick = 0;
    pvs.add('I', 0);
    pvs.add('I.SCAN', 'I/O Intr');
    const processed = { value: 0, stamp: 0 };
    const plain = pvs.read.bind(pvs);
    pvs.read = async (name: string) => name === 'I' ? { ...await plain(name), value: processed.value, timestamp: { seconds: 5, nanoseconds: processed.stamp } } : plain(name);
    const timer = setInterval(() => { if (changes) Object.assign(processed, { value: place, stamp: ++tick }); }, 60);
    try {
      const detector = await createDevices({ pv: pvs, profile: () => profile }).resolve('I');
      if (!isReadable(detector) || !isTriggerable(detector)) throw new Error('I can not be read.');
      await new Promise((resolve) => { setTimeout(resolve, 130); });
      place = 7;
      await detector.trigger(context());
      return (await detector.read(context()))['I']?.value;
    } finally {
      clearInterval(timer);
    }
  }
  it('is read after the next one, although its dead band lets nothing be heard of it', async () => {
    expect(await silently(true)).toBe(7);
  });
  it('is read as it is where no interrupt comes', async () => {
    expect(await silently(false)).toBe(0);
  });
});

describe('periodOf', () => {
  it.each([['.1 second', 100], ['10 second', 10_000], ['2 Hz', 500], ['5 minute', 300_000], ['Passive', null], ['I/O Intr', null], ['Event', null], ['', null]] as const)('%s', (text, milliseconds) => {
    expect(periodOf(text)).toBe(milliseconds);
  });
});
