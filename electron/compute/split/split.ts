// How a job is divided: blocks that are made when their turn comes, and results that are put together as they come.
import type { PoolJobName, PoolOutput } from '../jobs/registry';

export interface Split {
  readonly blocks: number;
  /** Called when a worker is free for it: of a large input only the blocks under way are in memory. */
  block(index: number): { readonly job: PoolJobName; readonly input: () => unknown };
  add(index: number, output: unknown): void;
  finish(): unknown;
}

/** Bytes of one block, at the most; one row may be more. */
const largest = 8e6;

/** Equal ranges of rows: a few for each worker, so that none waits long for the last one. */
export function ranges(rows: number, rowBytes: number, workers: number): readonly (readonly [number, number])[] {
  const size = Math.max(1, Math.min(Math.ceil(rows / (4 * workers)), Math.floor(largest / rowBytes)));
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => [i * size, Math.min(rows, (i + 1) * size)] as const);
}

/** Blocks of rows, each done by the job `J`. `add` gets the first row of the block, and how many it has. */
export function byRows<J extends PoolJobName>(job: J, { rows, rowBytes, workers, part, add, finish }: {
  readonly rows: number;
  readonly rowBytes: number;
  readonly workers: number;
  readonly part: (from: number, to: number) => unknown;
  readonly add: (output: PoolOutput<J>, from: number, to: number) => void;
  readonly finish: () => unknown;
}): Split {
  const blocks = ranges(rows, rowBytes, workers);
  return {
    blocks: blocks.length,
    block: (index) => ({ job, input: () => part(...blocks[index]!) }),
    add: (index, output) => add(output as PoolOutput<J>, ...blocks[index]!),
    finish,
  };
}
