// One against two threads: a row for each runtime that has both times.
import type { Figure } from '@shared/lab';

export interface ScalingRow {
  readonly key: string;
  readonly t1: Figure;
  readonly t2: Figure;
  readonly scaling: Figure;
  /** Time of two threads against one: 1 where they run in parallel, 2 where one after the other. */
  readonly ratio: Figure;
  readonly article: number | null;
}

type Figures = Readonly<Record<string, Figure>>;

export function scalingRows(figures: Figures, article: Figures = {}): ScalingRow[] {
  return Object.keys(figures).filter((name) => name.endsWith('.t1')).flatMap((name) => {
    const key = name.slice(0, -3);
    const [t1, t2, scaling] = ['t1', 't2', 'scaling'].map((part) => figures[`${key}.${part}`]);
    if (!t1 || !t2 || !scaling) return [];
    const ratio = figures[`${key}.ratio`] ?? { value: t2.value / t1.value, unit: 'x' };
    return [{ key, t1, t2, scaling, ratio, article: article[`${key}.ratio`]?.value ?? null }];
  });
}
