// What a caller holds of a pvAccess channel: readings as of Channel Access, and structures as they are. Handles of one name share the wire.
import type { Access, CallOptions, Channel, ChannelState, Disposable, GetOptions, MonitorOptions, PutOptions } from '../api';
import { CaError, goneError, ValueError } from '../ca/errors';
import { LocalProtocolError } from '../ca/protocol/errors';
import { disposer, disposeSymbol, OwnedList } from '../disposal';
import type { Disposer } from '../disposal';
import type { Reading, WritableValue } from '../value';
import { bitsGiven, changedPaths, inferField, isChanged, parsePvRequest, valueAt } from './protocol';
import type { AnyValue, Field, PvaInput, Status } from './protocol';
import { ArrayRequest, checkedSlice, cutSlice, readLength, readSlice, writeLength, writeSlice } from './arrayRequests';
import type { PvaElements } from './arrayRequests';
import { readingRequest, toReading } from './reading';
import type { ReadingOptions } from './reading';
import { ConnectRequest, DescribeRequest, GetRequest, PutGetRequest, PutRequest, ReachRequest, ReadRequest, RpcRequest } from './requests';
import type { StructureReading } from './requests';
import type { StructureUpdate } from './structureSubscription';
import type { PvaChannelInfo, PvaWireChannel } from './wireChannel';
import { toPut } from './writeValue';

const everything = 'field()';
const plainly = { asString: false, count: 0, metadata: false } as const;
const metadataPaths = ['display', 'control', 'valueAlarm', 'value.choices'] as const;

export interface StructureOptions extends CallOptions {
  /** Such as `field(value,alarm)record[process=true]`; default everything. */
  request?: string;
}
export interface SliceOptions extends CallOptions {
  /** Path of the array; default `value`. */
  field?: string;
  offset?: number;
  count?: number;
  stride?: number;
}
export interface StructureMonitorOptions {
  request?: string;
  /** Let the server send no more than `queueSize` updates ahead. Default false. */
  pipeline?: boolean;
  /** Updates, at least 2 (servers refuse less); default 4. */
  queueSize?: number;
  /** The server ended the monitor: no more updates until the channel connects anew. */
  ended?: (status: Status) => void;
}

/** A PV by pvAccess: of `PvaClient.channel`, or as `pva` of a channel of the one `Client`. */
export class PvaChannel implements Channel {
  private closed = false;
  /** What ends with it. */
  private readonly owned = new OwnedList();

  constructor(private readonly wire: PvaWireChannel) {
    wire.handles += 1;
  }

  get name(): string { return this.wire.name; }
  get state(): ChannelState { return this.closed ? 'closed' : this.wire.state; }
  get connected(): boolean { return !this.closed && this.wire.connected; }
  get info(): PvaChannelInfo | null { return this.closed ? null : this.wire.info; }

  /** Its server is asked for its type as well. */
  whenConnected(options?: CallOptions): Promise<PvaChannelInfo> {
    return this.request((resolve, reject) => new ConnectRequest(this.wire, options, resolve, reject).begin());
  }

  /** A server has it: reads, writes and monitors go out at once. Its type is not asked for: quicker than `whenConnected` where there are many. */
  whenReachable(options?: CallOptions): Promise<void> {
    return this.request((resolve, reject) => new ReachRequest(this.wire, options, resolve, reject).begin());
  }

  /** `as: 'string'` is done here: an enum becomes its state, a number its digits. */
  get(options?: GetOptions): Promise<Reading> {
    const wants = options ? { asString: options.as === 'string', count: options.count ?? 0, metadata: options.metadata ?? false } : plainly;
    return this.request((resolve, reject) => new ReadRequest(this.wire, options, wants.metadata ? everything : readingRequest, wants, resolve, reject).begin());
  }

  /** Writes `value`; an enum also by the name of its state. `wait`: until the record's processing is done (record[block=true]). Without it the server's answer is waited for. */
  put(value: WritableValue, options?: PutOptions): Promise<void> {
    const request = options?.wait ? 'field(value)record[block=true]' : 'field(value)';
    const { wire } = this;
    return this.request((resolve, reject) => new PutRequest(wire, options, request, (field, present) => toPut(wire.name, field, value, present), resolve, reject).begin());
  }

