// One operation on the server (GET, PUT, PUT_GET, RPC): initialised once, then executed again and again, by one user at a time.
import type { Reading } from '../value';
import type { RequestSink } from './clientConnection';
import type { ConnectionLink } from './connectionLink';
import { FlatReading } from './flatReading';
import { buildPvRequest, defaultValue, isSuccess, parsePvRequest, readDelta, writeOperation } from './protocol';
import type { TypeCache } from './protocol';
import type { BitSet, Field, OperationCommand, PvaStructure, Status, StructureField, WireReader, WireWriter } from './protocol';

/** Who uses an operation just now. */
export interface OperationUser {
  /** Initialised: execute it. */
  ready(operation: Operation): void;
  answered(status: Status, subcommand: number, reader: WireReader): void;
  /** Its init was refused. */
  refused(status: Status): void;
  tooLarge(): void;
  dropped(): void;
}

export interface OperationHome {
  readonly link: ConnectionLink;
  readonly serverId: number;
  /** Free again: kept for the next user, or destroyed. */
  idle(operation: Operation): void;
  /** Gone, here and on the server. */
  ended(operation: Operation): void;
}

export class Operation implements RequestSink {
  fields: readonly Field[] = [];
  /** What GET brought so far: an answer names only what it brings. */
  private last: PvaStructure | null = null;
  /** The same as a reading; undefined: not looked at yet, null: its type takes the way by the structure. */
  private flat: FlatReading | null | undefined;
  private readonly requestId: number;
  private initialisedYet = false;
  private busy = false;
  private over = false;

  constructor(private readonly home: OperationHome, readonly command: OperationCommand, readonly request: string, private user: OperationUser | null) {
    const { link } = home;
    this.requestId = link.wire.begin(this, home.serverId, buildPvRequest(parsePvRequest(request)));
    link.flushSoon();
  }

  /** For the next user. */
  use(user: OperationUser): void {
    this.user = user;
    user.ready(this);
  }

  /** The types that an answer refers to. */
  get typeCache(): TypeCache { return this.home.link.wire.typeCache; }

  /** The type of its data; of PUT_GET what is put. */
  get structure(): StructureField | null {
    const [field] = this.fields;
    return field?.kind === 'structure' ? field : null;
  }

  /** Sends a message of this operation; `write` gets its ids. */
  execute(subcommand: number, write?: (writer: WireWriter, ids: { serverId: number; requestId: number; subcommand: number }) => void): void {
    const { link, serverId } = this.home;
    const ids = { serverId, requestId: this.requestId, subcommand };
    const { out } = link.wire;
    try {
      if (write) write(out, ids);
      else writeOperation(out, this.command, ids);
    } catch (error) {
      out.abandon();
      throw error;
    }
    this.busy = true;
    link.flushSoon();
  }

  /** The data of an answer on top of the one before. */
  readData(reader: WireReader, field: StructureField): { value: PvaStructure; changed: BitSet } {
    const result = readDelta(reader, field, this.home.link.wire.typeCache, this.last ?? defaultValue(field) as PvaStructure);
    this.last = result.value;
    return result;
  }

  /** The answer as a reading where its type and what it brings allow; null: read its data. */
  readFlat(reader: WireReader, field: StructureField): Reading | null {
    if (this.flat === undefined) this.flat = FlatReading.of(field);
    if (!this.flat) return null;
    const reading = this.flat.read(reader);
    if (!reading) {
      this.last = this.flat.structure(field);
      this.flat = null;
    }
    return reading;
  }

  /** The user has done with it, in whatever state it is. */
  release(): void {
    this.user = null;
    if (this.over) return;
    if (this.initialisedYet && !this.busy) this.home.idle(this);
    else this.destroy();
  }

  destroy(): void {
    if (this.over) return;
    this.finish();
    const { link, serverId } = this.home;
    link.wire.end(serverId, this.requestId, this.busy ? this.fields[this.fields.length - 1] ?? null : null, true);
    link.flushSoon();
  }

  /** The channel is gone from the server, its connection may not be. */
  channelLost(): void {
    if (this.over) return;
    this.home.link.wire.forget(this.requestId);
    this.dropped();
  }

  initialised(status: Status, fields: readonly Field[]): void {
    const { user } = this;
    if (!isSuccess(status)) {
      this.finish();
      this.home.link.wire.forget(this.requestId);
      user?.refused(status);
      return;
    }
    this.fields = fields;
    this.initialisedYet = true;
    user?.ready(this);
  }

  answered(status: Status | null, subcommand: number, reader: WireReader): void {
    this.busy = false;
    if (status) this.user?.answered(status, subcommand, reader);
  }

  tooLarge(): void {
    this.busy = false;
    this.user?.tooLarge();
  }

  dropped(): void {
    this.finish();
    this.user?.dropped();
  }

  private finish(): void {
    this.over = true;
    this.home.ended(this);
  }
}
