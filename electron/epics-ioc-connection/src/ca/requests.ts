// Requests of a caller: wait for the channel, send, wait for the answer, all within one time limit.
import type { CallOptions, ChannelInfo } from '../api';
import type { Reading } from '../value';
import type { PendingRequest } from './clientCircuit';
import { Limited } from './deadlines';
import { abortedError, AccessError, closedError, DisconnectedError, RequestError, TimeoutError, ValueError } from './errors';
import type { CaError } from './errors';
import { oldMaxPayload } from './protocol/commands';
import { decodeReading } from './protocol/dbrDecode';
import { payloadSize } from './protocol/dbrEncode';
import type { Message } from './protocol/message';
import { eca, isSuccess, statusName, statusText } from './protocol/status';
import { timeLimit } from './timeLimit';
import type { WireChannel } from './wireChannel';
import type { WireWrite } from './writeValue';

/** First protocol minor version with the extended header. */
const extendedHeaderVersion = 9;

/** Common to all: the time limit, the abort signal, the end. */
export abstract class Request<Result> extends Limited {
  readonly limit: number;
  protected readonly seconds: number;
  private over = false;
  private readonly signal: AbortSignal | undefined;
  /** Its listener at the signal: most requests have none. */
  private onAbort: (() => void) | null = null;

  constructor(
    readonly channel: WireChannel, options: CallOptions | undefined,
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
    const { channel } = this;
    channel.host.deadlines.add(this);
    if (channel.connected) this.tryStart();
    else if (channel.unusable) this.fail(channel.unusable);
    else channel.wait(this);
  }

  /** The channel is connected now. */
  tryStart(): void {
    if (this.over) return;
    try {
      this.start();
    } catch (error) {
      this.fail(error as CaError);
    }
  }

  expired(): void { this.fail(this.timeoutError()); }
  /** The channel is gone from its server, the circuit is not. */
  channelLost(): void { /* Only what is on the wire is lost. */ }
  /** The channel or the client was closed. */
  cancelled(): void { this.fail(closedError(this.channel.name)); }

  protected abstract start(): void;
  protected abstract withdraw(): void;
  protected abstract timeoutError(): CaError;

  protected succeed(result: Result): void {
    if (this.over) return;
    this.finish();
    this.resolve(result);
  }

  fail(error: CaError): void {
    if (this.over) return;
    this.finish();
    this.withdraw();
    this.reject(error);
  }

  protected notConnected(): CaError {
    const { name, state, host } = this.channel;
    const within = `within ${this.seconds} s`;
    if (state === 'disconnected') return new DisconnectedError(`"${name}" is disconnected and its IOC has not come back ${within}. Check that the IOC runs.`, name);
    return new TimeoutError(`"${name}" was not found ${within}. Check the name, that its IOC runs, and ${host.addressHint}.`, name);
  }

  private finish(): void {
    this.over = true;
    this.channel.host.deadlines.remove(this);
    if (this.channel.waiting) this.channel.stopWaiting(this);
    if (this.onAbort) this.signal?.removeEventListener('abort', this.onAbort);
  }
}
export type AnyRequest = Pick<Request<never>, 'tryStart' | 'cancelled' | 'fail'>;

export class ConnectRequest extends Request<ChannelInfo> {
  protected start(): void { this.succeed(this.channel.info as ChannelInfo); }
  protected withdraw(): void { /* Nothing is on the wire. */ }
  protected timeoutError(): CaError { return this.notConnected(); }
}

/** A request with an answer. */
abstract class WireRequest<Result> extends Request<Result> implements PendingRequest {
  protected requestId: number | null = null;

  abstract answered(status: number, message: Message | null): void;
  abstract dropped(): void;

  override channelLost(): void {
    if (this.requestId !== null) this.dropped();
  }

  protected withdraw(): void {
    if (this.requestId !== null) this.channel.link?.circuit.forget(this.requestId);
  }

