// A column of numbers that grows while a run goes on, without copying it at each point.
export class GrowingNumbers {
  #values: Float64Array<ArrayBuffer>;
  #length = 0;

  constructor(values: Float64Array | null = null) {
    this.#values = values ? Float64Array.from(values) : new Float64Array(64);
    this.#length = values?.length ?? 0;
  }

  get length(): number { return this.#length; }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(Math.max(64, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** Keeps so many, for others to come after them. */
  truncate(length: number): void { this.#length = Math.min(this.#length, length); }

  /** What is there now; not a copy. */
  get values(): Float64Array { return this.#values.subarray(0, this.#length); }
}
