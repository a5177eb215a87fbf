// Why the engine rests: the user, a suspender, a device that is gone, a full disk. It goes on when no reason is left.

import type { PlanRequest } from '@shared/plans';

export interface Hold {
  readonly message: string;
  /** Rest at once; else at the next checkpoint. */
  readonly now: boolean;
  /** Run before the scan rests for this reason, and before it goes on. */
  readonly before?: PlanRequest;
  readonly after?: PlanRequest;
}

export class Holds {
  readonly #holds = new Map<string, Hold>();
  #after: PlanRequest[] = [];
  /** Those whose plan before the rest was run. */
  readonly #begun = new Set<string>();
  /** Those that the scan rested for, and whose plan before it, where they have one, was at least begun: the one after takes that back. */
  readonly #rested = new Set<string>();
  #resting = false;

  constructor(private readonly changed: () => void) {}

  add(key: string, hold: Hold): void {
    const before = this.#holds.get(key);
    this.#holds.set(key, before ? { ...hold, now: before.now || hold.now } : hold);
    if (this.#resting && !hold.before) this.#rested.add(key);
    this.changed();
  }

  remove(key: string): void {
    const hold = this.#holds.get(key);
    if (!hold) return;
    this.#holds.delete(key);
    this.#begun.delete(key);
    // One that came and went before the scan had come to rest left nothing to be taken back.
    if (this.#rested.delete(key) && hold.after) this.#after.push(hold.after);
    this.changed();
  }

  clear(): void {
    this.#holds.clear();
    this.#begun.clear();
    this.#rested.clear();
    this.#resting = false;
    this.#after = [];
  }

  /** The scan has come to rest, or goes on. */
  rests(resting: boolean): void {
    this.#resting = resting;
    if (resting) for (const [key, { before }] of this.#holds) if (!before) this.#rested.add(key);
  }

  has(key: string): boolean { return this.#holds.has(key); }
  get any(): boolean { return this.#holds.size > 0; }
  get now(): boolean {
    for (const hold of this.#holds.values()) {
      if (hold.now) return true;
    }
    return false;
  }
  /** Of a scan that rests: the next plan that is to be run, the same until it is `done`: of each that holds it, then, when none does, of each that did. */
  takeDue(): { readonly request: PlanRequest; done(): void } | null {
    for (const [key, { before }] of this.#holds) {
      if (!before || this.#begun.has(key)) continue;
      this.#rested.add(key);
      return { request: before, done: () => { if (this.#holds.has(key)) this.#begun.add(key); } };
    }
    const [after] = this.#after;
    return this.any || !after ? null : { request: after, done: () => { this.#after = this.#after.filter((one) => one !== after); } };
  }
  /** All reasons, as one text. */
  get message(): string { return this.messageBut(); }
  messageBut(key?: string): string {
    return [...this.#holds].filter(([own]) => own !== key).map(([, { message }]) => message).join(' ');
  }
}
