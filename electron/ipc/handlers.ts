// What a room gives to the contract: a handler for each of its calls and streams.
import type { ArgsOut, CallNames, Contract, EventOf, ResultOf, StreamNames } from '@shared/contract';
import type { Disposable } from '@shared/disposable';

/** The window (or browser) at the other end. */
export interface Session {
  readonly id: string;
  readonly observer: boolean;
  /** Who sits there, as written to the record of writes. */
  readonly user: string;
  /** Dies with the connection: what the session holds is added here. */
  readonly scope: { add<T extends Disposable>(member: T): T };
}

export type CallHandlers = {
  [M in CallNames<Contract>]: (args: ArgsOut<Contract[M]>, session: Session) => ResultOf<Contract[M]> | Promise<ResultOf<Contract[M]>>;
};
export type StreamHandlers = {
  [M in StreamNames<Contract>]: (args: ArgsOut<Contract[M]>, emit: (event: EventOf<Contract[M]>) => void, session: Session) => Disposable;
};
/** All of them; a room exports a `Pick` of it: `Pick<Handlers, 'pv.read' | ...>`. */
export type Handlers = CallHandlers & StreamHandlers;
