// The peak of a curve, worked out by the services' compute pool, at most twice a second while data comes.
import type { PeakStatistics } from '@shared/compute';
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { bridge } from '../bridge';
import type { Bridge } from '../bridge/bridge';
import type { PlotColumn, PlotData } from './plotColumns';

const atLeast = 500;
/** Milliseconds, and points from which on they are waited: so many are copied and sent. */
const longer = 2500;
const many = 20_000;
const none = new Float64Array(0);

/** `whose`: where this changes, the peak of before is of something else, and no motor may be moved to it any more. */
export function usePeak(data: Readonly<Ref<PlotData | null>>, series: Readonly<Ref<number>>, whose: () => string, source: Pick<Bridge, 'call'> = bridge) {
  const peak = shallowRef<PeakStatistics | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let last = 0;

  async function ask(): Promise<void> {
    timer = undefined;
    last = Date.now();
    const own = ++asked;
    const input = finite(data.value?.x, data.value?.ys[series.value]);
    const answer = input.x.length < 3 ? null : await source.call('compute.peakStatistics', input).catch(() => null);
    if (own === asked) peak.value = answer;
  }

  watch([data, series], () => { timer ??= setTimeout(() => void ask(), Math.max(0, last + ((data.value?.x.values.length ?? 0) > many ? longer : atLeast) - Date.now())); }, { immediate: true });
  watch(whose, () => {
    asked++;
    peak.value = null;
  });
  onScopeDispose(() => clearTimeout(timer));
  return peak;
}

/** Only the points where both are numbers. Copies: they are sent away. */
function finite(x: PlotColumn | undefined, y: PlotColumn | undefined): { x: Float64Array; y: Float64Array } {
  const [across, up] = [x?.values ?? none, y?.values ?? none];
  const length = Math.min(across.length, up.length);
  const [xs, ys] = [new Float64Array(length), new Float64Array(length)];
  let kept = 0;
  for (let index = 0; index < length; index++) {
    const at = across[index] ?? NaN;
    const value = up[index] ?? NaN;
    if (!Number.isFinite(at) || !Number.isFinite(value)) continue;
    xs[kept] = at;
    ys[kept] = value;
    kept++;
  }
  return kept === length ? { x: xs, y: ys } : { x: xs.slice(0, kept), y: ys.slice(0, kept) };
}
