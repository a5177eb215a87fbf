// A job's input, and where it is done, from what stands in its form.
import type { JobDescription } from '@shared/computeTasks';
import type { NumbersSource } from '@shared/storedNumbers';

/** Puts a value at a path such as `geometry.distance`. */
export function put(target: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  let at = target;
  for (const name of names.slice(0, -1)) {
    const inner = at[name];
    const next = typeof inner === 'object' && inner !== null ? inner as Record<string, unknown> : {};
    at[name] = next;
    at = next;
  }
  at[names.at(-1) ?? path] = value;
}

/** `texts`: by field; `arrays`: read, or named where they are. What is empty is left out. Throws where a text is no number or no JSON. */
export function jobInput(job: JobDescription, texts: Readonly<Record<string, string>>, arrays: Readonly<Record<string, Float64Array | NumbersSource>>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { name, label, kind } of job.fields) {
    const text = (texts[name] ?? '').trim();
    if (kind === 'numbers') {
      if (arrays[name]) put(input, name, arrays[name]);
    } else if (text === '') {
      continue;
    } else if (kind === 'number' || kind === 'integer') {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new Error(`${label}: "${text}" is not a number.`);
      put(input, name, value);
    } else if (kind === 'rows' || kind === 'data') {
      try {
        put(input, name, JSON.parse(text));
      } catch (error) {
        throw new Error(`${label} is not JSON: ${(error as Error).message}.`, { cause: error });
      }
    } else {
      put(input, name, kind === 'source' ? texts[name] : text);
    }
  }
  return input;
}

/** `scheduler`: HOST:PORT, also as the command line (dask://) or Dask itself (tcp://) writes it. */
export function placeOf(place: 'threads' | 'dask' | 'mpi', scheduler: string): string {
  return place === 'dask' ? `dask://${scheduler.trim().replace(/^(dask|tcp):\/\//i, '')}` : place;
}
