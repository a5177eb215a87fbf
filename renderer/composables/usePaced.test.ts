import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { usePaced } from './usePaced';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('a paced value', () => {
  it('follows ten times a second, ends with the last one, and follows another owner at once', async () => {
    const [source, owner] = [shallowRef(0), shallowRef('a')];
    const scope = effectScope();
    const shown = scope.run(() => usePaced(() => source.value, () => owner.value))!;
    const seen = new Set<number>();
    for (let time = 0; time < 1000; time += 10) {
      source.value++;
      await nextTick();
      seen.add(shown.value);
      vi.advanceTimersByTime(10);
    }
    expect(seen.size).toBeGreaterThan(8);
    expect(seen.size).toBeLessThan(13);
    vi.advanceTimersByTime(100);
    expect(shown.value).toBe(100);
    source.value = 1000;
    await nextTick();
    source.value = 2000;
    owner.value = 'b';
    await nextTick();
    expect(shown.value).toBe(2000);
    source.value = 3000;
    await nextTick();
    scope.stop();
    vi.advanceTimersByTime(1000);
    expect(shown.value).toBe(2000);
  });
});
