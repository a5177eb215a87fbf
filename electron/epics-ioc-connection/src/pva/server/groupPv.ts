// Several records of the server as one structure, as QSRV's group PVs: read in one piece, written in one piece. PURE.
import type { Access } from '../../api';
import { ValueError } from '../../ca/errors';
import { bitsOf, BitSet, fieldAt, isChanged, memberOf, structure } from '../protocol';
import type { Field, Member, PvaData, PvaStructure, StructureField } from '../protocol';
import { PvaServerPv } from './pvaServerPv';
import type { ClientWords, PvaSubscriber, PvaUpdate, PvaUser, PvaWriteRequest } from './pvaServerPv';

export interface PvaGroupMember {
  /** Name of a PV of the same server. */
  readonly pv: string;
  /** `structure`: the record's whole structure (default); `value`: its value alone; `meta`: its alarm and time stamp. */
  readonly as?: 'structure' | 'value' | 'meta';
  /** Which fields of the group are posted when this record changes, besides its own; `*`: all. `none`: a change of it posts nothing. */
  readonly trigger?: readonly string[] | '*' | 'none';
}
export interface PvaGroupOptions {
  /** Type name of the structure. */
  readonly id?: string;
  /** Field name -> record. A put writes them in this order. */
  readonly members: Readonly<Record<string, PvaGroupMember>>;
}

interface Part {
  readonly name: string;
  readonly record: PvaServerPv;
  readonly as: 'structure' | 'value' | 'meta';
  readonly trigger: readonly string[] | '*' | 'none';
  /** Of the group's structure. */
  readonly field: Field;
  readonly bit: number;
}

/** `find` gives the server's PVs. Errors: a `ValueError` BAD_OPTION for a record that is not there, or one without a value. */
export function makeGroup(name: string, options: PvaGroupOptions, find: (name: string) => PvaServerPv | undefined, removed: (pv: PvaServerPv) => void): PvaServerPv {
  const chosen = Object.entries(options.members).map(([field, member]) => {
    const record = find(member.pv);
    if (!record) throw new ValueError('BAD_OPTION', `The group ${name} names ${member.pv}, which this server has not: add that first.`, name);
    return { name: field, record, as: member.as ?? 'structure', trigger: member.trigger ?? [], field: partType(name, record, member.as ?? 'structure') };
  });
  const type = structure(options.id ?? '', chosen.map((part) => [part.name, part.field] as const));
  const parts = chosen.map((part, i): Part => ({ ...part, bit: (type.members[i] as Member).bit }));
  const group = new Group(name, type, parts, removed);
  return group.pv;
}

function partType(group: string, record: PvaServerPv, as: Part['as']): Field {
  if (as === 'structure') return record.type;
  const names = as === 'value' ? ['value'] : ['alarm', 'timeStamp'];
  const found = names.map((name) => [name, memberOf(record.type, name)?.field] as const);
  const missing = found.find(([, field]) => field === undefined);
  if (missing) throw new ValueError('BAD_OPTION', `The group ${group} asks for the ${missing[0]} of ${record.name}, which has none.`, group);
  return as === 'value' ? found[0]?.[1] as Field : structure('', found as readonly (readonly [string, Field])[]);
}

function partValue({ record: { value }, as }: Pick<Part, 'record' | 'as'>): PvaData {
  if (as === 'structure') return value;
  return as === 'value' ? value['value'] ?? null : { alarm: value['alarm'] ?? null, timeStamp: value['timeStamp'] ?? null };
}

class Group {
  readonly pv: PvaServerPv;
  /** Changes that one put has brought so far: they are posted together. */
  private together: BitSet | null = null;
  private readonly stops: (() => void)[] = [];

