// A `ServerPv` (number, text, choice, waveform) served as a normative type. PURE: the time stamp is given.
import type { ServerPv, ServerPvOptions, ServerPvState } from '../../api';
import type { PvValue, Timestamp } from '../../value';
import { BitSet, fieldAt, isChanged } from '../protocol';
import type { PvaData, PvaStructure } from '../protocol';
import { alarmValue, timeValue } from './normative/parts';
import { metadataParts, normativeType, normativeValue, valuePart, type ScalarShape } from './normative/scalarTypes';
import { PvaServerPv, type PvaWriteRequest } from './pvaServerPv';

export interface ScalarPvSurroundings {
  now(): Timestamp;
  removed(pv: PvaServerPv): void;
}

const metadataFields = ['display', 'control', 'valueAlarm'] as const;

export class PvaScalarPv implements ServerPv {
  state: ServerPvState;
  readonly pv: PvaServerPv;
  private readonly shape: ScalarShape;

  constructor(readonly name: string, options: ServerPvOptions, private readonly surroundings: ScalarPvSurroundings) {
    const { type, count = 1, description = '', access, onWrite } = options;
    this.shape = { type, count, description };
    this.state = {
      value: options.initial, severity: options.severity ?? 'NO_ALARM', status: options.status ?? 'NO_ALARM',
      timestamp: surroundings.now(), metadata: options.metadata ?? {},
    };
    this.pv = new PvaServerPv(name, {
      type: normativeType(this.shape), initial: normativeValue(this.shape, this.state),
      ...(access ? { access } : {}), ...(onWrite ? { onWrite: (request) => this.write(request, onWrite) } : {}),
    }, (pv) => surroundings.removed(pv));
  }

  update(change: Partial<ServerPvState>): void {
    const { shape, state, pv } = this;
    if (change.value !== undefined && elements(change.value) > shape.count) {
      throw new RangeError(`${this.name} holds ${shape.count} elements, not ${elements(change.value)}.`);
    }
    const { severity = state.severity, status = state.status } = change;
    const alarm = severity !== state.severity || status !== state.status;
    this.state = { ...state, ...change, timestamp: change.timestamp ?? this.surroundings.now() };
    const value: Record<string, PvaData> = { ...pv.value, timeStamp: timeValue(this.state.timestamp ?? { seconds: 0, nanoseconds: 0 }) };
    const paths: string[] = [];
    if (change.value !== undefined) paths.push(shape.type === 'ENUM' && shape.count === 1 ? 'value.index' : 'value');
    if (change.metadata !== undefined) {
      const parts = metadataParts(shape, this.state.metadata);
      Object.assign(value, parts);
      paths.push(...metadataFields.filter((name) => Object.hasOwn(parts, name)));
      if (shape.type === 'ENUM' && shape.count === 1) paths.push('value.choices');
    }
    if (change.value !== undefined || change.metadata !== undefined) value['value'] = valuePart(shape, this.state.value, this.state.metadata);
    if (alarm) {
      value['alarm'] = alarmValue(this.state.severity, this.state.status);
      paths.push('alarm');
    }
    // As with Channel Access, a new time stamp alone is no news.
    if (paths.length > 0) paths.push('timeStamp');
    pv.post(value, BitSet.of(...paths.map((path) => fieldAt(pv.type, path)?.bit ?? 0)));
  }

  accessChanged(): void {
    this.pv.accessChanged();
  }

  remove(): void {
    this.pv.remove();
  }

  private write({ value, changed, user, host, notify }: PvaWriteRequest, onWrite: NonNullable<ServerPvOptions['onWrite']>): void | Promise<void> {
    const { pv: { type } } = this;
    if (!changed.isEmpty && !isChanged(type, changed, 'value')) throw new Error(`Of ${this.name} only the field "value" can be written.`);
    return onWrite({ value: changed.isEmpty ? this.state.value : this.written(value), user, host, notify });
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
