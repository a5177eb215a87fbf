// Readings straight from the wire: of `value` (a scalar or an array), `alarm` and `timeStamp`, without a structure in between. Pure.
// One update in an IOC's flood costs its reading and its time stamp, and no object more.
import type { NativeType, PvValue, Reading, Timestamp } from '../value';
import { BitSet, emptyArray, readArray, readScalar } from './protocol';
import type { ArrayField, Member, ScalarField, StructureField, WireReader } from './protocol';
import { alarmBy, nativeTypeOfScalar, noAlarm, plainArray } from './reading';

/** What a field is to a reading. */
type Part = 'value' | 'severity' | 'status' | 'message' | 'seconds' | 'nanoseconds' | 'none';
interface Leaf {
  readonly part: Part;
  readonly field: ScalarField | ArrayField;
  /** The bits that mean it: its own and those of the structures that it is in. */
  readonly cover: number;
}

/** So many bits are looked at as one number. */
const mostBits = 31;
const partsOf: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  alarm: { severity: 'severity', status: 'status', message: 'message' },
  timeStamp: { secondsPastEpoch: 'seconds', nanoseconds: 'nanoseconds' },
};

export class FlatReading {
  private readonly type: NativeType;
  private value: PvValue;
  private severity = 0;
  private status = 0;
  private message = '';
  private seconds = 0;
  private nanoseconds = 0;
  private alarm = noAlarm;

  private constructor(private readonly leaves: readonly Leaf[], value: ScalarField | ArrayField) {
    this.type = nativeTypeOfScalar[value.type];
    this.value = value.kind === 'array' ? plainArray(emptyArray(value.type)) : value.type === 'string' ? '' : 0;
  }

  /** Null for a type that has other fields than these, or these in another form. */
  static of(field: StructureField): FlatReading | null {
    if (field.bits > mostBits) return null;
    const leaves: Leaf[] = [];
    for (const member of field.members) {
      const found = leavesOf(member);
      if (!found) return null;
      leaves.push(...found);
    }
    const value = leaves.find(({ part }) => part === 'value');
    return value ? new FlatReading(leaves, value.field) : null;
  }

  /** An update or the answer to a GET, after its head: what it brings on top of what was there. */
  read(reader: WireReader): Reading {
    const changed = BitSet.readLowest(reader);
    let alarm = false;
    const { leaves } = this;
    for (let i = 0; i < leaves.length; i += 1) {
      const { cover, field, part } = leaves[i] as Leaf;
      if ((changed & cover) === 0) continue;
      if (part === 'value') this.value = field.kind === 'array' ? plainArray(readArray(reader, field)) : readPlain(reader, field);
      else {
        const given = readScalar(reader, field as ScalarField);
        if (part === 'seconds') this.seconds = Number(given);
        else if (part === 'nanoseconds') this.nanoseconds = Number(given);
        else if (part !== 'none') {
          alarm = true;
          if (part === 'severity') this.severity = Number(given);
          else if (part === 'status') this.status = Number(given);
          else this.message = String(given);
        }
      }
    }
    // Of a monitor: what changed more than once, which a reading does not say.
    if (reader.remaining > 0) BitSet.readLowest(reader);
    if (alarm) this.alarm = alarmBy(this.severity, this.status, this.message);
    return this.reading();
  }

  /** As it is now. */
  reading(): Reading {
    const { type, value, alarm: { severity, status }, seconds, nanoseconds } = this;
    const timestamp: Timestamp | null = seconds === 0 && nanoseconds === 0 ? null : { seconds, nanoseconds };
    return { type, value, count: typeof value === 'object' ? value.length : 1, severity, status, timestamp };
  }
}

function readPlain(reader: WireReader, field: ScalarField): number | string {
  if (field.type === 'double') return reader.f64();
  const given = readScalar(reader, field);
  return field.type === 'string' ? String(given) : Number(given);
}

/** Of one member of the top; null where it is in another form than a reading knows. */
function leavesOf({ name, field, bit }: Member): Leaf[] | null {
  const own = 1 | (1 << bit);
  if (name === 'value') return field.kind === 'scalar' || field.kind === 'array' ? [{ part: 'value', field, cover: own }] : null;
  const parts = partsOf[name];
  if (!parts || field.kind !== 'structure') return null;
  const leaves: Leaf[] = [];
  for (const { name: inner, field: leaf, bit: distance } of field.members) {
    if (leaf.kind !== 'scalar') return null;
    const part = parts[inner] ?? 'none';
    // A number that came as a text, or the other way round, takes the long way.
    if (part !== 'none' && (leaf.type === 'string') !== (part === 'message')) return null;
    leaves.push({ part, field: leaf, cover: own | (1 << (bit + distance)) });
  }
  return leaves;
}
