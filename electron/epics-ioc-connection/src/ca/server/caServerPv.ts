// A PV of the server: its state, its subscribers, and which change is posted to whom. PURE: the time stamp is given.
import type { Access, ClientIdentity, ServerPv, ServerPvOptions, ServerPvState } from '../../api';
import { AlarmAcknowledge } from './alarmAcknowledge';
import { eventMask } from '../protocol';
import { HeldValues } from './heldValues';
import type { Timestamp } from '../../value';
import { encodeValue, type EncodedValue } from './pvEncoding';

/** Encodes the PV as it is now; within one update each type and count is encoded once, however many subscribe to it. */
export type Encode = (dataType: number, count: number) => EncodedValue;

export interface Subscriber {
  /** Bits of `eventMask`. */
  readonly mask: number;
  post(encode: Encode): void;
}

/** A channel of some client to this PV. */
export interface PvUser {
  accessChanged(): void;
  pvRemoved(): void;
}

export interface PvSurroundings {
  now(): Timestamp;
  removed(pv: CaServerPv): void;
}

const putAcks = 36;
const stsackString = 37;

/** Channel Access proves nothing of its clients. */
export const ownWord: ClientIdentity = { method: 'ca', authority: null, secured: false };

export class CaServerPv implements ServerPv {
  state: ServerPvState;
  readonly subscribers = new Set<Subscriber>();
  readonly users = new Set<PvUser>();
  private readonly acknowledgement: AlarmAcknowledge;
  private readonly held: HeldValues;

  /** Errors: `ValueError` for options that cannot be, an initial value that does not fit among them. */
  constructor(readonly name: string, readonly options: ServerPvOptions, private readonly surroundings: PvSurroundings) {
    this.held = new HeldValues(name, options);
    this.state = {
      value: options.initial, severity: options.severity ?? 'NO_ALARM', status: options.status ?? 'NO_ALARM',
      timestamp: surroundings.now(), metadata: options.metadata ?? {},
    };
    this.acknowledgement = new AlarmAcknowledge(this.state.severity);
  }

  /** Largest number of elements. */
  get count(): number {
    return this.held.count;
  }

  access(user: string, host: string): Access {
    return this.options.access?.(user, host, ownWord) ?? { read: true, write: this.options.onWrite !== undefined };
  }

  encode(dataType: number, count: number): EncodedValue {
    const { options: { type, recordType }, state } = this;
    const { acknowledge = this.acknowledgement.state } = state.metadata;
    return encodeValue(type, dataType === stsackString ? { ...state, metadata: { ...state.metadata, acknowledge } } : state, dataType, count, recordType);
  }

  update(change: Partial<ServerPvState>): void {
    if (change.value !== undefined) this.held.check(change.value);
    const mask = this.maskOf(change);
    const { state } = this;
    this.state = {
      value: change.value ?? state.value, severity: change.severity ?? state.severity, status: change.status ?? state.status,
      timestamp: change.timestamp ?? this.surroundings.now(), metadata: change.metadata ?? state.metadata,
    };
    if ((mask & eventMask.alarm) !== 0) this.acknowledgement.alarmChanged(this.state.severity);
    this.post(mask);
  }

  /** PUT_ACKT (35) and PUT_ACKS (36): who listens for alarms is told. */
  acknowledge(dataType: number, value: number): void {
    if (dataType === putAcks) this.acknowledgement.acknowledge(value);
    else this.acknowledgement.setTransient(value !== 0, this.state.severity);
    this.post(eventMask.alarm);
  }

  private post(mask: number): void {
    if (mask === 0 || this.subscribers.size === 0) return;
    // Most subscribers ask for the same.
    let first: EncodedValue | null = null;
    let firstCount = 0;
    let others: Map<string, EncodedValue> | null = null;
    const encode: Encode = (dataType, count) => {
      if (!first) {
        firstCount = count;
        return first = this.encode(dataType, count);
      }
      if (first.dataType === dataType && firstCount === count) return first;
      const key = `${dataType}:${count}`;
      const known = others?.get(key);
      if (known) return known;
      const made = this.encode(dataType, count);
      (others ??= new Map()).set(key, made);
      return made;
    };
    for (const subscriber of this.subscribers) if ((subscriber.mask & mask) !== 0) subscriber.post(encode);
  }

  accessChanged(): void {
    for (const user of this.users) user.accessChanged();
  }

  remove(): void {
    this.surroundings.removed(this);
    for (const user of [...this.users]) user.pvRemoved();
    this.users.clear();
    this.subscribers.clear();
  }

  private maskOf({ value, severity, status, metadata }: Partial<ServerPvState>): number {
    const { state } = this;
    const alarm = (severity !== undefined && severity !== state.severity) || (status !== undefined && status !== state.status);
    return (value !== undefined ? eventMask.value | eventMask.log : 0) | (alarm ? eventMask.alarm : 0)
      | (metadata !== undefined ? eventMask.property : 0);
  }
}
