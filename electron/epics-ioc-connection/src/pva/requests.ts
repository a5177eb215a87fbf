// Requests of a caller: wait for the channel, run an operation, wait for the answer, all within one time limit.
import type { CallOptions } from '../api';
import { Limited } from '../ca/deadlines';
import { abortedError, CaError, closedError, DisconnectedError, RequestError, TimeoutError, TlsError, ValueError } from '../ca/errors';
import { LocalProtocolError } from '../ca/protocol/errors';
import { timeLimit } from '../ca/timeLimit';
import type { Reading } from '../value';
import type { RequestSink } from './clientConnection';
import type { Operation, OperationUser } from './operation';
import { commands, fieldAt, isSuccess, readAny, statusWords, subcommands, writePut, writeRpc } from './protocol';
import type { AnyValue, BitSet, Field, OperationCommand, PvaInput, PvaStructure, Status, StructureField, WireReader } from './protocol';
import { toReading } from './reading';
import type { ReadingOptions } from './reading';
import type { PvaChannelInfo, PvaWireChannel } from './wireChannel';

/** Common to all: the time limit, the abort signal, the end. */
export abstract class PvaRequest<Result> extends Limited {
  readonly limit: number;
  protected readonly seconds: number;
  private over = false;
  private readonly signal: AbortSignal | undefined;
  /** Its listener at the signal: most requests have none. */
  private onAbort: (() => void) | null = null;

  constructor(
    readonly channel: PvaWireChannel, options: CallOptions | undefined,
    private readonly resolve: (result: Result) => void, private readonly reject: (error: CaError) => void,
  ) {
    super();
    this.seconds = timeLimit(channel.name, options);
    this.limit = this.seconds * 1000;
    this.signal = options?.signal;
  }

  begin(): void {
    if (this.signal) {
      if (this.signal.aborted) return this.fail(abortedError(this.channel.name));
      this.onAbort = () => this.fail(abortedError(this.channel.name));
      this.signal.addEventListener('abort', this.onAbort);
    }
    this.channel.host.deadlines.add(this);
    if (this.canStart) this.tryStart();
    else this.channel.wait(this);
  }

  /** What it needs is there. */
  get canStart(): boolean { return this.channel.created; }

  tryStart(): void {
    if (this.over) return;
    try {
      this.start();
    } catch (error) {
      this.failed(error);
    }
  }

  expired(): void { this.fail(this.timeoutError()); }
  /** The channel or the client was closed. */
  cancelled(): void { this.fail(closedError(this.channel.name)); }

  protected abstract start(): void;
  protected abstract withdraw(): void;
  protected timeoutError(): CaError { return this.notConnected(); }

  /** What a caller gave wrong becomes the request's error; what the peer did wrong closes the connection. */
  protected failed(error: unknown): void {
    if (error instanceof CaError) this.fail(error);
    else if (error instanceof LocalProtocolError) this.fail(new ValueError('BAD_TYPE', `"${this.channel.name}": ${error.message}`, this.channel.name));
    else throw error;
  }

  protected succeed(result: Result): void {
    if (this.over) return;
    this.finish();
    this.withdraw();
    this.resolve(result);
  }

  fail(error: CaError): void {
    if (this.over) return;
    this.finish();
    this.withdraw();
    this.reject(error);
  }

  protected notConnected(): CaError {
    const { name, state, host, obstacle } = this.channel;
    const within = `within ${this.seconds} s`;
    if (this.channel.created) return new TimeoutError(`"${name}" did not answer ${within}. Its server may be busy: try again, or allow more time.`, name);
    if (obstacle) return new TlsError(`"${name}" was found, but ${obstacle.reason}`, name);
    if (state === 'disconnected') return new DisconnectedError(`"${name}" is disconnected and its server has not come back ${within}. Check that it runs.`, name);
    return new TimeoutError(`"${name}" was not found ${within}. Check the name, that its server runs, and ${host.addressHint}.`, name);
  }

  private finish(): void {
    this.over = true;
    this.channel.host.deadlines.remove(this);
    if (this.channel.waiting) this.channel.stopWaiting(this);
    if (this.onAbort) this.signal?.removeEventListener('abort', this.onAbort);
  }
}
export type AnyPvaRequest = Pick<PvaRequest<never>, 'canStart' | 'tryStart' | 'cancelled'>;

/** Waits for the channel and for its type. */
export class ConnectRequest extends PvaRequest<PvaChannelInfo> {
  override get canStart(): boolean { return this.channel.described; }
  override begin(): void {
    this.channel.wantType();
    super.begin();
  }

  protected start(): void { this.succeed(this.channel.info as PvaChannelInfo); }
  protected withdraw(): void { /* Nothing is on the wire. */ }
}

/** Waits for the channel alone. */
export class ReachRequest extends PvaRequest<void> {
  protected start(): void { this.succeed(); }
  protected withdraw(): void { /* Nothing is on the wire. */ }
}

