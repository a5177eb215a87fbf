// One PV of the one client: the same words for Channel Access and pvAccess.
import type { Access, CallOptions, ChannelInfo, ChannelState, Disposable, GetOptions, MonitorOptions, PutOptions } from '../api';
import type { CaChannel } from '../ca/channel';
import { abortedError, AccessError, CaError, closedError, DisconnectedError, goneError, RequestError, TimeoutError, ValueError } from '../ca/errors';
import { checkTimeLimit } from '../ca/timeLimit';
import type { DiagnosticSource, Protocol } from '../diagnostics';
import { disposer, disposeSymbol } from '../disposal';
import type { Disposer } from '../disposal';
import type { PvaChannel } from '../pva/channel';
import { isSuccess, statusWords } from '../pva/protocol';
import type { Status } from '../pva/protocol';
import { readingRequest, toReading } from '../pva/reading';
import type { Clock, Timer } from '../transport/transport';
import type { WritableValue } from '../value';
import { CaMetadata } from './caMetadata';
import { followCa } from './followCa';
import { everything, followPva } from './followPva';
import { caSample, pvaSample } from './sample';
import type { Sample } from './sample';
import { UpdateStream } from './updateStream';

/** Updates that wait for a slow reader, where it says nothing else. */
const defaultBuffer = 32;
/** States that Channel Access tells of an enum; a menu may have more. */
const mostTold = 16;

export interface PvMonitorOptions extends MonitorOptions {
  /** Updates that wait for a slow `for await`; beyond it the oldest are dropped and counted. Default 32. */
  bufferSize?: number;
  /** Seconds until the first update; left out: for ever. */
  timeout?: number;
  signal?: AbortSignal;
  /** `fail`: the loop ends with DISCONNECTED when the server goes. `wait` (default): it goes on when the server is back. */
  onDisconnect?: 'wait' | 'fail';
  /** pvAccess only: the server sends no more than `queueSize` updates ahead. */
  pipeline?: boolean;
  /** pvAccess only: updates, at least 2; default 4. */
  queueSize?: number;
}

/** What a channel needs of its client. */
export interface PvChannelHost {
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSource;
  /** Seconds, for calls that say nothing else; undefined: 5 s. */
  readonly timeout: number | undefined;
  listenerFailed(error: unknown): void;
  released(channel: PvChannel): void;
}

export class PvChannel implements Disposable {
  readonly protocol: Protocol;
  /** The protocol's own channel, for what only it has; the other one is null. */
  readonly ca: CaChannel | null;
  readonly pva: PvaChannel | null;
  private readonly inner: CaChannel | PvaChannel;
  private readonly metadata: CaMetadata | null;
  private readonly owned = new Set<Disposable>();
  private asked = false;
  private closed = false;

  constructor(private readonly host: PvChannelHost, channel: { readonly ca: CaChannel } | { readonly pva: PvaChannel }) {
    this.ca = 'ca' in channel ? channel.ca : null;
    this.pva = 'pva' in channel ? channel.pva : null;
    this.inner = 'ca' in channel ? channel.ca : channel.pva;
    this.protocol = this.ca ? 'ca' : 'pva';
    this.metadata = this.ca ? new CaMetadata(this.ca) : null;
  }

  /** Without the protocol. */
  get name(): string { return this.inner.name; }
  get state(): ChannelState { return this.inner.state; }
  get connected(): boolean { return this.inner.connected; }

  /** Type, count, access, server. Waits for the connection. */
  info(options?: CallOptions): Promise<ChannelInfo> { return this.inner.whenConnected(this.limited(options)); }

  /** Value, alarm and time with display, control and enum; `metadata: false` leaves the latter out. Errors: `CaError` with its code. */
  get(options: GetOptions = {}): Promise<Sample> {
    const limited = this.limited(options);
    return this.timed('get', () => (this.ca ? this.getCa(this.ca, limited) : this.getPva(this.pva as PvaChannel, limited)));
  }

