// Serves the contract to one window, whatever carries its frames: frames in, frames out. What the window holds dies with it.
import { randomUUID } from 'node:crypto';
import type { ServerFrame } from '@shared/contract/wire';
import { disposable, DisposableStore } from '@shared/disposable';
import type { Disposable } from '@shared/disposable';
import { EndstationError, toErrorData } from '@shared/errors';
import { checkRequest } from './arguments';
import { readClientFrame } from './frames';
import type { Handlers, Session } from './handlers';

/** A window has no reason to have more than this many calls and streams open; a loop that does is stopped here. */
const openLimit = 10_000;

export interface Peer {
  readonly observer: boolean;
  readonly user: string;
  send(frame: ServerFrame): void;
}

export interface Connection extends Disposable {
  readonly session: Session;
  /** Takes a frame as it came; never throws. */
  receive(data: unknown): void;
}

type CallHandler = (args: unknown, session: Session) => unknown;
type StreamHandler = (args: unknown, emit: (event: unknown) => void, session: Session) => Disposable;

/** `onUnexpected` hears errors that have no code, for the host's log: the window only gets their message. */
export function serve(handlers: Handlers, peer: Peer, onUnexpected: (method: string, error: unknown) => void = () => undefined): Connection {
  const scope = new DisposableStore();
  const session: Session = { id: randomUUID(), observer: peer.observer, user: peer.user, scope };
  const calls = new Set<number>();
  const streams = new Map<number, Disposable>();
  let open = true;

  // The contract's table is checked by type where the handlers are made; by name here.
  const table = handlers as unknown as Readonly<Record<string, CallHandler & StreamHandler>>;

  const send = (frame: ServerFrame): void => { if (open) peer.send(frame); };
  const errorOf = (method: string, error: unknown) => {
    const data = toErrorData(error);
    if (data.code === 'INTERNAL') onUnexpected(method, error);
    return data;
  };
  const claim = (id: number): void => {
    if (calls.has(id) || streams.has(id)) throw new EndstationError('BAD_FRAME', `The request number ${id} is in use.`);
    if (calls.size + streams.size >= openLimit) throw new EndstationError('TOO_MANY', `More than ${openLimit} requests are open. Close tabs or reload the window.`);
  };

  async function call(id: number, method: string, args: unknown): Promise<void> {
    let claimed = false;
    try {
      claim(id);
      calls.add(id);
      claimed = true;
      const value = await handlerOf(table, method)(checkRequest('call', method, args, session), session);
      calls.delete(id);
      send({ t: 'result', id, value });
    } catch (error) {
      if (claimed) calls.delete(id);
      send({ t: 'error', id, error: errorOf(method, error) });
    }
  }

  function listen(id: number, method: string, args: unknown): void {
    try {
      claim(id);
    } catch (error) {
      send({ t: 'error', id, error: errorOf(method, error) });
      return;
    }
    let listening = true;
    streams.set(id, disposable(() => { listening = false; }));
    try {
      const emit = (value: unknown): void => {
        if (!listening) return;
        // What can't be carried must not reach the room that told it to many.
        try {
          send({ t: 'event', id, value });
        } catch (error) {
          onUnexpected(method, error);
        }
      };
      const source = handlerOf(table, method)(checkRequest('stream', method, args, session), emit, session);
      const stream = disposable(() => {
        listening = false;
        source.dispose();
      });
      // The first event may have made the window leave.
      if (open) streams.set(id, stream);
      else stream.dispose();
    } catch (error) {
      listening = false;
      streams.delete(id);
      send({ t: 'ended', id, error: errorOf(method, error) });
    }
  }

  function handlerOf(all: typeof table, method: string): CallHandler & StreamHandler {
    const handler = Object.hasOwn(all, method) ? all[method] : undefined;
    if (handler === undefined) throw new EndstationError('NO_SUCH_METHOD', `"${method.slice(0, 80)}" has no handler in this host.`);
    return handler;
  }

  return {
    session,
    receive(data) {
      if (!open) return;
      const read = readClientFrame(data);
      if (!read.ok) {
        if (read.id !== null) send({ t: 'error', id: read.id, error: { code: 'BAD_FRAME', message: 'The request could not be understood. Reload the window.' } });
        return;
      }
      const { frame } = read;
      if (frame.t === 'call') void call(frame.id, frame.method, frame.args);
      else if (frame.t === 'listen') listen(frame.id, frame.method, frame.args);
      else {
        const stream = streams.get(frame.id);
        streams.delete(frame.id);
        stream?.dispose();
      }
    },
    dispose() {
      if (!open) return;
      open = false;
      for (const stream of [...streams.values()].reverse()) stream.dispose();
      streams.clear();
      scope.dispose();
    },
  };
}