/** GET_FIELD: the type of a channel, or of one of its fields, which is looked up here: QSRV answers with the whole whatever is asked for. */
export class DescribeRequest extends PvaRequest<Field> implements RequestSink {
  readonly command = commands.GET_FIELD;
  private requestId: number | null = null;

  constructor(channel: PvaWireChannel, options: CallOptions | undefined, private readonly subField: string, resolve: (field: Field) => void, reject: (error: CaError) => void) {
    super(channel, options, resolve, reject);
  }

  protected start(): void {
    this.requestId = this.channel.connection().wire.getField(this, this.channel.serverId, '');
    this.channel.track(this);
    this.channel.flush();
  }

  protected withdraw(): void {
    this.channel.untrack(this);
    if (this.requestId !== null) this.channel.link?.wire.forget(this.requestId);
  }

  initialised(status: Status, fields: readonly Field[]): void {
    const [field] = fields;
    const { name } = this.channel;
    if (!isSuccess(status) || !field) return this.fail(serverRefused(name, 'describe', status, 'REQUEST_FAILED'));
    const wanted = this.subField === '' ? field : field.kind === 'structure' ? fieldAt(field, this.subField)?.field : undefined;
    if (wanted) return this.succeed(wanted);
    return this.fail(new ValueError('BAD_OPTION', `"${name}" has no field "${this.subField}".`, name));
  }

  answered(): void { /* Has no second answer. */ }
  tooLarge(): void { this.fail(tooLarge(this.channel.name)); }
  channelLost(): void { this.dropped(); }
  dropped(): void { this.fail(disconnected(this.channel.name)); }
}

/** A request that runs an operation. */
export abstract class OperationRequest<Result> extends PvaRequest<Result> implements OperationUser {
  protected operation: Operation | null = null;
  /** What may change something on the server is on its way: when its answer is lost, it is not known whether it was done. */
  protected acting = false;
  protected abstract readonly command: OperationCommand;
  protected abstract readonly what: string;
  /** Operations are shared by requests of one kind. */
  protected readonly kind: string = '';

  constructor(
    channel: PvaWireChannel, options: CallOptions | undefined, private readonly request: string,
    resolve: (result: Result) => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, resolve, reject);
  }

  protected start(): void { this.operation = this.channel.operation(this.command, this.request, this, this.kind); }

  ready(operation: Operation): void {
    this.operation = operation;
    try {
      this.run(operation);
    } catch (error) {
      this.failed(error);
    }
  }

  answered(status: Status, subcommand: number, reader: WireReader): void {
    if (!isSuccess(status)) return this.fail(this.refusal(status));
    try {
      this.done(reader, subcommand);
    } catch (error) {
      this.failed(error);
    }
  }

  refused(status: Status): void { this.fail(this.refusal(status)); }
  tooLarge(): void { this.fail(tooLarge(this.channel.name)); }

  /** Never repeated: the server may have done it. */
  dropped(): void {
    const { name } = this.channel;
    this.fail(this.acting ? new RequestError('PUT_OUTCOME_UNKNOWN',
      `The connection to "${name}" was lost after the request to ${this.what} it was sent: it is not known whether it was done. Read the PV before you do it again.`, name)
      : disconnected(name));
  }

  protected override timeoutError(): CaError {
    const { name } = this.channel;
    if (!this.acting) return super.timeoutError();
    return new TimeoutError(`"${name}" did not complete the request to ${this.what} it within ${this.seconds} s. It may still be under way: read the PV, or allow more time.`, name);
  }

  protected abstract run(operation: Operation): void;
  protected abstract done(reader: WireReader, subcommand: number): void;
  protected refusal(status: Status): CaError { return serverRefused(this.channel.name, this.what, status, 'REQUEST_FAILED'); }

  protected withdraw(): void {
    const { operation } = this;
    this.operation = null;
    operation?.release();
  }

  protected structureOf(operation: Operation): StructureField {
    const { structure } = operation;
    if (!structure) throw new RequestError('BAD_TYPE', `"${this.channel.name}" is not a structure: this client cannot read or write it.`, this.channel.name);
    return structure;
  }
}

export interface StructureReading { readonly field: StructureField; readonly value: PvaStructure; readonly changed: BitSet }

export class GetRequest extends OperationRequest<StructureReading> {
  protected readonly command = commands.GET;
  protected readonly what = 'read';

  protected run(operation: Operation): void { operation.execute(subcommands.get); }
  protected done(reader: WireReader): void {
    const operation = this.operation as Operation;
    const field = this.structureOf(operation);
    this.succeed({ field, ...operation.readData(reader, field) });
  }

  protected override refusal(status: Status): CaError { return serverRefused(this.channel.name, this.what, status, 'GET_FAILED'); }
}

