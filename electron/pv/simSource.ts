// Simulated PVs (`sim://sine(0, 10, 0.5)`): made in this process, without any control system. They can't be written.
import type { PvValue } from '@shared/pv';
import { connectedHere, localInfo, timestampOf } from './localClock';
import { initialValue, numberOf, splitItems } from './localName';
import type { OpenPv, PvChange, PvSink, PvSource, SourceReading } from './pvSource';
import { PvError } from './pvError';
import { simFunction, type Random, type SimFunction } from './simFunctions';

export class SimSource implements PvSource {
  constructor(private readonly random: Random = Math.random) {}

  /** Errors: RangeError for an unknown function or wrong arguments. */
  open(text: string, sink: PvSink): OpenPv { return new SimPv(text, parseSim(text, this.random), sink); }

  dispose(): void { /* each PV ends with its holder */ }
}

export function parseSim(text: string, random: Random): SimFunction {
  const [, name, type, list] = /^([A-Za-z]\w*)(?:<(\w+)>)?(?:\(([\s\S]*)\))?$/.exec(text.trim()) ?? [];
  if (name === undefined) throw new RangeError(`"${text}" is not a simulated PV: write sine, ramp(1, 10, 0.2) or const("text").`);
  const items = list === undefined ? [] : splitItems(list);
  if (name !== 'const') return simFunction(name, items.map(numberOf), random);
  const constant = initialValue(type, items);
  const count = typeof constant.value === 'object' ? constant.value.length : 1;
  return { period: 0, type: constant.type, count, metadata: constant.states ? { states: constant.states } : {}, next: () => constant.value };
}

class SimPv implements OpenPv {
  readonly fresh = true;
  readonly #opened = Date.now();
  #timer: ReturnType<typeof setInterval> | null = null;
  #last: PvValue | null = null;

  constructor(private readonly text: string, private readonly made: SimFunction, private readonly sink: PvSink) {}

  get capacity(): number { return this.made.count; }

  start(): void {
    if (this.#timer) return;
    this.sink.metadata(this.made.metadata);
    this.#tell();
    if (this.made.period > 0) this.#timer = setInterval(() => this.#tell(), this.made.period * 1000);
  }

  #tell(): void {
    const value = this.#next();
    this.sink.change(value === null ? { connection: 'disconnected' } : this.#change(value));
  }

  #next(): PvValue | null {
    const value = this.made.next((Date.now() - this.#opened) / 1000);
    if (value !== null) this.#last = value;
    return value;
  }

  #change(value: PvValue): PvChange {
    const count = typeof value === 'object' ? value.length : 1;
    return { ...connectedHere, value, count, type: this.made.type, timestamp: timestampOf(Date.now()), access: { read: true, write: false } };
  }

  async read(): Promise<SourceReading> {
    return { change: this.#change(this.#last ?? this.#next() ?? Number.NaN), metadata: this.made.metadata };
  }
  async present(): Promise<SourceReading> { return this.read(); }
  async write(): Promise<void> {
    throw new PvError('READ_ONLY', `sim://${this.text} was not written: simulated PVs can be read only. Use a loc:// PV for a value to write.`);
  }
  async info(): Promise<ReturnType<typeof localInfo>> { return localInfo('sim', this.made.type, this.made.count, false); }

  dispose(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
