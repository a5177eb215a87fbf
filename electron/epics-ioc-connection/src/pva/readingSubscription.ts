// A monitor whose listeners want readings: most are read from the wire as they are, the others by way of their structure.
import { CaError } from '../ca/errors';
import type { Reading } from '../value';
import type { ConnectionLink } from './connectionLink';
import { FlatReading } from './flatReading';
import { BitSet, defaultValue, readDelta } from './protocol';
import type { PvaStructure, StructureField, WireReader } from './protocol';
import { toReading } from './reading';
import { PvaSubscription } from './subscription';

const plainly = { asString: false, count: 0, metadata: false } as const;

export class ReadingSubscription extends PvaSubscription<Reading> {
  private flatOf: StructureField | null = null;
  /** Null: its type takes the way by the structure. */
  private flat: FlatReading | null = null;
  private value: PvaStructure | null = null;

  protected read(reader: WireReader, field: StructureField, link: ConnectionLink): Reading | null {
    if (this.flatOf !== field) {
      this.flatOf = field;
      this.flat = FlatReading.of(field);
    }
    if (this.flat) {
      const reading = this.flat.read(reader);
      if (reading) return reading;
      this.value = this.flat.structure(field);
      this.flat = null;
    }
    this.value = readDelta(reader, field, link.wire.typeCache, this.value ?? defaultValue(field) as PvaStructure).value;
    if (reader.remaining > 0) BitSet.read(reader);
    return this.converted(field);
  }

  /** No reading is kept: it would outlive those who got it, and cost the garbage collector. */
  protected latest(): Reading | null {
    if (this.flat) return this.flat.reading();
    return this.flatOf ? this.converted(this.flatOf) : null;
  }

  private converted(field: StructureField): Reading | null {
    if (!this.value) return null;
    try {
      return toReading(this.channel.name, field, this.value, plainly);
    } catch (error) {
      if (!(error instanceof CaError)) throw error;
      this.channel.notShown(error);
      return null;
    }
  }

  protected forget(): void {
    this.flatOf = null;
    this.flat = null;
    this.value = null;
  }
}