/** A reading, straight from the wire where its type allows. */
export class ReadRequest extends OperationRequest<Reading> {
  protected readonly command = commands.GET;
  protected readonly what = 'read';
  /** What is read straight from the wire has operations of its own: an answer may bring only what changed since the last one of its operation. */
  protected override readonly kind: '' | 'reading';

  constructor(
    channel: PvaWireChannel, options: CallOptions | undefined, request: string, private readonly wants: ReadingOptions,
    resolve: (result: Reading) => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, request, resolve, reject);
    this.kind = wants.asString || wants.count > 0 || wants.metadata ? '' : 'reading';
  }

  protected run(operation: Operation): void { operation.execute(subcommands.get); }
  protected done(reader: WireReader): void {
    const operation = this.operation as Operation;
    const field = this.structureOf(operation);
    const flat = this.kind === 'reading' ? operation.readFlat(reader, field) : null;
    this.succeed(flat ?? toReading(this.channel.name, field, operation.readData(reader, field).value, this.wants));
  }

  protected override refusal(status: Status): CaError { return serverRefused(this.channel.name, this.what, status, 'GET_FAILED'); }
}

/** What is to be put, once the type is known; null: the present value is needed first. */
export type PutBuilder = (field: StructureField, present: PvaStructure | null) => { value: PvaInput; changed: BitSet } | null;

export class PutRequest extends OperationRequest<void> {
  protected readonly command = commands.PUT;
  protected readonly what = 'write';

  constructor(
    channel: PvaWireChannel, options: CallOptions | undefined, request: string, private readonly build: PutBuilder,
    resolve: () => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, request, resolve, reject);
  }

  protected run(operation: Operation): void {
    if (!this.put(operation, null)) operation.execute(subcommands.get);
  }

  private put(operation: Operation, present: PvaStructure | null): boolean {
    const field = this.structureOf(operation);
    const built = this.build(field, present);
    if (!built) return false;
    operation.execute(0, (writer, ids) => writePut(writer, commands.PUT, ids, field, built.value, built.changed));
    this.acting = true;
    return true;
  }

  protected done(reader: WireReader, subcommand: number): void {
    if ((subcommand & subcommands.get) === 0) return this.succeed();
    const operation = this.operation as Operation;
    if (!this.put(operation, operation.readData(reader, this.structureOf(operation)).value)) {
      throw new RequestError('PUT_FAILED', `"${this.channel.name}" does not say what it takes.`, this.channel.name);
    }
    return undefined;
  }

  protected override refusal(status: Status): CaError { return serverRefused(this.channel.name, this.what, status, 'PUT_FAILED'); }
}

/** Puts and gets in one step on the server. */
export class PutGetRequest extends OperationRequest<StructureReading> {
  protected readonly command = commands.PUT_GET;
  protected readonly what = 'write and read';

  constructor(
    channel: PvaWireChannel, options: CallOptions | undefined, request: string, private readonly build: PutBuilder,
    resolve: (result: StructureReading) => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, request, resolve, reject);
  }

  protected run(operation: Operation): void {
    const field = this.structureOf(operation);
    const built = this.build(field, null);
    if (!built) return;
    operation.execute(0, (writer, ids) => writePut(writer, commands.PUT_GET, ids, field, built.value, built.changed));
    this.acting = true;
  }

  protected done(reader: WireReader): void {
    const operation = this.operation as Operation;
    const field = operation.fields[1];
    if (field?.kind !== 'structure') throw new RequestError('BAD_TYPE', `"${this.channel.name}" answered with what is not a structure.`, this.channel.name);
    this.succeed({ field, ...operation.readData(reader, field) });
  }
}

export class RpcRequest extends OperationRequest<AnyValue | null> {
  protected readonly command = commands.RPC;
  protected readonly what = 'call';

  constructor(
    channel: PvaWireChannel, options: CallOptions | undefined, private readonly argument: AnyValue | null,
    resolve: (result: AnyValue | null) => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, '', resolve, reject);
  }

  protected run(operation: Operation): void {
    operation.execute(0, (writer, ids) => writeRpc(writer, ids, this.argument));
    this.acting = true;
  }

  protected done(reader: WireReader): void { this.succeed(readAny(reader, this.channel.connection().wire.typeCache)); }
}

function serverRefused(pv: string, what: string, status: Status, code: 'GET_FAILED' | 'PUT_FAILED' | 'REQUEST_FAILED'): CaError {
  return new RequestError(code, `The server refused to ${what} "${pv}": ${statusWords(status)}.`, pv);
}
function tooLarge(pv: string): CaError {
  return new RequestError('TOO_LARGE', `"${pv}" is larger than this client accepts. Raise maxMessageBytes.`, pv);
}
function disconnected(pv: string): CaError {
  return new DisconnectedError(`"${pv}" was disconnected before its answer came. It is being searched for: try again.`, pv);
}