  constructor(name: string, type: StructureField, private readonly parts: readonly Part[], removed: (pv: PvaServerPv) => void) {
    this.pv = new PvaServerPv(name, {
      type, initial: this.value(), access: (user, host, identity) => this.access({ user, host, identity }), onWrite: (request) => this.write(request),
    }, (gone) => {
      for (const stop of this.stops) stop();
      removed(gone);
    });
    for (const part of parts) {
      const subscriber: PvaSubscriber = { post: (update) => this.recordChanged(part, update), finish: () => undefined };
      part.record.subscribers.add(subscriber);
      this.stops.push(() => part.record.subscribers.delete(subscriber));
      // Rights of a record are rights of the group, and without the record there is no group.
      const user: PvaUser = { accessChanged: () => this.pv.accessChanged(), pvRemoved: () => this.pv.remove() };
      part.record.users.add(user);
      this.stops.push(() => part.record.users.delete(user));
    }
  }

  private value(): PvaStructure {
    return Object.fromEntries(this.parts.map((part) => [part.name, partValue(part)]));
  }

  /** Read where all may be read, written where one may. */
  private access(who: ClientWords): Access {
    const rights = this.parts.map(({ record }) => record.access(who));
    return { read: rights.every(({ read }) => read), write: rights.some(({ write }) => write) };
  }

  private recordChanged(part: Part, { changed }: PvaUpdate): void {
    const bits = this.together ?? new BitSet();
    if (part.trigger !== 'none') {
      addChange(bits, part, changed);
      const others = this.parts.filter(({ name }) => part.trigger === '*' || (part.trigger as readonly string[]).includes(name));
      if (bits.next(0) < Infinity) for (const other of others) bits.add(other.bit);
    }
    if (this.together) this.pv.value = this.value();
    else this.pv.post(this.value(), bits);
  }

  /** All that may be refused is refused before the first record is written; what they change at once is posted as one update. */
  private write({ value, changed, ...rest }: PvaWriteRequest): void | Promise<void> {
    const wanted = this.parts.filter((part) => part.as !== 'meta' && (changed.has(0) || changed.next(part.bit) < part.bit + bitsOf(part.field)));
    const puts = wanted.map((part) => {
      const { record } = part;
      const { onWrite } = record.options;
      if (!onWrite || !record.access(rest).write) throw new Error(`The field "${part.name}" of ${this.pv.name} (${record.name}) may not be written: nothing was.`);
      return () => onWrite({ ...recordPut(part, value, changed), ...rest });
    });
    const bits = new BitSet();
    const under: (void | Promise<void>)[] = [];
    this.together = bits;
    try {
      for (const put of puts) under.push(put());
    } catch (error) {
      // Nobody waits for those before it any more, whose failure must not end the program.
      void Promise.allSettled(under);
      throw error;
    } finally {
      this.together = null;
      this.pv.post(this.value(), bits);
    }
    const waiting = under.filter((each): each is Promise<void> => each !== undefined);
    if (waiting.length > 0) return Promise.all(waiting).then(() => undefined);
    return undefined;
  }
}

/** The bits of the group that a change of the record touches. */
function addChange(bits: BitSet, { record, as, bit }: Part, changed: BitSet): void {
  if (as === 'structure') {
    for (const each of changed.toArray()) bits.add(bit + each);
    return;
  }
  const names = as === 'value' ? ['value'] : ['alarm', 'timeStamp'];
  if (names.some((name) => isChanged(record.type, changed, name))) bits.add(bit);
}

/** What a put of the group means for one of its records. */
function recordPut({ name, record, as, bit, field }: Part, value: PvaStructure, changed: BitSet): { value: PvaStructure; changed: BitSet } {
  const whole = changed.has(0) || changed.has(bit);
  const given = value[name] ?? null;
  if (as === 'structure') {
    const inner = new BitSet();
    for (const each of whole ? [0] : changed.toArray()) if (whole || (each >= bit && each < bit + bitsOf(field))) inner.add(whole ? each : each - bit);
    // Of a record only its value is written; the rest of the structure was sent along because all of it was.
    const valueBit = fieldAt(record.type, 'value')?.bit;
    return { value: given as PvaStructure, changed: whole && valueBit !== undefined ? BitSet.of(valueBit) : inner };
  }
  return { value: { ...record.value, value: given }, changed: BitSet.of(fieldAt(record.type, 'value')?.bit ?? 0) };
}
