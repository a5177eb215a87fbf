import { describe, expect, it } from 'vitest';
import { hog } from './hog';

function judge(sleep: number, block: number, wait: number) {
  const value = (number: number) => ({ value: number, unit: 'ms' });
  return hog.judge({
    figures: { 'cpythonAsyncio.block.sleep': value(sleep), 'cpythonAsyncio.block.longestGap': value(block), 'cpythonAsyncio.await.longestGap': value(wait), 'cpythonThreads.threads.longestGap': value(29.6) },
    cores: 2, errors: {}, missing: {},
  });
}

describe('the rule of hog', () => {
  it('holds for what was recorded', () => {
    expect(judge(500, 516.6, 26.1)).toMatchObject({ verdict: 'holds', reason: expect.stringContaining('for 517 ms by time.sleep, and for 26 ms at most') as string });
  });
  it('fails where blocking does not keep the other from running, or awaiting does', () => {
    expect(judge(5000, 26, 26).verdict).toBe('fails');
    expect(judge(5000, 5010, 5010).verdict).toBe('fails');
  });
  it('can not judge without asyncio', () => {
    expect(hog.judge({ figures: {}, cores: 2, errors: { cpythonAsyncio: { code: 'PROGRAM_FAILED', message: 'No module named asyncio.' } }, missing: {} }))
      .toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('No module named asyncio') as string });
  });
});
