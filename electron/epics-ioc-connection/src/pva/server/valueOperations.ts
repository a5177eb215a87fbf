// GET, PUT, PUT_GET and PROCESS of one channel (pvAccess protocol, commands 10, 11, 12, 16). PURE.
import { BitSet, ok, readPut, readPvRequest, subcommands, writeDataResponse, writeInitResponse, writeMessage } from '../protocol';
import type { Field, PvaStructure, PvRequest, WireReader } from '../protocol';
import { checkRead, checkWrite, Refusal, RequestOperation, textOf } from './operation';
import type { OperationInit, OperationPlace } from './operation';
import { isSet, selectFields, type Selection } from './selection';

interface Put { readonly value: PvaStructure; readonly changed: BitSet }

/** Everything that works with the PV's structure and a selection of its fields. */
abstract class ValueOperation extends RequestOperation {
  protected readonly pvRequest: PvRequest;
  protected readonly selection: Selection;

  /** Errors: `Refusal` when none of the fields that were asked for exists. */
  constructor(place: OperationPlace, serverId: number, { pvRequest }: OperationInit) {
    super(place, serverId);
    this.pvRequest = readPvRequest(pvRequest);
    const selection = selectFields(place.pv.type, this.pvRequest);
    if (!selection) throw new Refusal(`${place.pv.name} has none of the fields ${this.pvRequest.fields.join(', ')}.`);
    this.selection = selection;
  }

  /** Answers the init. */
  protected open(fields: readonly Field[]): void {
    const { connection: { output, gate }, requestId } = this.place;
    writeInitResponse(output.writer, this.command, { requestId, subcommand: subcommands.init, status: ok }, fields);
    gate.wrote();
  }

  protected writeValue(subcommand: number): void {
    const { connection: { output }, pv, requestId } = this.place;
    writeDataResponse(output.writer, this.command, { requestId, subcommand, status: ok }, pv.type, pv.value, this.selection.bits);
  }

  protected sendValue(subcommand: number): void {
    this.reply(subcommand, () => checkRead(this.place), () => this.writeValue(subcommand));
  }

  /** What a put brings, on top of what the PV holds. Read before anything is refused: what follows may use types that it describes. */
  protected read(payload: WireReader): Put {
    const { connection: { received }, pv } = this.place;
    return readPut(payload, pv.type, received, pv.value);
  }

  /** Hands it to the PV. `wait`: until its handler is done; else only for a refusal that comes at once. */
  protected write({ value, changed }: Put, wait: boolean): unknown {
    const { connection: { user, host, identity }, pv } = this.place;
    checkWrite(this.place);
    const done = pv.options.onWrite?.({ value, changed, user, host, identity, notify: wait });
    if (!done || wait) return done;
    let answered = false;
    done.catch((error: unknown) => {
      if (answered) this.complain(textOf(error));
    });
    return Promise.race([done, aMoment()]).finally(() => {
      answered = true;
    });
  }

  /** A put that was answered already failed later. */
  private complain(text: string): void {
    const { connection: { output, gate, closed }, requestId } = this.place;
    if (closed) return;
    writeMessage(output.writer, { requestId, type: 'error', text });
    gate.wrote();
  }
}

/** Some turns of the microtask queue: an async function that refuses at once has done so by then. */
async function aMoment(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

export class GetOperation extends ValueOperation {
  constructor(place: OperationPlace, serverId: number, init: OperationInit) {
    super(place, serverId, init);
    checkRead(place);
    this.open([place.pv.type]);
  }

  override request(subcommand: number): void {
    this.sendValue(subcommand);
  }
}

export class PutOperation extends ValueOperation {
  constructor(place: OperationPlace, serverId: number, init: OperationInit) {
    super(place, serverId, init);
    checkWrite(place);
    this.open([place.pv.type]);
  }

  override request(subcommand: number, payload: WireReader): void {
    if ((subcommand & subcommands.get) !== 0) return this.sendValue(subcommand);
    const put = this.read(payload);
    // Nothing given: a record would only be processed, where that is asked for.
    const idle = put.changed.isEmpty && !isSet(this.pvRequest, 'process');
    return this.perform(subcommand, () => (idle ? undefined : this.write(put, isSet(this.pvRequest, 'block'))), () => this.respond(subcommand));
  }
}

/** Writes, waits until that is done, and reads. */
export class PutGetOperation extends ValueOperation {
  constructor(place: OperationPlace, serverId: number, init: OperationInit) {
    super(place, serverId, init);
    checkRead(place);
    checkWrite(place);
    this.open([place.pv.type, place.pv.type]);
  }

  override request(subcommand: number, payload: WireReader): void {
    if ((subcommand & (subcommands.get | subcommands.getPut)) !== 0) return this.sendValue(subcommand);
    const put = this.read(payload);
    return this.reply(subcommand, () => this.write(put, true), () => {
      checkRead(this.place);
      this.writeValue(subcommand);
    });
  }
}

/** As a record is processed that gets no new value: what it holds is written again. */
export class ProcessOperation extends ValueOperation {
  constructor(place: OperationPlace, serverId: number, init: OperationInit) {
    super(place, serverId, init);
    checkWrite(place);
    this.open([]);
  }

  override request(subcommand: number): void {
    this.perform(subcommand, () => this.write({ value: this.place.pv.value, changed: new BitSet() }, true), () => this.respond(subcommand));
  }
}