  /** An enum also by the name of its state. `wait`: until the record has finished. Errors: `CaError` with its code. */
  put(value: WritableValue, options: PutOptions = {}): Promise<void> {
    const limited = this.limited(options);
    return this.timed('put', () => this.inner.put(value, limited).catch((error: unknown) => this.explain(error, value, limited)));
  }

  /** Updates to read with `for await`; ending the loop ends the subscription. It survives reconnects. */
  monitor(options?: PvMonitorOptions): UpdateStream<Sample>;
  /** Calls `listener` with each update until disposed, or until the signal fires. */
  monitor(options: PvMonitorOptions, listener: (sample: Sample) => void): Disposer;
  monitor(options: PvMonitorOptions = {}, listener?: (sample: Sample) => void): UpdateStream<Sample> | Disposer {
    if (this.closed) throw goneError(this.name);
    return listener ? this.listen(options, listener) : this.stream(options);
  }

  /** Called when the PV comes or goes. */
  onState(listener: (state: ChannelState, info: ChannelInfo | null) => void): Disposer { return usable(this.inner.onState(listener)); }
  /** Called when the IOC changes what may be done; never by pvAccess, which does not tell. */
  onAccess(listener: (access: Access) => void): Disposer { return usable(this.inner.onAccess(listener)); }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const each of [...this.owned]) each.dispose();
    this.inner.close();
    this.host.released(this);
  }

  dispose(): void { this.close(); }
  [disposeSymbol](): void { this.close(); }

  /** An IOC refuses the name of a state that an enum has not, and does not say why. */
  private async explain(failure: unknown, value: WritableValue, { timeout, signal }: CallOptions): Promise<never> {
    const { ca } = this;
    if (ca?.info?.type === 'ENUM' && typeof value === 'string' && Number.isNaN(Number(value)) && failure instanceof CaError && failure.code === 'PUT_FAILED') {
      const call = { ...(timeout === undefined ? {} : { timeout }), ...(signal ? { signal } : {}) };
      const states = (await ca.get({ ...call, metadata: true, count: 1 }).catch(() => null))?.metadata?.states ?? [];
      if (states.length > 0 && states.length < mostTold && !states.includes(value)) throw new ValueError('BAD_TYPE', `"${this.name}" has no state "${value}": it has ${states.join(', ')}.`, this.name);
    }
    throw failure;
  }

  private async getCa(channel: CaChannel, { metadata: wanted = true, ...options }: GetOptions): Promise<Sample> {
    const { metadata } = this;
    const isEnum = (): boolean => channel.info?.type === 'ENUM';
    if (!wanted || !metadata) return caSample(this.name, await channel.get(options), null, isEnum());
    // Who reads again will do so often: from then on the IOC tells when the metadata changes.
    if (this.asked && !metadata.followed && !this.closed) this.owned.add(metadata.follow(() => undefined));
    this.asked = true;
    if (metadata.known && channel.connected) return caSample(this.name, await channel.get(options), metadata.known, isEnum());
    const { as: _as, count: _count, ...call } = options;
    const [reading, limits] = await Promise.all([channel.get(options), channel.get({ ...call, metadata: true, count: 1 })]);
    return caSample(this.name, reading, limits.metadata ?? {}, isEnum());
  }

  private async getPva(channel: PvaChannel, { metadata: wanted = true, as, count = 0, ...call }: GetOptions): Promise<Sample> {
    const { field, value } = await channel.getStructure({ ...call, request: wanted ? everything : readingRequest });
    const reading = toReading(this.name, field, value, { asString: as === 'string', count, metadata: wanted });
    return pvaSample(this.name, reading, reading.metadata ?? null, value);
  }

  private follow(options: PvMonitorOptions, emit: (sample: Sample) => void, ended: (status: Status) => void): Disposable {
    const { mask, count, as } = options;
    const wire: MonitorOptions = { ...(mask ? { mask } : {}), ...(count === undefined ? {} : { count }), ...(as ? { as } : {}) };
    const following = this.ca
      ? followCa(this.ca, options.metadata === false ? null : this.metadata, wire, this.host.clock, emit)
      : followPva(this.pva as PvaChannel, options, emit, ended);
    return this.own(following);
  }

  private listen(options: PvMonitorOptions, listener: (sample: Sample) => void): Disposer {
    const { signal } = options;
    if (signal?.aborted) return disposer(() => undefined);
    const following = this.follow(options, listener, () => undefined);
    const stop = (): void => {
      signal?.removeEventListener('abort', stop);
      following.dispose();
    };
    signal?.addEventListener('abort', stop);
    return disposer(stop);
  }

  private stream(options: PvMonitorOptions): UpdateStream<Sample> {
    const { signal, timeout, bufferSize = defaultBuffer } = options;
    if (timeout !== undefined && timeout !== 0) checkTimeLimit(this.name, timeout);
    if (!(bufferSize >= 0)) throw new ValueError('BAD_OPTION', `A buffer of ${bufferSize} updates makes no sense: give a whole number from 1.`, this.name);
    const stream = new UpdateStream<Sample>(Math.max(1, bufferSize));
    if (signal?.aborted) {
      stream.abort(abortedError(this.name));
      return stream;
    }
    let timer: Timer | null = null;
    // First: options that cannot be are refused here, with nothing begun.
    const following = this.follow(options, (sample) => {
      timer?.cancel();
      stream.push(sample);
    }, (status) => {
      if (isSuccess(status)) stream.end();
      else stream.fail(new RequestError('REQUEST_FAILED', `The server sends no updates of "${this.name}": ${statusWords(status)}.`, this.name));
    });
    const abort = (): void => stream.abort(abortedError(this.name));
    signal?.addEventListener('abort', abort);
    if (timeout && !stream.arrived) {
      timer = this.host.clock.after(timeout * 1000, () => {
        stream.fail(new TimeoutError(`"${this.name}" sent no update within ${timeout} s. Check the name and that its IOC runs.`, this.name));
      });
    }
    const requireAccess = (access: Access | undefined): void => { if (access?.read === false) stream.fail(new AccessError('read', this.name)); };
    const access = this.inner.onAccess(requireAccess);
    if (this.connected) requireAccess(this.inner.info?.access);
    const state = this.inner.onState((now, info) => {
      if (now === 'connected') requireAccess(info?.access);
      else if (now === 'closed') stream.fail(closedError(this.name));
      else if (now === 'disconnected' && options.onDisconnect === 'fail') {
        stream.fail(new DisconnectedError(`"${this.name}" was disconnected while it was followed. It is being searched for: follow it again.`, this.name));
      }
    });
    const held: Disposable = this.own({ dispose: () => stream.fail(closedError(this.name)) });
    stream.whenEnded(() => {
      signal?.removeEventListener('abort', abort);
      timer?.cancel();
      for (const each of [following, state, access]) each.dispose();
      this.owned.delete(held);
    });
    return stream;
  }

  private limited<Options extends CallOptions>(options?: Options): Options {
    const own = options?.timeout;
    const timeout = own === undefined || own === 0 ? this.host.timeout : own;
    return { ...options, ...(timeout === undefined ? {} : { timeout }) } as Options;
  }

  private async timed<Result>(request: 'get' | 'put', act: () => Promise<Result>): Promise<Result> {
    const { diagnostics, clock } = this.host;
    if (!diagnostics.active) return act();
    const start = clock.now();
    const tell = (code?: string): void => diagnostics.emit({
      kind: 'request', pv: this.name, request, milliseconds: clock.now() - start, ...(code === undefined ? {} : { code }),
    });
    try {
      const result = await act();
      tell();
      return result;
    } catch (error) {
      tell(String((error as { code?: string }).code ?? 'FAILED'));
      throw error;
    }
  }

  private own(inner: Disposable): Disposable {
    const disposable = {
      dispose: () => {
        if (this.owned.delete(disposable)) inner.dispose();
      },
    };
    this.owned.add(disposable);
    return disposable;
  }
}

function usable(inner: Disposable): Disposer {
  return disposer(() => inner.dispose());
}
