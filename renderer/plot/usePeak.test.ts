import type { PeakStatistics } from '@shared/compute';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { Bridge } from '../bridge/bridge';
import { ScriptedTransport } from '../bridge/scriptedTransport';
import type { PlotData } from './plotColumns';
import { useFit, type FitChoice } from './useFit';
import { usePeak } from './usePeak';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

const dataOf = (x: string): PlotData => ({
  x: { name: x, units: 'mm', values: Float64Array.of(1, 2, 3) }, ys: [{ name: 'I1', units: '', values: Float64Array.of(0, 5, 0) }], newest: 2,
});
const statistics = (x: number): PeakStatistics => ({ max: { x, y: 5 }, min: { x: 1, y: 0 }, com: x, cen: x, fwhm: 1, crossings: [] });

function looking() {
  const bridge = new Bridge();
  const transport = new ScriptedTransport();
  bridge.connect(transport);
  transport.open();
  const [data, series, shape, whose] = [shallowRef<PlotData>(dataOf('M1')), shallowRef(0), shallowRef<FitChoice>('gauss'), shallowRef('M1')];
  const scope = effectScope();
  const peak = scope.run(() => usePeak(data, series, () => whose.value, bridge))!;
  const { fit } = scope.run(() => useFit(data, series, shape, () => whose.value, bridge))!;
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(1000);
    await nextTick();
  };
  const lookAt = async (motor: string): Promise<void> => {
    data.value = dataOf(motor);
    whose.value = motor;
    await nextTick();
  };
  const answer = (centre: number): void => {
    transport.answer('compute.peakStatistics', statistics(centre));
    transport.answer('compute.peakFit', { parameters: { centre: { value: centre, error: 0 } }, converged: true, curve: new Float64Array(243) });
  };
  return { scope, transport, peak, fit, settle, lookAt, answer, found: () => [peak.value, fit.value?.parameters['centre']?.value ?? null] };
}

describe('the peak and the fit of what is looked at', () => {
  it('are gone at once where another motor is looked at, until there are those of that one', async () => {
    const { scope, settle, lookAt, answer, found } = looking();
    await settle();
    answer(2);
    await settle();
    expect(found()).toEqual([statistics(2), 2]);
    await lookAt('M2');
    expect(found()).toEqual([null, null]);
    await settle();
    answer(7);
    await settle();
    expect(found()).toEqual([statistics(7), 7]);
    scope.stop();
  });

  it('are not those that were on their way when another one was looked at', async () => {
    const { scope, transport, settle, lookAt, found } = looking();
    await settle();
    const [peak, fit] = ['compute.peakStatistics', 'compute.peakFit'].map((method) => transport.of('call', method).at(-1)?.id ?? -1);
    await lookAt('M2');
    transport.frame({ t: 'result', id: peak ?? -1, value: statistics(2) });
    transport.frame({ t: 'result', id: fit ?? -1, value: { parameters: {}, converged: true, curve: new Float64Array(243) } });
    await nextTick();
    await nextTick();
    expect(found()).toEqual([null, null]);
    scope.stop();
  });
});
