// Results as a table for other programs: a line a figure.
import type { LabResult } from '@shared/lab';

function cell(value: string): string { return /[",\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value; }

const columns = ['experiment', 'finished', 'figure', 'value', 'unit', 'spread', 'article', 'cpu', 'cores', 'os'];

/** As the window exports one result: times ISO 8601; `article`: the article's value by the name of the figure. */
export function resultsCsv(results: readonly LabResult[], article: Readonly<Record<string, { readonly value: number }>>): string {
  const rows = results.flatMap(({ id, finishedAt, figures, environment: { cpu, cores, os } }) => Object.entries(figures).map(([name, { value, unit, spread }]) => (
    [id, new Date(finishedAt).toISOString(), name, String(value), unit, spread === undefined ? '' : String(spread), String(article[name]?.value ?? ''), cpu, String(cores), os])));
  return `${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}
