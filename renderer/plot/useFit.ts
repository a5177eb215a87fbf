// A fit of a curve, worked out by the services' compute pool, at most twice a second while data comes.
import type { PeakFit, PeakShape } from '@shared/computeSignals';
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { bridge } from '../bridge';
import type { Bridge } from '../bridge/bridge';
import { messageOf } from '../composables/messageOf';
import type { PlotData } from './plotColumns';

export type FitChoice = PeakShape | '';
export interface ShownFit {
  readonly shape: PeakShape;
  readonly parameters: PeakFit['parameters'];
  readonly converged: boolean;
  /** Dense enough to look smooth. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const atLeast = 500;
const smoothPoints = 240;

/** `whose`: where this changes, the fit of before is of something else, and no motor may be moved to its centre any more. */
export function useFit(data: Readonly<Ref<PlotData | null>>, series: Readonly<Ref<number>>, shape: Readonly<Ref<FitChoice>>, whose: () => string, source: Pick<Bridge, 'call'> = bridge) {
  const fit = shallowRef<ShownFit | null>(null);
  /** Why there is none. */
  const problem = shallowRef('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let last = 0;

  async function ask(): Promise<void> {
    timer = undefined;
    last = Date.now();
    const own = ++asked;
    const [x, y, wanted] = [data.value?.x.values, data.value?.ys[series.value]?.values, shape.value];
    if (wanted === '' || !x || !y || x.length === 0) {
      fit.value = null;
      problem.value = '';
      return;
    }
    try {
      const { grid, input } = withGrid(x, y);
      const answer = await source.call('compute.peakFit', { ...input, shape: wanted });
      if (own !== asked) return;
      fit.value = { shape: wanted, parameters: answer.parameters, converged: answer.converged, x: grid, y: answer.curve.slice(x.length) };
      problem.value = '';
    } catch (error) {
      if (own !== asked) return;
      fit.value = null;
      problem.value = messageOf(error);
    }
  }

  watch([data, series, shape], () => { timer ??= setTimeout(() => void ask(), Math.max(0, last + atLeast - Date.now())); }, { immediate: true });
  watch(whose, () => {
    asked++;
    fit.value = null;
    problem.value = '';
  });
  onScopeDispose(() => clearTimeout(timer));
  return { fit, problem };
}

/** The points, and after them a fine grid whose y is not known: the job answers with the curve at both. */
export function withGrid(x: Float64Array, y: Float64Array): { grid: Float64Array; input: { x: Float64Array; y: Float64Array } } {
  const finite = x.filter(Number.isFinite);
  const [low, high] = [finite.reduce((least, value) => Math.min(least, value), Infinity), finite.reduce((most, value) => Math.max(most, value), -Infinity)];
  const grid = Float64Array.from({ length: smoothPoints }, (_, index) => low + ((high - low) * index) / (smoothPoints - 1));
  const input = { x: new Float64Array(x.length + smoothPoints), y: new Float64Array(x.length + smoothPoints).fill(NaN) };
  input.x.set(x);
  input.x.set(grid, x.length);
  input.y.set(y);
  return { grid, input };
}
