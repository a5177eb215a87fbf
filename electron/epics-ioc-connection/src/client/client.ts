// The one client: Channel Access and pvAccess by the same words. A program may have several, each with settings of its own.
import type { CaClientOptions, Disposable } from '../api';
import { CaClient } from '../ca/client';
import { CancelledError, ValueError } from '../ca/errors';
import type { DiagnosticEvent, Protocol } from '../diagnostics';
import { asyncDisposeSymbol, disposer, disposeSymbol } from '../disposal';
import type { Disposer } from '../disposal';
import { PvaClient } from '../pva/client';
import type { PvaClientOptions } from '../pva/clientOptions';
import type { Transport } from '../transport/transport';
import { PvChannel } from './pvChannel';
import { parsePvName } from './pvName';
import { UpdateStream } from './updateStream';

export interface ClientOptions {
  /** Of names without a protocol. Default `ca`. */
  defaultProtocol?: Protocol;
  /** Variables to take EPICS_CA_* and EPICS_PVA_* settings from; default those of the process. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** What goes before the variables. */
  ca?: CaClientOptions;
  pva?: PvaClientOptions;
  /** Seconds, for calls that say nothing else. Default 5. */
  timeout?: number;
}

export interface Warning { readonly protocol: Protocol; readonly code: string; readonly message: string; readonly pv?: string; readonly host?: string }

export interface DiagnosticsOptions {
  /** Events that wait for a slow reader; default 1000. */
  bufferSize?: number;
  signal?: AbortSignal;
}

const defaultDiagnosticsBuffer = 1000;
const known: readonly string[] = ['defaultProtocol', 'environment', 'ca', 'pva', 'timeout'] satisfies readonly (keyof ClientOptions)[];

export class Client implements Disposable {
  private readonly clients: { ca?: CaClient; pva?: PvaClient } = {};
  private readonly warningListeners = new Set<(warning: Warning) => void>();
  private readonly diagnosticListeners = new Set<(event: DiagnosticEvent) => void>();
  private readonly following = new Map<Protocol, Disposable>();
  private readonly warnings = new Map<Protocol, Disposable>();
  private readonly channels = new Set<PvChannel>();
  private readonly streams = new Set<UpdateStream<DiagnosticEvent>>();
  private closed = false;

  /** `transport` is the real network where it is left out; tests give their own. Nothing is sent before the first channel. */
  constructor(private readonly options: ClientOptions = {}, private readonly transport?: Transport) {
    const { timeout, defaultProtocol = 'ca' } = options;
    const unknown = Object.keys(options).filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new ValueError('BAD_OPTION', `A client has no option ${unknown.join(', ')}. It has ${known.join(', ')}; addresses and ports are of one protocol, for example { ca: { addressList: ['192.168.1.255'] } }.`);
    if (defaultProtocol !== 'ca' && defaultProtocol !== 'pva') throw new ValueError('BAD_OPTION', `The default protocol is ca or pva, not ${String(defaultProtocol)}.`);
    if (timeout !== undefined && !(timeout > 0)) throw new ValueError('BAD_OPTION', `A time limit of ${timeout} s makes no sense: it must be greater than 0.`);
  }

  /** `ca://NAME`, `pva://NAME`, or NAME for the default protocol. Starts to search at once. `priority`: 0 to 99, of a Channel Access circuit. */
  channel(name: string, options: { priority?: number } = {}): PvChannel {
    this.checkOpen();
    const { protocol, name: own } = parsePvName(name, this.options.defaultProtocol ?? 'ca');
    const inner = protocol === 'ca' ? { ca: this.ca.channel(own, options) } : { pva: this.pva.channel(own) };
    const { clock, diagnostics } = protocol === 'ca' ? this.ca : this.pva;
    const channel = new PvChannel({
      clock, diagnostics, timeout: this.options.timeout,
      listenerFailed: (error) => this[protocol].listenerFailed(error), released: (gone) => this.channels.delete(gone),
    }, inner);
    this.channels.add(channel);
    return channel;
  }

