// A result as a file: JSON whole, CSV a line a figure.
import type { LabResult } from '@shared/lab';

function cell(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
}

/** Columns experiment, finished (ISO 8601), figure, value, unit, spread, article, cpu, cores, os. `article`: the article's value of that figure. */
export function resultCsv(result: LabResult, article: Readonly<Record<string, { readonly value: number }>> = {}): string {
  const { environment } = result;
  const finished = new Date(result.finishedAt).toISOString();
  const rows = Object.entries(result.figures).map(([name, { value, unit, spread }]) => [
    result.id, finished, name, String(value), unit, spread === undefined ? '' : String(spread), String(article[name]?.value ?? ''),
    environment.cpu, String(environment.cores), environment.os,
  ]);
  return [['experiment', 'finished', 'figure', 'value', 'unit', 'spread', 'article', 'cpu', 'cores', 'os'], ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n';
}

/** `speedup-2026-11-22T20-05-01.csv` */
export function exportName({ id, finishedAt }: Pick<LabResult, 'id' | 'finishedAt'>, extension: 'json' | 'csv' | 'png' | 'html'): string {
  return `${id}-${new Date(finishedAt).toISOString().slice(0, 19).replace(/:/g, '-')}.${extension}`;
}

/** The newest of each experiment, quick and full apart. `results`: the newest first. */
export function newestResults(results: readonly LabResult[]): LabResult[] {
  const kept = new Set<string>();
  return results.filter(({ id, quick }) => {
    const kind = `${id} ${quick === true ? 'quick' : 'full'}`;
    const first = !kept.has(kind);
    kept.add(kind);
    return first;
  });
}
