// What the faults need of a server: ours, or a softIoc.
import type { Reading } from '../../../src';

export interface IocNames {
  /** PVs that change by themselves. */
  readonly clocks: readonly string[];
  /** PVs that are written. */
  readonly targets: readonly string[];
  /** An array that `flood` changes. */
  readonly wave: string | null;
}

export interface Ioc {
  readonly udpPort: number;
  readonly names: IocNames;
  /** When a value of a clock was current, on `now()`, ms. */
  momentOf(reading: Reading): number;
  start(options?: { newPort?: boolean }): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** What the targets hold now. */
  targets(): Promise<ReadonlyMap<string, number>>;
  /** Every value that was written, as often as it was, also before it was started anew. */
  puts(): Promise<readonly number[]>;
  /** Of a server that forgets its writes when it ends: to be called before that, while nobody writes. */
  remember?(): Promise<void>;
}

/** Milliseconds of the one steady clock of all processes of this machine. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
