import { describe, expect, it } from 'vitest';
import { switchInterval } from './switchInterval';

function judge(rate: number) {
  const value = (number: number) => ({ value: number, unit: '' });
  return switchInterval.judge({
    figures: { 'cpythonThreads.handovers.5ms': value(rate), 'cpythonThreads.throughput.5ms': value(6_400_000), 'cpythonThreads.throughput.10us': value(4_800_000) },
    cores: 2, errors: {}, missing: {},
  });
}

describe('the rule of switch-interval', () => {
  it('holds for what was recorded: 187 a second, and says how far that is from every opcode', () => {
    expect(judge(187)).toMatchObject({ verdict: 'holds', reason: expect.stringContaining('187 times a second, after 34,225 turns') as string });
    expect(judge(187).reason).toContain('At 10 µs, 75 % of the work was done.');
  });
  it('fails where the GIL hardly ever changes hands', () => {
    expect(judge(2).verdict).toBe('fails');
    expect(judge(0).reason).toContain('never');
  });
});
