// MONITOR: starts stopped, keeps a bounded queue for a client that is slower than the PV, and says which fields it had to skip
// (pvAccess protocol, command 13). PURE.
import { BitSet, commands, ok, readMonitorAck, readPvRequest, subcommands, writeInitResponse, writeMonitorFinish } from '../protocol';
import type { OperationCommand, PvaStructure, Status, WireReader } from '../protocol';
import type { Held } from '../../ca/server/eventGate';
import { checkRead, failed, Refusal, textOf } from './operation';
import type { Operation, OperationInit, OperationPlace } from './operation';
import { encodeUpdate, type PvaSubscriber, type PvaUpdate } from './pvaServerPv';
import { intersect, isSet, selectFields, type Selection } from './selection';

/** Updates that wait for one client; what it asks for counts up to the cap. */
const usualQueue = 4;
const longestQueue = 64;
const largestWindow = 0x7fffffff;

interface Waiting { value: PvaStructure; changed: BitSet; overrun: BitSet }

export class MonitorOperation implements Operation, PvaSubscriber, Held {
  readonly command: OperationCommand;
  private readonly selection: Selection;
  private readonly room: number;
  private running = false;
  private queue: Waiting[] = [];
  /** Updates that the client still takes; Infinity without a pipeline. */
  private window = Infinity;
  private ending: Status | null = null;

  /** Errors: `Refusal`. */
  constructor(private readonly place: OperationPlace, readonly serverId: number, { pvRequest, window }: OperationInit) {
    const { connection: { output, gate }, pv, requestId, command } = place;
    this.command = command;
    const request = readPvRequest(pvRequest);
    const selection = selectFields(pv.type, request);
    if (!selection) throw new Refusal(`${pv.name} has none of the fields ${request.fields.join(', ')}.`);
    checkRead(place);
    this.selection = selection;
    const asked = Number.parseInt(request.options['queueSize'] ?? '', 10);
    this.room = Math.min(asked > 0 ? asked : usualQueue, longestQueue);
    // Without a first count the client has at least the room that it asked the server to use.
    if (window !== null || isSet(request, 'pipeline')) this.window = window ?? this.room;
    writeInitResponse(output.writer, commands.MONITOR, { requestId, subcommand: subcommands.init, status: ok }, [pv.type]);
    gate.wrote();
  }

  request(subcommand: number, payload: WireReader): void {
    // Before the start bit: a start may carry an acknowledgement.
    if ((subcommand & subcommands.pipeline) !== 0 && this.window !== Infinity) {
      this.window = Math.min(this.window + (readMonitorAck(payload) ?? 0), largestWindow);
    }
    if ((subcommand & subcommands.stop) !== 0) {
      if ((subcommand & subcommands.get) !== 0) this.start();
      else this.stop();
    }
    if ((subcommand & subcommands.destroy) !== 0) this.place.connection.forgetOperation(this.place.requestId);
    else this.sendNow();
  }

  post(update: PvaUpdate): void {
    if (this.queue.length === 0 && this.maySend()) return this.sendEncoded(() => update.encode(this.selection));
    const wanted = intersect(this.place.pv.type, update.changed, this.selection.bits);
    return wanted.isEmpty ? undefined : this.enqueue(update.value, wanted);
  }

  finish(status: Status = ok): void {
    this.ending = status;
    this.sendNow();
  }

  /** Sends what waits, as far as client and socket take it. */
  sendNow(): void {
    const { connection: { gate }, pv } = this.place;
    while (this.queue.length > 0 && this.maySend()) {
      const { value, changed, overrun } = this.queue.shift() as Waiting;
      this.sendEncoded(() => encodeUpdate(pv.type, value, changed, overrun));
    }
    if (this.queue.length > 0 && gate.isShut) gate.hold(this);
    else if (this.queue.length === 0 && this.ending) this.end(this.ending);
  }

  cancel(): void {
    this.stop();
  }

  close(): void {
    this.stop();
    this.ending = null;
  }

  private start(): void {
    if (this.running || this.ending) return;
    this.running = true;
    this.place.pv.subscribers.add(this);
    this.place.connection.gate.join(this);
    this.enqueue(this.place.pv.value, this.selection.bits);
  }

  private stop(): void {
    this.running = false;
    this.queue = [];
    this.place.pv.subscribers.delete(this);
    this.place.connection.gate.leave(this);
  }

  private maySend(): boolean {
    return this.running && this.window > 0 && !this.place.connection.gate.isShut;
  }

  private enqueue(value: PvaStructure, changed: BitSet): void {
    const { queue, place: { connection: { gate }, pv } } = this;
    const last = queue[queue.length - 1];
    if (!last || queue.length < this.room) queue.push({ value, changed, overrun: new BitSet() });
    else {
      last.overrun = last.overrun.clone().or(intersect(pv.type, last.changed, changed));
      last.changed = last.changed.clone().or(changed);
      last.value = value;
    }
    if (gate.isShut) gate.hold(this);
  }

  private sendEncoded(encode: () => Uint8Array | null): void {
    const { connection: { output, gate }, requestId } = this.place;
    let body: Uint8Array | null;
    try {
      body = encode();
    } catch (error) {
      this.end(failed(textOf(error)));
      return;
    }
    if (!body) return;
    const { writer } = output;
    writer.begin(commands.MONITOR);
    writer.u32(requestId);
    writer.end();
    // The body may be shared with other clients, so that it is appended and not written: its size is put into the header here.
    writer.view.setUint32(writer.length - 8, 4 + body.length, writer.littleEndian);
    output.append(body);
    this.window -= 1;
    gate.wrote();
  }

  private end(status: Status): void {
    const { connection, requestId } = this.place;
    this.close();
    writeMonitorFinish(connection.output.writer, requestId, status);
    connection.forgetOperation(requestId);
    connection.gate.wrote();
  }
}
