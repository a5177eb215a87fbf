// The bars of one against two threads: a row for each runtime that has both times.
import type { Figure, LabRuntime } from '@shared/lab';

export interface ScalingRow {
  readonly key: string;
  readonly title: string;
  readonly version: string;
  readonly t1: Figure;
  readonly t2: Figure;
  readonly scaling: Figure;
  /** Time of two threads against one: 1 where they run in parallel, 2 where one after the other. */
  readonly ratio: Figure;
  readonly article: number | null;
}

type Figures = Readonly<Record<string, Figure>>;

export function scalingRows(figures: Figures, runtimes: readonly LabRuntime[], article: Figures = {}): ScalingRow[] {
  return Object.keys(figures).filter((name) => name.endsWith('.t1')).flatMap((name) => {
    const key = name.slice(0, -3);
    const runtime = runtimes.find((each) => each.key === key);
    const [t1, t2, scaling] = ['t1', 't2', 'scaling'].map((part) => figures[`${key}.${part}`]);
    if (!t1 || !t2 || !scaling) return [];
    const ratio = figures[`${key}.ratio`] ?? { value: t2.value / t1.value, unit: 'x' };
    return [{ key, title: runtime?.title ?? key, version: runtime?.version ?? '', t1, t2, scaling, ratio, article: article[`${key}.ratio`]?.value ?? null }];
  });
}
