// A monitor whose listeners want structures: the whole value with what changed.
import type { ConnectionLink } from './connectionLink';
import { defaultValue, readMonitorUpdate } from './protocol';
import type { BitSet, PvaStructure, StructureField, WireReader } from './protocol';
import { PvaSubscription } from './subscription';

export interface StructureUpdate {
  readonly field: StructureField;
  /** The whole value, with what changed now. What did not change is the same object as before. */
  readonly value: PvaStructure;
  /** What this update brought; see `isChanged` and `changedPaths`. */
  readonly changed: BitSet;
  /** What changed more than once since the update before. */
  readonly overrun: BitSet;
}

export class StructureSubscription extends PvaSubscription<StructureUpdate> {
  private last: StructureUpdate | null = null;

  protected read(reader: WireReader, field: StructureField, link: ConnectionLink): StructureUpdate {
    const { value, changed, overrun } = readMonitorUpdate(reader, field, link.wire.typeCache, this.last?.value ?? defaultValue(field) as PvaStructure);
    return this.last = { field, value, changed, overrun };
  }

  protected latest(): StructureUpdate | null { return this.last; }
  protected forget(): void { this.last = null; }
}
