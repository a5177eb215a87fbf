// Numbers from a seed: the same seed gives the same input on every machine.

/** Mulberry32: small, fast, and good enough to choose bytes. */
export class Random {
  private state: number;

  constructor(seed: number) {
    // Neighbouring seeds start far apart.
    this.state = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) >>> 0;
    this.u32();
  }

  u32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 to `count - 1`. */
  below(count: number): number { return Math.floor((this.u32() / 2 ** 32) * count); }

  /** True once in `times`. */
  oneIn(times: number): boolean { return this.below(times) === 0; }

  pick<Item>(items: readonly Item[]): Item { return items[this.below(items.length)] as Item; }
}
