// Local PVs (`loc://name(3.14)`): variables of this process, shared by all windows. They keep their value until the application ends.
import { Emitter, type Disposable } from '@shared/disposable';
import type { PvValue, WritableValue } from '@shared/pv';
import { connectedHere, localInfo, timestampOf } from './localClock';
import { initialValue, parseLocalName, type LocalValue } from './localName';
import type { OpenPv, PvSink, PvSource, SourceReading } from './pvSource';
import { parseNumber } from './writeGate';

interface Variable { described: LocalValue; value: PvValue; time: number; given: boolean; readonly changed: Emitter<void> }

export class LocSource implements PvSource {
  #variables = new Map<string, Variable>();

  /** The first to give a type or a value decides; errors: RangeError for a name that can't be read. */
  open(text: string, sink: PvSink): OpenPv {
    const { name, initial } = parseLocalName(text);
    const described = initial ?? initialValue('VDouble', ['0']);
    let variable = this.#variables.get(name);
    if (!variable) {
      variable = { described, value: described.value, time: Date.now(), given: initial !== null, changed: new Emitter() };
      this.#variables.set(name, variable);
    } else if (initial && !variable.given) {
      Object.assign(variable, { described, value: described.value, time: Date.now(), given: true });
      variable.changed.emit();
    }
    return new LocPv(variable, sink);
  }

  dispose(): void { this.#variables.clear(); }
}

class LocPv implements OpenPv {
  readonly fresh = true;
  #listening: Disposable | null = null;

  constructor(private readonly variable: Variable, private readonly sink: PvSink) {}

  get capacity(): number { return this.variable.described.capacity; }

  start(): void {
    const tell = () => {
      const { change, metadata } = this.#reading();
      this.sink.metadata(metadata);
      this.sink.change(change);
    };
    this.#listening ??= this.variable.changed.on(tell);
    tell();
  }

  #reading(): SourceReading {
    const { described, value, time } = this.variable;
    const count = typeof value === 'object' ? value.length : 1;
    return {
      change: { ...connectedHere, value, count, type: described.type, timestamp: timestampOf(time), access: { read: true, write: true } },
      metadata: described.states ? { states: described.states } : {},
    };
  }

  async read(): Promise<SourceReading> { return this.#reading(); }
  async present(): Promise<SourceReading> { return this.#reading(); }
  async info(): Promise<ReturnType<typeof localInfo>> { return localInfo('loc', this.variable.described.type, this.capacity, true); }

  async write(value: WritableValue): Promise<void> {
    const { variable } = this;
    variable.value = stored(variable.described, value);
    variable.time = Date.now();
    variable.given = true;
    variable.changed.emit();
  }

  dispose(): void { this.#listening?.dispose(); }
}

/** The value in the variable's type; the gate has checked that it can be. */
function stored(described: LocalValue, value: WritableValue): PvValue {
  const { type, states, capacity } = described;
  if (capacity > 1) {
    const items = typeof value === 'object' ? Array.from<number | string>(value) : [typeof value === 'boolean' ? Number(value) : value];
    return type === 'STRING' ? items.map(String) : Float64Array.from(items, Number);
  }
  const single = typeof value === 'object' ? (value[0] ?? 0) : value;
  if (type === 'STRING') return String(single);
  if (type === 'ENUM' && typeof single === 'string') return Math.max(0, states?.indexOf(single) ?? 0);
  return typeof single === 'string' ? (parseNumber(single) ?? 0) : Number(single);
}
