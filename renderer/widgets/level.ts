// Where a value lies between its limits, for bars, tanks and sliders.
import type { Limits, PvState } from '@shared/pv';

interface RangeProperties { readonly limits_from_pv: boolean; readonly minimum: number; readonly maximum: number }

const isUsable = (limits: Limits | undefined): limits is Limits => limits !== undefined && Number.isFinite(limits.low) && limits.low < limits.high && Number.isFinite(limits.high);

/** The limits to draw with: the PV's where the file says so and the PV has some. `kind`: a set-point goes by its control limits first. */
export function limitsOf(widget: RangeProperties, state: PvState | undefined, kind: 'show' | 'set' = 'show'): Limits {
  const own = { low: Math.min(widget.minimum, widget.maximum), high: Math.max(widget.minimum, widget.maximum) };
  if (!widget.limits_from_pv) return own;
  const candidates = kind === 'set' ? [state?.control, state?.display] : [state?.display, state?.control];
  return candidates.find(isUsable) ?? own;
}

/** 0..1 between the limits, clipped; NaN for NaN. A logarithmic scale needs limits above 0, else it is linear. */
export function fractionOf(value: number, { low, high }: Limits, logarithmic = false): number {
  if (Number.isNaN(value) || high <= low) return NaN;
  const isLog = logarithmic && low > 0;
  const part = isLog ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, part));
}

/** Round numbers from low to high, about `wanted` of them: 1, 2 or 5 times a power of ten apart. */
export function ticksOf({ low, high }: Limits, wanted: number): readonly number[] {
  const rough = (high - low) / Math.max(1, wanted);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
