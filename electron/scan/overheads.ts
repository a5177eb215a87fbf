// What a point takes besides moves and dwell, measured in runs of before: counting, reading, recording. By the profile and the detectors.
import { promises as fs } from 'node:fs';
import { writeWhole } from '../files/writeWhole';
import type { Outcome } from './engine/startRequest';

/** A run that is shorter tells too little. */
const fewest = 3;
/** Of the latest sets of detectors. */
const kept = 500;

const version = 1;

/** Of the file: seconds a point, by the profile and the names of the detectors, the latest last. Errors: of a damaged file. */
function readSeconds(text: string): readonly (readonly [key: string, overhead: number])[] {
  const file = JSON.parse(text) as { readonly version?: unknown; readonly seconds?: unknown };
  if (file.version !== version || !Array.isArray(file.seconds)) throw new Error('no overheads');
  return file.seconds.map((entry: unknown) => {
    const [key, overhead] = entry as readonly unknown[];
    if (typeof key !== 'string' || typeof overhead !== 'number' || !(overhead >= 0)) throw new Error('no overhead');
    return [key, overhead];
  });
}

export class Overheads {
  /** Seconds. */
  readonly #measured = new Map<string, number>();
  #turn: Promise<void>;

  /** `file`: JSON that keeps them; without it they are forgotten with the program. */
  constructor(private readonly file?: string) {
    this.#turn = this.#load();
  }

  /** The file is read, and what was learnt is in it. Never fails: where it can't be kept, the next estimate is only rougher. */
  get settled(): Promise<void> { return this.#turn; }

  /** null: nothing was measured with these, or the file is not read yet. */
  of(profile: string, detectors: readonly string[]): number | null {
    return this.#measured.get(keyOf(profile, detectors)) ?? null;
  }

  /** `travel`: seconds of moves and dwell that were reckoned up to the last point. */
  learn(profile: string, detectors: readonly string[], { exitStatus, points, seconds }: Pick<Outcome, 'exitStatus' | 'points' | 'seconds'>, travel: number): void {
    if (exitStatus !== 'success' || points < fewest) return;
    const key = keyOf(profile, detectors);
    const overhead = Math.max(0, (seconds - travel) / points);
    // A motor's position was no number: in the file it would damage all others.
    if (!Number.isFinite(overhead)) return;
    this.#put(key, overhead);
    // Another program may have measured meanwhile: its figures stay.
    this.#turn = this.#turn.then(() => this.#load()).then(() => {
      this.#put(key, overhead);
      return this.#save();
    });
  }

  #put(key: string, overhead: number): void {
    this.#measured.delete(key);
    this.#measured.set(key, overhead);
  }

  /** A damaged file is none. */
  async #load(): Promise<void> {
    if (this.file === undefined) return;
    const text = await fs.readFile(this.file, 'utf8').catch(() => '');
    try {
      for (const [key, overhead] of readSeconds(text)) this.#put(key, overhead);
    } catch {
      // Nothing is known: it is measured again.
    }
  }

  async #save(): Promise<void> {
    if (this.file === undefined) return;
    await writeWhole(this.file, `${JSON.stringify({ version, seconds: [...this.#measured].slice(-kept) })}\n`).catch(() => undefined);
  }
}

function keyOf(profile: string, detectors: readonly string[]): string {
  return `${profile}: ${[...detectors].sort().join(' ')}`;
}
