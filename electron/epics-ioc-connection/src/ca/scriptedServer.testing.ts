// A Channel Access server for tests of the client: it does what the protocol says, or misbehaves as it is told.
import { ByteWriter } from '../bytes/byteWriter';
import type { MemoryNetwork, ServerEnd } from '../transport/memory';
import * as wire from './protocol';

/** A server of PVs of one double each. `log` has what clients asked, without the opening. */
export class ScriptedServer {
  readonly log: string[] = [];
  readonly ends: ServerEnd[] = [];
  access = { read: true, write: true };
  answering = true;
  refusing = false;
  count = 1;
  nativeType = 6;
  version: number = wire.minorVersion;
  value = 1.5;
  private subscriptions = new Map<ServerEnd, { id: number; type: number }[]>();

  constructor(private readonly network: MemoryNetwork, readonly address: string, private readonly names: readonly string[]) { this.start(); }

  start(): void {
    const [host = '', port = ''] = this.address.split(':');
    this.network.serveUdp(`${host}:5064`, (bytes, reply) => this.search(bytes, Number(port), reply));
    this.network.serveTcp(this.address, {
      received: (bytes, end) => this.receive(bytes, end),
      closed: () => this.log.push('closed'),
    });
  }

  kill(): void {
    const [host = ''] = this.address.split(':');
    this.network.serveUdp(`${host}:5064`, null);
    this.network.serveTcp(this.address, null);
    for (const end of this.ends.splice(0)) end.drop();
    this.subscriptions.clear();
  }

  send(build: (writer: ByteWriter) => void, end = this.ends.at(-1)): void {
    const writer = new ByteWriter();
    build(writer);
    end?.send(writer.take());
  }

  post(value: number): void {
    this.value = value;
    for (const [end, list] of this.subscriptions) {
      for (const { id, type } of list) this.send((w) => wire.writeEvent(w, type, 1, id, { value, timestamp: { seconds: 700_000_000, nanoseconds: 1 } }), end);
    }
  }

  search(bytes: Uint8Array, port: number, reply: (bytes: Uint8Array) => void): void {
    wire.readDatagram(bytes, (message) => {
      if (message.command !== wire.commands.SEARCH || !this.names.includes(wire.readText(message))) return;
      const writer = new ByteWriter();
      wire.writeSearchReply(writer, message.parameter2, port);
      reply(writer.take());
    });
  }

  private receive(bytes: Uint8Array, end: ServerEnd): void {
    wire.readDatagram(bytes, (m) => {
      const { parameter1: p1, parameter2: p2, dataType, count } = m;
      switch (m.command) {
        case wire.commands.VERSION:
          this.ends.push(end);
          if (this.answering) this.send((w) => wire.writeHeader(w, 0, 0, 0, this.version, 0, 0), end);
          return;
        case wire.commands.CREATE_CHAN:
          this.log.push(`create ${wire.readText(m)}`);
          if (this.refusing) return this.send((w) => wire.writeCreateFailed(w, p1), end);
          return this.send((w) => {
            wire.writeAccessRights(w, p1, this.access);
            wire.writeChannelCreated(w, this.nativeType, this.count, p1, p1 + 1000);
          }, end);
        case wire.commands.READ_NOTIFY:
          this.log.push(`read ${dataType} ${count}`);
          if (this.answering) this.send((w) => wire.writeReadReply(w, dataType, 1, p2, { value: dataType % 7 === 0 ? 'text' : this.value }), end);
          return;
        case wire.commands.WRITE: this.log.push(`write ${wire.decodeValue(m, true)}`); return;
        case wire.commands.WRITE_NOTIFY:
          this.log.push(`write-notify ${wire.decodeValue(m, true)}`);
          if (this.answering) this.send((w) => wire.writeWriteReply(w, dataType, count, p2, 1), end);
          return;
        case wire.commands.EVENT_ADD:
          this.log.push(`monitor ${dataType} ${count} ${wire.readEventMask(m)}`);
          this.subscriptions.set(end, [...this.subscriptions.get(end) ?? [], { id: p2, type: dataType }]);
          return this.send((w) => wire.writeEvent(w, dataType, 1, p2, { value: this.value }), end);
        case wire.commands.EVENT_CANCEL:
          this.log.push('cancel');
          return this.send((w) => wire.writeEventCancelled(w, dataType, count, p1, p2), end);
        case wire.commands.ECHO:
          if (this.answering) this.send((w) => wire.writeEcho(w), end);
          return;
        case wire.commands.CLEAR_CHANNEL: this.log.push('clear'); return;
        default:
      }
    });
  }
}
