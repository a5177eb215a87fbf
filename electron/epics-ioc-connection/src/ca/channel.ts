// What a caller holds of a PV. Several handles of one name share the wire; closing one leaves the others alone.
import type { Access, CallOptions, Channel, ChannelInfo, ChannelState, Disposable, GetOptions, MonitorOptions, PutOptions } from '../api';
import { severities } from '../value';
import type { Metadata, PvValue, Reading, Severity, WritableValue } from '../value';
import { disposeSymbol, OwnedList } from '../disposal';
import type { Disposer } from '../disposal';
import { goneError, ValueError } from './errors';
import { eventMask } from './protocol/commands';
import { dbrTypes } from './protocol/dbrTypes';
import type { DbrType } from './protocol/dbrTypes';
import { ConnectRequest, GetRequest, PutRequest } from './requests';
import type { SubscriptionKind } from './subscription';
import type { WireChannel } from './wireChannel';
import { toWire } from './writeValue';

const defaultMask = eventMask.value | eventMask.alarm;

const [putAckt, putAcks] = [35, 36] as const;
const plainRead = { form: 'time', asString: false, count: 0 } as const;
const plainMonitor = { ...plainRead, mask: defaultMask } as const;

/** A PV by Channel Access: of `CaClient.channel`, or as `ca` of a channel of the one `Client`. */
export class CaChannel implements Channel {
  private closed = false;
  /** What ends with it. */
  private readonly owned = new OwnedList();

  constructor(private readonly wire: WireChannel) {
    wire.handles += 1;
  }

  get name(): string { return this.wire.name; }
  get state(): ChannelState { return this.closed ? 'closed' : this.wire.state; }
  get connected(): boolean { return !this.closed && this.wire.connected; }
  get info(): ChannelInfo | null { return this.closed ? null : this.wire.info; }

  whenConnected(options?: CallOptions): Promise<ChannelInfo> {
    return new Promise((resolve, reject) => {
      if (this.over) reject(goneError(this.name));
      else new ConnectRequest(this.wire, options, resolve, reject).begin();
    });
  }

  get(options?: GetOptions): Promise<Reading> {
    return new Promise((resolve, reject) => {
      if (this.over) return reject(goneError(this.name));
      const wants = options ? { form: options.metadata ? 'ctrl' as const : 'time' as const, asString: options.as === 'string', count: options.count ?? 0 } : plainRead;
      new GetRequest(this.wire, options, wants, resolve, reject).begin();
    });
  }

  put(value: WritableValue, options?: PutOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.over) return reject(goneError(this.name));
      const { wire } = this;
      const convert = () => toWire(wire.name, wire.nativeType, wire.nativeCount, value);
      new PutRequest(wire, options, convert, options?.wait ?? false, resolve, reject).begin();
    });
  }

  /** A reading of any type of db_access.h by number or name without `DBR_` (`TIME_DOUBLE`, `STSACK_STRING`): 0 to 34, 37 and 38; 35 and 36 (PUT_ACKT, PUT_ACKS) are only written. Errors: BAD_OPTION, BAD_TYPE. */
  getDbr(type: number | string, options: CallOptions & { count?: number } = {}): Promise<Reading> {
    return new Promise((resolve, reject) => {
      const row = dbrByName(type);
      if (this.over) return reject(goneError(this.name));
      if (!row) return reject(new ValueError('BAD_OPTION', `${type} is no DBR type to read: those are 0 (STRING) to 34 (CTRL_DOUBLE), 37 (STSACK_STRING) and 38 (CLASS_NAME), or their names, such as TIME_DOUBLE.`, this.name));
      const wants = { form: 'time' as const, asString: false, count: options.count ?? 0, dataType: row.code };
      new GetRequest(this.wire, options, wants, resolve, reject).begin();
    });
  }

  /** The record's type, such as `ai` (DBR_CLASS_NAME). */
  async className(options: CallOptions = {}): Promise<string> {
    return String(first((await this.getDbr('CLASS_NAME', { ...options, count: 1 })).value));
  }

  /** The highest severity that nobody has acknowledged yet, and whether alarms that are over must be too (DBR_STSACK_STRING). */
  async alarmAcknowledge(options: CallOptions = {}): Promise<NonNullable<Metadata['acknowledge']>> {
    const { metadata } = await this.getDbr('STSACK_STRING', { ...options, count: 1 });
    return metadata?.acknowledge ?? { transient: false, severity: 'NO_ALARM' };
  }

  /** Acknowledges alarms up to `severity` (DBR_PUT_ACKS). The IOC takes it for a write: with `wait`, errors as of `put`. */
  acknowledgeAlarm(severity: Severity, options?: PutOptions): Promise<void> { return this.putCode(putAcks, severities.indexOf(severity), options); }
  /** Whether alarms that are over must be acknowledged (DBR_PUT_ACKT). */
  setTransientAlarms(required: boolean, options?: PutOptions): Promise<void> { return this.putCode(putAckt, Number(required), options); }

  /** Closed, or its client is. */
  private get over(): boolean { return this.closed || this.wire.state === 'closed'; }

  private putCode(dataType: number, value: number, options?: PutOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.over) return reject(goneError(this.name));
      new PutRequest(this.wire, options, () => ({ dataType, count: 1, value }), options?.wait ?? false, resolve, reject).begin();
    });
  }

  monitor(options: MonitorOptions, listener: (reading: Reading) => void): Disposer {
    if (this.over) throw goneError(this.name);
    return this.own(this.wire.subscribe(kindOf(options), listener));
  }

  onState(listener: (state: ChannelState, info: ChannelInfo | null) => void): Disposer {
    return this.own(this.wire.stateListeners.add(listener));
  }

  onAccess(listener: (access: Access) => void): Disposer {
    return this.own(this.wire.accessListeners.add(listener));
  }

  dispose(): void { this.close(); }
  [disposeSymbol](): void { this.close(); }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.owned.dispose();
    this.wire.release();
  }

  private own(inner: Disposable): Disposer {
    return this.owned.add(inner);
  }
}

/** One object for all monitors that ask for nothing else. */
function kindOf({ mask: kinds, as, count = 0, metadata = false }: MonitorOptions): SubscriptionKind {
  if (kinds === undefined && as !== 'string' && count === 0 && !metadata) return plainMonitor;
  let mask = 0;
  for (const kind of kinds ?? []) {
    if (!(kind in eventMask)) throw new ValueError('BAD_OPTION', `There are no updates of "${String(kind)}": a mask is of ${Object.keys(eventMask).join(', ')}.`);
    mask |= eventMask[kind];
  }
  return { form: metadata ? 'ctrl' : 'time', asString: as === 'string', count, mask: mask || defaultMask };
}

/** PUT_ACKT and PUT_ACKS are left out: no server sends them. */
function dbrByName(type: number | string): DbrType | undefined {
  const row = dbrTypes.find(({ code, name }) => code === type || name === type);
  return row && row.code !== putAckt && row.code !== putAcks ? row : undefined;
}

function first(value: PvValue): number | string {
  return typeof value === 'object' ? value[0] ?? '' : value;
}