  protected refused(status: number, code: 'GET_FAILED' | 'PUT_FAILED'): CaError {
    const { name } = this.channel;
    if (status === eca.NORDACCESS) return new AccessError('read', name);
    if (status === eca.NOWTACCESS) return new AccessError('write', name);
    if (status === eca.TOLARGE && code === 'PUT_FAILED') {
      return new RequestError('TOO_LARGE', `The IOC of "${name}" takes no write of that size. Write fewer elements, or raise the limit of that server.`, name);
    }
    if (status === eca.TOLARGE) {
      return new RequestError('TOO_LARGE', `"${name}" is larger than this client accepts. Raise maxArrayBytes (EPICS_CA_MAX_ARRAY_BYTES).`, name);
    }
    if (status === eca.BADTYPE || status === eca.NOCONVERT) return new ValueError('BAD_TYPE', `The IOC cannot convert "${name}" to or from this type (${statusName(status)}).`, name);
    const what = code === 'GET_FAILED' ? 'read of' : 'write to';
    return new RequestError(code, `The IOC refused the ${what} "${name}": ${statusText(status)} (${statusName(status)}).`, name);
  }
}

/** `dataType`: a DBR number that goes before form and text. */
export interface GetWants { readonly form: 'time' | 'ctrl'; readonly asString: boolean; readonly count: number; readonly dataType?: number }

export class GetRequest extends WireRequest<Reading> {
  constructor(
    channel: WireChannel, options: CallOptions | undefined, private readonly wants: GetWants,
    resolve: (reading: Reading) => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, resolve, reject);
  }

  protected start(): void {
    const { channel, wants } = this;
    if (!channel.access.read) throw new AccessError('read', channel.name);
    const { circuit } = channel.wire();
    this.requestId = circuit.read(this, wants.dataType ?? channel.dbrFor(wants.form, wants.asString), channel.countFor(wants.count), channel.serverId);
    channel.flush();
  }

  answered(status: number, message: Message | null): void {
    if (!isSuccess(status) || !message) return this.fail(this.refused(status, 'GET_FAILED'));
    try {
      this.succeed(decodeReading(message, this.channel.scalar));
    } catch (error) {
      this.dropped();
      throw error;
    }
  }

  dropped(): void {
    const { name } = this.channel;
    this.fail(new DisconnectedError(`"${name}" was disconnected before its value came. It is being searched for: try again.`, name));
  }

  protected timeoutError(): CaError {
    if (!this.channel.connected) return this.notConnected();
    return new TimeoutError(`"${this.channel.name}" did not answer a read within ${this.seconds} s. Its IOC may be overloaded: allow more time or check the IOC.`, this.channel.name);
  }
}

export class PutRequest extends WireRequest<void> {
  constructor(
    channel: WireChannel, options: CallOptions | undefined, private readonly convert: () => WireWrite, private readonly wait: boolean,
    resolve: () => void, reject: (error: CaError) => void,
  ) {
    super(channel, options, resolve, reject);
  }

  protected start(): void {
    const { channel } = this;
    if (!channel.access.write) throw new AccessError('write', channel.name);
    const { dataType, count, value } = this.convert();
    const { circuit } = channel.wire();
    const size = payloadSize(dataType, count, value);
    if (size > oldMaxPayload && circuit.minorVersion > 0 && circuit.minorVersion < extendedHeaderVersion) {
      throw new RequestError('TOO_LARGE',
        `"${channel.name}" is on an old server (Channel Access 4.${circuit.minorVersion}) that takes ${oldMaxPayload} bytes, not ${size}. Write fewer elements.`, channel.name);
    }
    if (this.wait) this.requestId = circuit.writeNotify(this, dataType, count, channel.serverId, value);
    else circuit.write(dataType, count, channel.serverId, value);
    channel.flush();
    if (!this.wait) this.succeed();
  }

  answered(status: number): void {
    if (isSuccess(status)) this.succeed();
    else this.fail(this.refused(status, 'PUT_FAILED'));
  }

  /** Never repeated: the IOC may have done it. */
  dropped(): void {
    const { name } = this.channel;
    this.fail(new RequestError('PUT_OUTCOME_UNKNOWN',
      `The connection to "${name}" was lost after the write was sent: it is not known whether it was done. Read the PV before you write again.`, name));
  }

  protected timeoutError(): CaError {
    if (this.requestId === null) return this.notConnected();
    return new TimeoutError(`"${this.channel.name}" did not complete the write within ${this.seconds} s. It may still be under way: read the PV, or allow more time.`, this.channel.name);
  }
}
