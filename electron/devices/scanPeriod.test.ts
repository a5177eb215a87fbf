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

describe('periodOf', () => {
  it.each([['.1 second', 100], ['10 second', 10_000], ['2 Hz', 500], ['5 minute', 300_000], ['Passive', null], ['I/O Intr', null], ['Event', null], ['', null]] as const)('%s', (text, milliseconds) => {
    expect(periodOf(text)).toBe(milliseconds);
  });
});
