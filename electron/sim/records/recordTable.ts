// All records of the simulation by name, and the fields that every plain PV has (.VAL .DESC .EGU .RTYP).
import type { NativeType } from 'epics-ioc-connection';
import { SimRecord, type RecordDefinition } from './simRecord';

/** One line of `endstation ioc --list`. */
export interface SimulatedPv {
  readonly pv: string;
  readonly type: NativeType;
  /** Largest number of elements. */
  readonly count: number;
  readonly units: string;
  readonly description: string;
  readonly writable: boolean;
}

export class RecordTable {
  private readonly records = new Map<string, SimRecord>();
  private readonly fieldNames = new Set<string>();
  readonly aliases = new Map<string, string>();

  /** Adds a PV. One without a field in its name also gets .VAL .DESC .RTYP, and .EGU where it has units; `list` leaves those out. */
  add(definition: RecordDefinition): SimRecord {
    const record = this.insert(definition);
    const { name } = definition;
    if (name.includes('.')) return record;
    this.alias(`${name}.VAL`, name);
    this.addTextField(`${name}.DESC`, definition.description.slice(0, 39));
    this.addTextField(`${name}.RTYP`, definition.recordType ?? defaultRecordType(definition));
    if (definition.metadata?.units !== undefined) this.addTextField(`${name}.EGU`, definition.metadata.units);
    return record;
  }

  alias(alias: string, name: string): void {
    if (this.records.has(alias) || this.aliases.has(alias)) throw new Error(`simulated PV ${alias} exists twice`);
    this.aliases.set(alias, name);
  }

  get(name: string): SimRecord {
    const record = this.records.get(this.aliases.get(name) ?? name);
    if (!record) throw new Error(`no simulated PV ${name}`);
    return record;
  }

  all(): IterableIterator<SimRecord> {
    return this.records.values();
  }

  list(): SimulatedPv[] {
    const listed = [...this.records.values()].filter((record) => !this.fieldNames.has(record.name));
    const byName = new Map(listed.map((record) => [record.name, describe(record.name, record)]));
    for (const [alias, name] of this.aliases) {
      const record = this.records.get(name);
      // The bare name of a motor is an alias of its .VAL and belongs in the list; .VAL of a plain PV doesn't.
      if (record && !alias.endsWith('.VAL')) byName.set(alias, describe(alias, record));
    }
    return [...byName.values()];
  }

  private addTextField(name: string, text: string): void {
    this.insert({ name, type: 'STRING', description: text, initial: text });
    this.fieldNames.add(name);
  }

  private insert(definition: RecordDefinition): SimRecord {
    if (this.records.has(definition.name)) throw new Error(`simulated PV ${definition.name} exists twice`);
    const record = new SimRecord(definition);
    this.records.set(definition.name, record);
    return record;
  }
}

function describe(pv: string, record: SimRecord): SimulatedPv {
  const { type, count = 1, description, onWrite } = record.definition;
  return { pv, type, count, units: record.metadata.units ?? '', description, writable: onWrite !== undefined };
}

function defaultRecordType({ type, count = 1, onWrite, metadata }: RecordDefinition): string {
  if (count > 1) return 'waveform';
  const output = onWrite !== undefined;
  switch (type) {
    case 'STRING': return output ? 'stringout' : 'stringin';
    case 'ENUM': {
      const binary = (metadata?.states?.length ?? 0) === 2;
      return binary ? (output ? 'bo' : 'bi') : (output ? 'mbbo' : 'mbbi');
    }
    case 'FLOAT': case 'DOUBLE': return output ? 'ao' : 'ai';
    default: return output ? 'longout' : 'longin';
  }
}
