// For tests of stores and composables: a transport whose other end is the test. It records what was sent and answers what it is told.
import type { ClientFrame, ServerFrame } from '@shared/contract/wire';
import type { Transport, TransportEvents } from './transport';

export class ScriptedTransport implements Transport {
  readonly sent: ClientFrame[] = [];
  #events: TransportEvents | null = null;

  start(events: TransportEvents): void { this.#events = events; }
  send(frame: ClientFrame): void { this.sent.push(structuredClone(frame)); }
  close(): void { this.#events = null; }

  open(): void { this.#events?.opened(); }
  lose(reason = 'The services ended.'): void { this.#events?.closed(reason); }
  frame(frame: ServerFrame): void { this.#events?.frame(frame); }
  /** What was sent of one kind and method, oldest first. */
  of<T extends ClientFrame['t']>(t: T, method: string): Extract<ClientFrame, { t: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { t: T }> => frame.t === t && 'method' in frame && frame.method === method);
  }
  /** Answers the last call of the method. */
  answer(method: string, value: unknown): void {
    const call = this.of('call', method).at(-1);
    if (call) this.frame({ t: 'result', id: call.id, value });
  }
  /** An event for every listener of the method. */
  event(method: string, value: unknown): void {
    const ended = new Set(this.sent.flatMap((frame) => (frame.t === 'unlisten' ? [frame.id] : [])));
    for (const id of new Set(this.of('listen', method).map((frame) => frame.id))) if (!ended.has(id)) this.frame({ t: 'event', id, value });
  }
}