  /** The server decides what it posts; `mask` is looked at for `property` alone: then only changes of limits, units and states are told. */
  monitor(options: MonitorOptions, listener: (reading: Reading) => void): Disposer {
    const propertyOnly = options.mask?.length === 1 && options.mask[0] === 'property';
    const wants = { asString: options.as === 'string', count: options.count ?? 0, metadata: options.metadata ?? false };
    if (!propertyOnly && !wants.asString && wants.count === 0 && !wants.metadata) {
      if (this.over) throw goneError(this.name);
      return this.own(this.wire.subscribeReading(readingRequest, { update: listener }));
    }
    return this.monitorStructure({ request: wants.metadata || propertyOnly ? everything : readingRequest }, (update) => {
      if (propertyOnly && !metadataPaths.some((path) => isChanged(update.field, update.changed, path))) return;
      const reading = this.readingOf(update, wants);
      if (reading) listener(reading);
    });
  }

  /** An update as a reading; null where it has no value that could be shown, which a warning says. */
  readingOf({ field, value }: Pick<StructureUpdate, 'field' | 'value'>, options: ReadingOptions): Reading | null {
    try {
      return toReading(this.name, field, value, options);
    } catch (error) {
      if (!(error instanceof CaError)) throw error;
      this.wire.notShown(error);
      return null;
    }
  }

  /** The structure, or the fields of it that `request` names. */
  getStructure(options: StructureOptions = {}): Promise<StructureReading> {
    return this.request((resolve, reject) => new GetRequest(this.wire, options, checked(options.request ?? everything), resolve, reject).begin());
  }

  /** Writes the fields that `value` has, and only those. `wait` as in `put`. */
  putStructure(value: { readonly [field: string]: PvaInput }, options: StructureOptions & { wait?: boolean } = {}): Promise<void> {
    const request = options.request ?? (options.wait ? 'field()record[block=true]' : everything);
    return this.request((resolve, reject) => new PutRequest(this.wire, options, checked(request), (field) => ({ value, changed: bitsGiven(field, value) }), resolve, reject).begin());
  }

  /** Writes fields and reads back in one step on the server. Few servers have it. */
  putGetStructure(value: { readonly [field: string]: PvaInput }, options: StructureOptions = {}): Promise<StructureReading> {
    const request = checked(options.request ?? everything);
    return this.request((resolve, reject) => new PutGetRequest(this.wire, options, request, (field) => ({ value, changed: bitsGiven(field, value) }), resolve, reject).begin());
  }

  /**
   * A part of an array: `count` elements (0: to the end) from `offset` on, every `stride`-th. Servers that have no such request (QSRV, p4p)
   * are asked for the whole, which is cut here.
   */
  async getSlice(options: SliceOptions = {}): Promise<PvaElements> {
    const { field = 'value', offset = 0, count = 0, stride = 1, ...call } = options;
    const slice = checkedSlice({ offset, count, stride });
    try {
      return await this.request<PvaElements>((resolve, reject) => new ArrayRequest(this.wire, call, `field(${field})`, readSlice(slice), resolve, reject).begin());
    } catch (error) {
      if (!(error instanceof CaError) || error.code !== 'REQUEST_FAILED') throw error;
      const { value } = await this.getStructure({ ...call, request: `field(${field})` });
      return cutSlice(this.name, field, valueAt(value, field), slice);
    }
  }

  /** Writes into a part of an array, which grows where that goes beyond its end. Errors: REQUEST_FAILED by servers that have no such request. */
  putSlice(values: PvaInput, options: Omit<SliceOptions, 'count'> = {}): Promise<void> {
    const { field = 'value', offset = 0, stride = 1, ...call } = options;
    const slice = checkedSlice({ offset, count: 0, stride });
    return this.request((resolve, reject) => new ArrayRequest(this.wire, call, `field(${field})`, writeSlice(slice, values), resolve, reject).begin());
  }

