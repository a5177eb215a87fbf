// A `ServerPv` (number, text, choice, waveform) served as a normative type. PURE: the time stamp is given.
import type { ServerPv, ServerPvOptions, ServerPvState } from '../../api';
import { HeldValues } from '../../ca/server/heldValues';
import type { PvValue, Timestamp } from '../../value';
import { BitSet, fieldAt, isChanged } from '../protocol';
import type { PvaData, PvaStructure, StructureField } from '../protocol';
import { alarmValue, timeValue } from './normative/parts';
import { metadataParts, normativeType, normativeValue, valuePart, type ScalarShape } from './normative/scalarTypes';
import { PvaServerPv, type PvaWriteRequest } from './pvaServerPv';

export interface ScalarPvSurroundings {
  now(): Timestamp;
  removed(pv: PvaServerPv): void;
}

/** The bits of what changes together. */
interface ChangeBits { readonly value: number; readonly alarm: number; readonly timeStamp: number; readonly metadata: readonly number[] }

const knownBits = new Map<StructureField, ChangeBits>();

function changeBits(type: StructureField): ChangeBits {
  const known = knownBits.get(type);
  if (known) return known;
  const bit = (path: string): number => fieldAt(type, path)?.bit ?? 0;
  const metadata = ['value.choices', 'display', 'control', 'valueAlarm'].map(bit).filter((found) => found > 0);
  const made = { value: bit('value.index') || bit('value'), alarm: bit('alarm'), timeStamp: bit('timeStamp'), metadata };
  knownBits.set(type, made);
  return made;
}

export class PvaScalarPv implements ServerPv {
  state: ServerPvState;
  readonly pv: PvaServerPv;
  private readonly shape: ScalarShape;
  private readonly bits: ChangeBits;
  private readonly held: HeldValues;

  /** Errors: `ValueError` for options that cannot be, an initial value that does not fit among them. */
  constructor(readonly name: string, options: ServerPvOptions, private readonly surroundings: ScalarPvSurroundings) {
    const { type, description = '', access, onWrite } = options;
    this.held = new HeldValues(name, options);
    this.shape = { type, count: this.held.count, description };
    this.state = {
      value: options.initial, severity: options.severity ?? 'NO_ALARM', status: options.status ?? 'NO_ALARM',
      timestamp: surroundings.now(), metadata: options.metadata ?? {},
    };
    this.pv = new PvaServerPv(name, {
      type: normativeType(this.shape), initial: normativeValue(this.shape, this.state),
      ...(access ? { access } : {}), ...(onWrite ? { onWrite: (request) => this.write(request, onWrite) } : {}),
    }, (pv) => surroundings.removed(pv));
    this.bits = changeBits(this.pv.type);
  }

  update(change: Partial<ServerPvState>): void {
    const { shape, state, pv } = this;
    if (change.value !== undefined) this.held.check(change.value);
    const timestamp = change.timestamp ?? this.surroundings.now();
    this.state = { ...state, ...change, timestamp };
    const { value, severity, status, metadata } = this.state;
    const whole: Record<string, PvaData> = { ...pv.value, timeStamp: timeValue(timestamp) };
    const changed = new BitSet();
    if (change.value !== undefined) changed.add(this.bits.value);
    if (change.metadata !== undefined) {
      Object.assign(whole, metadataParts(shape, metadata));
      for (const bit of this.bits.metadata) changed.add(bit);
    }
    if (change.value !== undefined || change.metadata !== undefined) whole['value'] = valuePart(shape, value, metadata);
    if (severity !== state.severity || status !== state.status) {
      whole['alarm'] = alarmValue(severity, status);
      changed.add(this.bits.alarm);
    }
    // As with Channel Access, a new time stamp alone is no news.
    if (!changed.isEmpty) changed.add(this.bits.timeStamp);
    pv.post(whole, changed);
  }

  accessChanged(): void {
    this.pv.accessChanged();
  }

  remove(): void {
    this.pv.remove();
  }

  private write({ value, changed, ...rest }: PvaWriteRequest, onWrite: NonNullable<ServerPvOptions['onWrite']>): void | Promise<void> {
    const { pv: { type } } = this;
    if (!changed.isEmpty && !isChanged(type, changed, 'value')) throw new Error(`Of ${this.name} only the field "value" can be written.`);
    return onWrite({ value: changed.isEmpty ? this.state.value : this.written(value), ...rest });
  }

  /** Errors: what the PV cannot hold. */
  private written(whole: PvaStructure): PvValue {
    const { shape: { type, count }, state: { metadata: { states = [] } } } = this;
    const { value } = whole;
    if (type === 'ENUM' && count === 1) {
      const { index } = value as { readonly index: number };
      const room = states.length > 0 ? states.length : 65_536;
      if (index < 0 || index >= room) throw new RangeError(`${this.name} has no state ${index}${states.length > 0 ? `: it has ${states.join(', ')}` : ''}.`);
      return index;
    }
    const plain = value as PvValue;
    if (elements(plain) > count) throw new RangeError(`${this.name} holds ${count} elements, not ${elements(plain)}.`);
    return plain;
  }
}

function elements(value: PvValue): number {
  return typeof value === 'number' || typeof value === 'string' ? 1 : value.length;
}
