// Readings straight from the wire: of `value` (a scalar or an array), `alarm` and `timeStamp`, without a structure in between. Pure.
// One update in an IOC's flood costs its reading and its time stamp, and no object more. QSRV answers with the type of the whole record
// whatever is asked for: fields that a reading has not may be there, as long as they don't come.
import type { NativeType, PvValue, Reading, Timestamp } from '../value';
import { BitSet, bitsOf, defaultValue, emptyArray, readArray, readScalar } from './protocol';
import type { ArrayField, Member, PvaStructure, ScalarField, StructureField, WireReader } from './protocol';
import { alarmBy, nativeTypeOfScalar, noAlarm, plainArray } from './reading';

/** What a field is to a reading. */
type Part = 'value' | 'severity' | 'status' | 'message' | 'seconds' | 'nanoseconds' | 'none';
interface Leaf {
  readonly part: Part;
  readonly field: ScalarField | ArrayField;
  /** The bits that mean it: its own and those of the structures that it is in. */
  readonly cover: number;
}

/** How the updates of a type are read. */
interface Plan {
  readonly leaves: readonly Leaf[];
  readonly value: ScalarField | ArrayField;
  /** The bits that may be set: others mean fields that a reading has not. */
  readonly known: number;
}

/** So many bits are looked at as one number. */
const mostBits = 32;
/** A thousand channels have one type. */
const plans = new WeakMap<StructureField, { readonly plan: Plan | null }>();
const partsOf: ReadonlyMap<string, ReadonlyMap<string, Part>> = new Map([
  ['alarm', new Map<string, Part>([['severity', 'severity'], ['status', 'status'], ['message', 'message']])],
  ['timeStamp', new Map<string, Part>([['secondsPastEpoch', 'seconds'], ['nanoseconds', 'nanoseconds']])],
]);

export class FlatReading {
  private readonly type: NativeType;
  private value: PvValue;
  private severity = 0;
  private status = 0;
  private message = '';
  private seconds = 0;
  private nanoseconds = 0;
  private alarm = noAlarm;

  private constructor(private readonly plan: Plan) {
    const { value } = plan;
    this.type = nativeTypeOfScalar[value.type];
    this.value = value.kind === 'array' ? plainArray(emptyArray(value.type)) : value.type === 'string' ? '' : 0;
  }

  /** Null for a type without a value, or with these fields in another form. */
  static of(field: StructureField): FlatReading | null {
    let made = plans.get(field);
    if (!made) plans.set(field, made = { plan: planOf(field) });
    return made.plan ? new FlatReading(made.plan) : null;
  }

  /**
   * An update or the answer to a GET, after its head: what it brings on top of what was there. Null where it brings more than a reading has:
   * nothing is read then.
   */
  read(reader: WireReader): Reading | null {
    const start = reader.at;
    const changed = BitSet.readLowest(reader);
    const { leaves, known } = this.plan;
    if (changed === null || (changed & ~known) !== 0) {
      reader.at = start;
      return null;
    }
    let alarm = false;
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

  /** What was read so far, for who goes on by the structure. */
  structure(field: StructureField): PvaStructure {
    const { value, severity, status, message, seconds, nanoseconds } = this;
    const blank = defaultValue(field) as PvaStructure;
    const part = (name: string, content: PvaStructure): PvaStructure => (field.byName.has(name) ? { [name]: { ...blank[name] as PvaStructure, ...content } } : {});
    return { ...blank, value, ...part('alarm', { severity, status, message }), ...part('timeStamp', { secondsPastEpoch: seconds, nanoseconds }) };
  }
}

function planOf(field: StructureField): Plan | null {
  const leaves: Leaf[] = [];
  let known = 0;
  let whole = true;
  for (const member of field.members) {
    if (member.name !== 'value' && !partsOf.has(member.name)) {
      whole = false;
      continue;
    }
    const found = member.bit + bitsOf(member.field) <= mostBits ? leavesOf(member) : null;
    if (!found) return null;
    for (const { cover } of found) known |= cover;
    leaves.push(...found);
  }
  const value = leaves.find(({ part }) => part === 'value');
  // Everything at once: only where a reading has everything.
  return value ? { leaves, value: value.field, known: whole ? known | 1 : known & ~1 } : null;
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
  const parts = partsOf.get(name);
  if (!parts || field.kind !== 'structure') return null;
  const leaves: Leaf[] = [];
  for (const { name: inner, field: leaf, bit: distance } of field.members) {
    if (leaf.kind !== 'scalar') return null;
    const part = parts.get(inner) ?? 'none';
    // A number that came as a text, or the other way round, takes the long way.
    if (part !== 'none' && (leaf.type === 'string') !== (part === 'message')) return null;
    leaves.push({ part, field: leaf, cover: own | (1 << (bit + distance)) });
  }
  return leaves;
}
