// What every operation of a channel has: its ids, its answers, and requests whose answer comes later. PURE.
import type { ClientIdentity } from '../../api';
import type { EventGate } from '../../ca/server/eventGate';
import type { OutputQueue } from '../../ca/server/outputQueue';
import { ok, subcommands, writeOperationResponse } from '../protocol';
import type { AnyValue, OperationCommand, Status, TypeCache, WireReader, WireWriter } from '../protocol';
import type { PvaServerPv } from './pvaServerPv';

/** Of one connection: a client that asks and does not wait for answers is not remembered without end. */
const mostPending = 10_000;

/** What operations need of their connection. */
export interface OperationConnection {
  readonly output: OutputQueue<WireWriter>;
  readonly gate: EventGate;
  /** Types that the client described. */
  readonly received: TypeCache;
  readonly user: string;
  readonly host: string;
  readonly identity: ClientIdentity;
  readonly closed: boolean;
  /** Requests whose work goes on. */
  pending: number;
  /** Runs it now, or when what waits for the socket has become less: answers may be large. */
  whenRoom(run: () => void): void;
  forgetOperation(requestId: number): void;
}

/** Where an operation belongs. */
export interface OperationPlace {
  readonly connection: OperationConnection;
  readonly pv: PvaServerPv;
  readonly command: OperationCommand;
  readonly requestId: number;
}

export interface Operation {
  readonly serverId: number;
  readonly command: OperationCommand;
  /** A request after the init. Errors: `RemoteProtocolError` for bytes that are no such request. */
  request(subcommand: number, payload: WireReader): void;
  /** What is under way gets no answer any more. */
  cancel(): void;
  close(): void;
}

export interface OperationInit { readonly pvRequest: AnyValue | null; readonly window: number | null }

/** A refusal whose text is for the client's user. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export function failed(message: string): Status {
  return { type: 'ERROR', message, callTree: '' };
}

export function textOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'The server could not do it and does not say why.';
}

/** Errors: `Refusal`. */
export function checkRead({ pv, connection }: OperationPlace): void {
  const { user, host } = connection;
  if (!pv.access(connection).read) throw new Refusal(`${pv.name} may not be read by ${user} at ${host}.`);
}

/** Errors: `Refusal`. */
export function checkWrite({ pv, connection }: OperationPlace): void {
  const { user, host } = connection;
  if (!pv.options.onWrite) throw new Refusal(`${pv.name} is read-only.`);
  if (!pv.access(connection).write) throw new Refusal(`${pv.name} may not be written by ${user} at ${host}.`);
}

/** Request and answer, one at a time or several; a request with the destroy bit is the last one. */
export abstract class RequestOperation implements Operation {
  readonly command: OperationCommand;
  /** Counts up with each cancel: older answers are not sent any more. */
  private era = 0;

  constructor(protected readonly place: OperationPlace, readonly serverId: number) {
    this.command = place.command;
  }

  abstract request(subcommand: number, payload: WireReader): void;

  cancel(): void {
    this.era += 1;
  }

  close(): void {
    this.cancel();
  }

  /**
   * Answers once `work` is done: `success` writes the answer, its failure is the answer otherwise. With `large`, the answer
   * waits until what is on its way to the client has become less.
   */
  protected perform(subcommand: number, work: () => unknown, success: () => void, large = false): void {
    const { era, place: { connection, requestId } } = this;
    const last = (subcommand & subcommands.destroy) !== 0;
    const settle = (failure: { readonly error: unknown } | null): void => {
      const answer = (): void => {
        if (era !== this.era || connection.closed) return;
        if (failure) this.respond(subcommand, failed(textOf(failure.error)));
        else this.attempt(subcommand, success);
        if (last) connection.forgetOperation(requestId);
      };
      if (era !== this.era || connection.closed) return;
      // What a put changed reaches its client's monitors before the put is called done.
      connection.gate.afterHeldEvents(large ? () => connection.whenRoom(answer) : answer);
    };
    let done: unknown;
    try {
      if (connection.pending >= mostPending) throw new Refusal(`More than ${mostPending} requests at once are not served.`);
      done = work();
    } catch (error) {
      return settle({ error });
    }
    if (!(done instanceof Promise)) return settle(null);
    connection.pending += 1;
    const ended = (failure: { readonly error: unknown } | null): void => {
      connection.pending -= 1;
      settle(failure);
    };
    done.then(() => ended(null), (error: unknown) => ended({ error }));
    return undefined;
  }

  /** Writes an answer with data. */
  protected reply(subcommand: number, work: () => unknown, write: () => void): void {
    this.perform(subcommand, work, write, true);
  }

  protected respond(subcommand: number, status: Status = ok): void {
    const { connection: { output, gate }, requestId } = this.place;
    writeOperationResponse(output.writer, this.command, { requestId, subcommand, status });
    gate.wrote();
  }

  /** A value that cannot be said costs its request and nothing more. */
  private attempt(subcommand: number, write: () => void): void {
    try {
      write();
      this.place.connection.gate.wrote();
    } catch (error) {
      this.place.connection.output.writer.abandon();
      this.respond(subcommand, failed(textOf(error)));
    }
  }
}
