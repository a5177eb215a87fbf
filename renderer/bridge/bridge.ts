// The window's end of the contract: calls with their results, streams with their events, and the state of the connection.
import type { ArgsIn, CallNames, Contract, EventOf, ResultOf, StreamNames } from '@shared/contract';
import type { ClientFrame, ServerFrame } from '@shared/contract/wire';
import { disposable, Emitter, type Disposable } from '@shared/disposable';
import { EndstationError, fromErrorData, type ErrorData } from '@shared/errors';
import { shallowRef, type ShallowRef } from 'vue';
import { plain } from './plain';
import type { Transport } from './transport';

/** `connecting`: never open yet. `lost`: was open; it is tried again, streams come back by themselves. */
export type BridgeState = 'connecting' | 'open' | 'lost';

interface PendingCall { resolve(value: unknown): void; reject(error: Error): void }
interface Listening { method: string; args: unknown; event(value: unknown): void; ended: ((error?: ErrorData) => void) | undefined }

export class Bridge {
  readonly state: ShallowRef<BridgeState> = shallowRef<BridgeState>('connecting');
  /** Why the connection is lost; null while it isn't. */
  readonly reason: ShallowRef<string | null> = shallowRef<string | null>(null);
  #transport: Transport | null = null;
  #nextId = 1;
  #calls = new Map<number, PendingCall>();
  #listening = new Map<number, Listening>();
  #waiting: ClientFrame[] = [];
  #opened = new Emitter<void>();
  #lost = new Emitter<void>();

  /** Heard each time the way opens, the first time too, after the streams were asked for again. */
  readonly onOpened = this.#opened.on;
  readonly onLost = this.#lost.on;

  connect(transport: Transport): void {
    this.#transport?.close();
    this.#transport = transport;
    transport.start({
      opened: () => this.#open(),
      frame: (frame) => this.#receive(frame),
      closed: (reason) => this.#lose(reason),
    });
  }

  /** Resolves with the call's result; rejects with an EndstationError. A call made while the connection is lost is refused, not kept for later. */
  call<M extends CallNames<Contract>>(method: M, args: ArgsIn<Contract[M]>): Promise<ResultOf<Contract[M]>> {
    if (this.state.value === 'lost') {
      return Promise.reject(new EndstationError('NOT_CONNECTED', 'Nothing was sent: there is no connection to the Endstation services. It is tried again by itself; repeat this once it is back.'));
    }
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#calls.set(id, { resolve: (value) => resolve(value as ResultOf<Contract[M]>), reject });
      this.#send({ t: 'call', id, method, args: plain(args) });
    });
  }

  /** Events until disposed of. It survives a lost connection; `onEnd` is heard when the services end the stream. */
  listen<M extends StreamNames<Contract>>(
    method: M, args: ArgsIn<Contract[M]>, listener: (event: EventOf<Contract[M]>) => void, onEnd?: (error?: ErrorData) => void,
  ): Disposable {
    const id = this.#nextId++;
    const own: Listening = { method, args: plain(args), event: (value) => listener(value as EventOf<Contract[M]>), ended: onEnd };
    this.#listening.set(id, own);
    if (this.state.value === 'open') this.#send({ t: 'listen', id, method, args: own.args });
    return disposable(() => {
      if (this.#listening.delete(id) && this.state.value === 'open') this.#send({ t: 'unlisten', id });
    });
  }

  #send(frame: ClientFrame): void {
    if (this.state.value === 'open') this.#transport?.send(frame);
    else this.#waiting.push(frame);
  }

  #open(): void {
    this.state.value = 'open';
    this.reason.value = null;
    for (const [id, { method, args }] of this.#listening) this.#send({ t: 'listen', id, method, args });
    for (const frame of this.#waiting.splice(0)) this.#send(frame);
    this.#opened.emit();
  }

  #lose(reason: string): void {
    // Before the first opening calls stay waiting: the services are only starting.
    if (this.state.value === 'connecting') return;
    const first = this.state.value === 'open';
    this.state.value = 'lost';
    this.reason.value = reason;
    for (const call of [...this.#calls.values()]) {
      call.reject(new EndstationError('CONNECTION_LOST', 'The connection to the Endstation services was lost before the answer came. Whether it was done is not known: look before you repeat it.'));
    }
    this.#calls.clear();
    if (first) this.#lost.emit();
  }

  #receive(frame: ServerFrame): void {
    if (frame.t === 'event') {
      this.#listening.get(frame.id)?.event(frame.value);
    } else if (frame.t === 'ended') {
      const listening = this.#listening.get(frame.id);
      this.#listening.delete(frame.id);
      listening?.ended?.(frame.error);
    } else {
      const call = this.#calls.get(frame.id);
      this.#calls.delete(frame.id);
      if (frame.t === 'result') call?.resolve(frame.value);
      else call?.reject(fromErrorData(frame.error));
    }
  }
}
