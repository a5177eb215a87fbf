// The ion chambers: rates that are measured again ten times a second, and at once when anything came to rest.
import type { Beam } from './beam';
import { addNumber } from './records/pvKinds';
import type { SimRecord } from './records/simRecord';
import type { SimContext } from './simContext';

/** Seconds over which one reading counts, and between two readings. */
const gate = 0.1;

export class Counters {
  private readonly chambers: { record: SimRecord; key: 'i0' | 'i1' | 'i2' }[];

  constructor(private readonly context: SimContext, private readonly beam: Beam) {
    const add = (name: string, description: string): SimRecord => addNumber(context, {
      name, description, units: 'cts/s', precision: 0, low: 0, high: 3_000_000, initial: 0, postsAlways: true,
    });
    this.chambers = [
      { key: 'i0', record: add('SIM:I0', 'Ion chamber before the sample') },
      { key: 'i1', record: add('SIM:I1', 'Ion chamber beside it: fluorescence') },
      { key: 'i2', record: add('SIM:I2', 'Ion chamber behind it: transmission') },
    ];
    this.measure();
    context.clock.every(gate, () => this.measure());
  }

  measure(): void {
    const rates = this.beam.rates();
    for (const { key, record } of this.chambers) record.set(this.context.random.poisson(rates[key] * gate) / gate);
  }
}
