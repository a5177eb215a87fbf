// Does a divided job: as many blocks are in the pool's line as there are workers, the next one joins when one is done.
import type { JobOptions } from '../poolTask';
import type { PoolJobName } from '../jobs/registry';
import type { Split } from './split';

interface Piece { readonly job: PoolJobName; readonly input: () => unknown; readonly options: JobOptions }

/** Rejects with the first error; the other blocks are then ended too. */
export async function runSplit(split: Split, options: JobOptions, run: (piece: Piece) => Promise<unknown>, workers: number): Promise<unknown> {
  const stop = new AbortController();
  const cancel = () => stop.abort();
  const { signal, priority, onStart, onProgress } = options;
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const done = new Float64Array(split.blocks);
  const say = (index: number, part: number) => {
    done[index] = part;
    onProgress?.(done.reduce((sum, one) => sum + one, 0) / split.blocks);
  };
  let next = 0, begun = false;
  const begin = () => {
    if (!begun) onStart?.();
    begun = true;
  };
  const line = async (): Promise<void> => {
    while (next < split.blocks) {
      const index = next++;
      const { job, input } = split.block(index);
      split.add(index, await run({
        job, input, options: { signal: stop.signal, onStart: begin, onProgress: (part) => say(index, part), ...(priority === undefined ? {} : { priority }) },
      }));
      say(index, 1);
    }
  };
  const lines = Array.from({ length: Math.min(workers, split.blocks) }, line);
  try {
    await Promise.all(lines);
    return split.finish();
  } finally {
    stop.abort();
    signal?.removeEventListener('abort', cancel);
    await Promise.allSettled(lines);
  }
}
