// Why the engine rests: the user, a suspender, a device that is gone, a full disk. It goes on when no reason is left.

export interface Hold {
  readonly message: string;
  /** Rest at once; else at the next checkpoint. */
  readonly now: boolean;
}

export class Holds {
  readonly #holds = new Map<string, Hold>();

  constructor(private readonly changed: () => void) {}

  add(key: string, hold: Hold): void {
    const before = this.#holds.get(key);
    this.#holds.set(key, before ? { message: hold.message, now: before.now || hold.now } : hold);
    this.changed();
  }

  remove(key: string): void {
    if (this.#holds.delete(key)) this.changed();
  }

  clear(): void {
    this.#holds.clear();
  }

  has(key: string): boolean { return this.#holds.has(key); }
  get any(): boolean { return this.#holds.size > 0; }
  get now(): boolean {
    for (const hold of this.#holds.values()) {
      if (hold.now) return true;
    }
    return false;
  }
  /** All reasons, as one text. */
  get message(): string {
    return [...this.#holds.values()].map((hold) => hold.message).join(' ');
  }
}