  /** The client of Channel Access, for what only it has; made when it is first needed. */
  get ca(): CaClient {
    if (!this.clients.ca) {
      this.checkOpen();
      this.clients.ca = new CaClient({ ...this.environment, ...this.options.ca }, this.transport);
      this.followAll();
    }
    return this.clients.ca;
  }

  /** The client of pvAccess, for what only it has; made when it is first needed. */
  get pva(): PvaClient {
    if (!this.clients.pva) {
      this.checkOpen();
      this.clients.pva = new PvaClient({ ...this.environment, ...this.options.pva }, this.transport);
      this.followAll();
    }
    return this.clients.pva;
  }

  /** Something worth telling a user: a duplicate server, a refused circuit, bytes that break the protocol. */
  onWarning(listener: (warning: Warning) => void): Disposer {
    const own = (warning: Warning): void => listener(warning);
    this.warningListeners.add(own);
    this.followAll();
    return disposer(() => {
      this.warningListeners.delete(own);
      if (this.warningListeners.size === 0) unfollow(this.warnings);
    });
  }

  /** Searches, answers, duplicates, circuits, requests and traffic of both protocols. */
  onDiagnostic(listener: (event: DiagnosticEvent) => void): Disposer {
    const own = (event: DiagnosticEvent): void => listener(event);
    this.diagnosticListeners.add(own);
    this.followAll();
    return disposer(() => {
      this.diagnosticListeners.delete(own);
      if (this.diagnosticListeners.size === 0) unfollow(this.following);
    });
  }

  /** The same, to read with `for await`; the oldest are dropped and counted where the reader is slow. */
  diagnostics({ bufferSize = defaultDiagnosticsBuffer, signal }: DiagnosticsOptions = {}): UpdateStream<DiagnosticEvent> {
    const stream = new UpdateStream<DiagnosticEvent>(Math.max(1, bufferSize));
    if (this.closed || signal?.aborted) {
      stream.end();
      return stream;
    }
    const listening = this.onDiagnostic((event) => stream.push(event));
    const stop = (): void => stream.end();
    signal?.addEventListener('abort', stop);
    this.streams.add(stream);
    stream.whenEnded(() => {
      signal?.removeEventListener('abort', stop);
      this.streams.delete(stream);
      listening.dispose();
    });
    return stream;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const channel of [...this.channels]) channel.close();
    for (const stream of [...this.streams]) stream.end();
    await Promise.all([this.clients.ca?.close(), this.clients.pva?.close()]);
    this.warningListeners.clear();
    this.diagnosticListeners.clear();
  }

  dispose(): void { void this.close(); }
  [disposeSymbol](): void { void this.close(); }
  [asyncDisposeSymbol](): Promise<void> { return this.close(); }

  private checkOpen(): void {
    if (this.closed) throw new CancelledError('CLOSED', 'The client is closed: make a new one.');
  }

  private get environment(): { environment: Readonly<Record<string, string | undefined>> } {
    return { environment: this.options.environment ?? process.env };
  }

  /** A protocol's client is listened to only while somebody listens here: an error of a listener reaches the program where nobody does. */
  private followAll(): void {
    for (const protocol of ['ca', 'pva'] as const) {
      const client = this.clients[protocol];
      if (!client) continue;
      if (this.warningListeners.size > 0 && !this.warnings.has(protocol)) {
        this.warnings.set(protocol, client.onWarning((warning) => {
          for (const listener of [...this.warningListeners]) listener({ protocol, ...warning });
        }));
      }
      if (this.diagnosticListeners.size > 0 && !this.following.has(protocol)) {
        this.following.set(protocol, client.onDiagnostic((event) => {
          for (const listener of [...this.diagnosticListeners]) listener(event);
        }));
      }
    }
  }
}

function unfollow(followed: Map<Protocol, Disposable>): void {
  for (const each of followed.values()) each.dispose();
  followed.clear();
}