  /** Elements that an array has now. */
  arrayLength(options: CallOptions & { field?: string } = {}): Promise<number> {
    const { field = 'value', ...call } = options;
    return this.request((resolve, reject) => new ArrayRequest(this.wire, call, `field(${field})`, readLength, resolve, reject).begin());
  }

  /** Cuts an array, or makes it longer by zeros or empty texts. */
  setArrayLength(length: number, options: CallOptions & { field?: string } = {}): Promise<void> {
    const { field = 'value', ...call } = options;
    if (!Number.isInteger(length) || length < 0) throw new ValueError('BAD_OPTION', `An array has 0 or more elements, not ${length}.`, this.name);
    return this.request((resolve, reject) => new ArrayRequest(this.wire, call, `field(${field})`, writeLength(length), resolve, reject).begin());
  }

  /** Calls the service behind the channel. `argument`: `{ field, value }`, or a plain object whose types are inferred (see `ntUri`). Null where the answer is empty. */
  rpc(argument: AnyValue | { readonly [name: string]: PvaInput } | null, options: CallOptions = {}): Promise<AnyValue | null> {
    return this.request((resolve, reject) => new RpcRequest(this.wire, options, typedValue(argument), resolve, reject).begin());
  }

  /** Every update with what changed. The listener is called with the whole value first. */
  monitorStructure(options: StructureMonitorOptions, listener: (update: StructureUpdate) => void): Disposer {
    if (this.over) throw goneError(this.name);
    const queueSize = options.queueSize ?? 4;
    if (!Number.isInteger(queueSize) || queueSize < 2) throw new ValueError('BAD_OPTION', `A queue holds 2 updates or more, not ${queueSize}.`, this.name);
    const { ended } = options;
    return this.own(this.wire.subscribe(checked(options.request ?? everything), options.pipeline ? queueSize : 0, {
      update: listener, ...(ended ? { ended } : {}),
    }));
  }

  /** The type of the channel, or of one of its fields (`subField` such as `display`). */
  fieldDescription(subField = '', options?: CallOptions): Promise<Field> {
    return this.request((resolve, reject) => new DescribeRequest(this.wire, options, subField, resolve, reject).begin());
  }

  onState(listener: (state: ChannelState, info: PvaChannelInfo | null) => void): Disposer {
    return this.own(this.wire.stateListeners.add(listener));
  }

  /** pvAccess servers don't tell access rights: never called. A refused write says so by itself. */
  onAccess(_listener: (access: Access) => void): Disposer { return disposer(() => undefined); }

  dispose(): void { this.close(); }
  [disposeSymbol](): void { this.close(); }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.owned.dispose();
    this.wire.release();
  }

  /** Closed, or its client is. */
  private get over(): boolean { return this.closed || this.wire.state === 'closed'; }

  private request<Result>(begin: (resolve: (result: Result) => void, reject: (error: CaError) => void) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.over) reject(goneError(this.name));
      else begin(resolve, reject);
    });
  }

  private own(inner: Disposable): Disposer {
    return this.owned.add(inner);
  }
}

/** Throws at once for a request that cannot be, not when the channel connects. */
function checked(request: string): string {
  try {
    parsePvRequest(request);
  } catch (error) {
    throw error instanceof LocalProtocolError ? new ValueError('BAD_OPTION', error.message) : error;
  }
  return request;
}

function typedValue(argument: AnyValue | { readonly [name: string]: PvaInput } | null): AnyValue | null {
  if (argument === null) return null;
  const { field } = argument as { field?: { kind?: unknown } };
  if (typeof field === 'object' && field !== null && typeof field.kind === 'string') return argument as AnyValue;
  try {
    return { field: inferField(argument), value: argument as AnyValue['value'] };
  } catch (error) {
    throw error instanceof LocalProtocolError ? new ValueError('BAD_TYPE', error.message) : error;
  }
}

/** The paths that an update brought, such as `value` and `alarm.severity`; '' is everything. */
export function updatedPaths(update: StructureUpdate): string[] {
  return changedPaths(update.field, update.changed);
}
