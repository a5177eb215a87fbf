// A finished job as a file: JSON whole, CSV as its curve and numbers.
import { presentResult, resultCsv, type ShownInput } from '@shared/computeResults';
import type { ComputeTask } from '@shared/computeTasks';

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/** `peakFit-2026-11-22T21-05-03.json`; NaN and infinities are strings in JSON. */
export function taskFile(task: ComputeTask, output: unknown, input: ShownInput, format: 'json' | 'csv'): { readonly name: string; readonly contents: string } {
  const { job, on, seconds, sources, run } = task;
  const finished = new Date((task.startedAt ?? task.queuedAt) + 1000 * (seconds ?? 0)).toISOString();
  const name = `${job}-${finished.slice(0, 19).replace(/:/g, '-')}.${format}`;
  if (format === 'json') return { name, contents: `${JSON.stringify({ job, on, finished, seconds, run, sources, result: output }, plain, 1)}\n` };
  const inputs = Object.entries(sources).map(([field, { label, units }]) => [field, units ? `${label} (${units})` : label] as const);
  return { name, contents: resultCsv(presentResult(job, output, sources, input), { job, on, finished, ...Object.fromEntries(inputs) }) };
}
