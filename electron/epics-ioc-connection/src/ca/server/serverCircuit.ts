// The server's side of one circuit, without the socket: bytes in; bytes out, and calls to the PVs. PURE.
import {
  commandName, commands, eca, MessageReader, readText, statusText, writeChannelCleared, writeCreateFailed, writeEcho, writeError, writeHeader,
} from '../protocol';
import type { Message } from '../protocol';
import { ByteWriter } from '../../bytes/byteWriter';
import type { CaServerPv } from './caServerPv';
import { EventGate } from './eventGate';
import { OutputQueue } from './outputQueue';
import type { PvDirectory } from './pvDirectory';
import { answerCircuitSearch, writeGreeting } from './searchResponder';
import { ServerChannel, type ChannelCircuit } from './serverChannel';

export interface CircuitSurroundings {
  readonly pvs: PvDirectory<CaServerPv>;
  /** Bytes of a write. */
  readonly maxArrayBytes?: number | undefined;
  tcpPort(): number;
  /** There is output to take; may be called often. */
  outputReady(): void;
  /** The peer broke the protocol: send what waits, then hang up. */
  hangUp(): void;
}

/** Bytes; a larger write is refused with ECA_TOLARGE, where nothing else is said. */
const usualMaxArrayBytes = 64 * 2 ** 20;
/** Bytes; what is not a write holds a name or a mask. */
const maxOtherPayload = 4096;

type Handler = (circuit: ServerCircuit, message: Message) => void;

/** What a client may send over TCP. */
const handlers: Readonly<Partial<Record<number, Handler>>> = {
  [commands.VERSION]: () => undefined,
  [commands.CLIENT_NAME]: (circuit, message) => circuit.setIdentity({ user: readText(message) }),
  [commands.HOST_NAME]: (circuit, message) => circuit.setIdentity({ host: readText(message) }),
  [commands.SEARCH]: (circuit, message) => circuit.search(message),
  [commands.CREATE_CHAN]: (circuit, message) => circuit.createChannel(message),
  [commands.CLEAR_CHANNEL]: (circuit, message) => circuit.clearChannel(message),
  [commands.READ]: (circuit, message) => circuit.channelOf(message)?.read(message),
  [commands.READ_NOTIFY]: (circuit, message) => circuit.channelOf(message)?.read(message),
  [commands.WRITE]: (circuit, message) => circuit.channelOf(message)?.write(message),
  [commands.WRITE_NOTIFY]: (circuit, message) => circuit.channelOf(message)?.write(message),
  [commands.EVENT_ADD]: (circuit, message) => circuit.channelOf(message)?.subscribe(message),
  [commands.EVENT_CANCEL]: (circuit, message) => circuit.channelOf(message)?.unsubscribe(message),
  [commands.EVENTS_OFF]: (circuit) => circuit.gate.setStopped(true),
  [commands.EVENTS_ON]: (circuit) => circuit.gate.setStopped(false),
  [commands.ECHO]: (circuit) => writeEcho(circuit.output.writer),
  [commands.READ_SYNC]: (circuit, { parameter1, parameter2 }) => writeHeader(circuit.output.writer, commands.READ_SYNC, 0, 0, 0, parameter1, parameter2),
};

export class ServerCircuit implements ChannelCircuit {
  readonly output = new OutputQueue(new ByteWriter());
  readonly gate: EventGate;
  user = '';
  host: string;
  closed = false;
  private readonly reader: MessageReader;
  private readonly channels = new Map<number, ServerChannel>();
  private nextServerId = 1;

  /** `peer`: the client's address, until it says its host's name. */
  constructor(private readonly surroundings: CircuitSurroundings, peer: string) {
    this.host = peer;
    this.reader = new MessageReader((message) => this.handle(message), { maxPayload: surroundings.maxArrayBytes ?? usualMaxArrayBytes });
    this.gate = new EventGate(this.output, () => surroundings.outputReady());
    writeGreeting(this.output.writer);
    surroundings.outputReady();
  }

  receive(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  /** What to send now; all of it is the caller's. */
  takeOutput(): Uint8Array[] {
    return this.output.take();
  }

  get room(): number { return this.gate.room; }

  /** Whether the socket waits to be drained. */
  setBlocked(blocked: boolean): void {
    this.gate.setBlocked(blocked);
  }

  /** The socket is gone. */
  close(): void {
    this.closed = true;
    this.reader.stop();
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }

  setIdentity({ user = this.user, host = this.host }: { user?: string; host?: string }): void {
    this.user = user;
    this.host = host;
    for (const channel of this.channels.values()) channel.accessChanged();
  }

  search(message: Message): void {
    const { pvs } = this.surroundings;
    answerCircuitSearch(this.output.writer, message, (name) => pvs.find(name) !== undefined, this.surroundings.tcpPort());
  }

  createChannel(message: Message): void {
    const clientId = message.parameter1;
    const pv = this.surroundings.pvs.find(readText(message));
    if (!pv) return writeCreateFailed(this.output.writer, clientId);
    const serverId = this.nextServerId++;
    this.channels.set(serverId, new ServerChannel(this, pv, clientId, serverId));
  }

  clearChannel(message: Message): void {
    const channel = this.channelOf(message);
    if (!channel) return;
    channel.close();
    this.forget(channel);
    writeChannelCleared(this.output.writer, message.parameter1, message.parameter2);
  }

  forget(channel: ServerChannel): void {
    this.channels.delete(channel.serverId);
  }

  /** The channel that a request names; one that is not there is answered with ECA_BADCHID. */
  channelOf(message: Message): ServerChannel | undefined {
    const channel = this.channels.get(message.parameter1);
    if (!channel) writeError(this.output.writer, message, 0, eca.BADCHID, statusText(eca.BADCHID));
    return channel;
  }

  refuse(request: Message, channel: ServerChannel, status: number, text = statusText(status)): void {
    writeError(this.output.writer, request, channel.clientId, status, `${channel.pv.name}: ${text}`);
    this.surroundings.outputReady();
  }

  private handle(message: Message): void {
    const { command, payloadSize } = message;
    const handler = handlers[command];
    const isWrite = command === commands.WRITE || command === commands.WRITE_NOTIFY;
    if (!handler) this.giveUp(message, eca.INTERNAL, `A client may not send ${commandName(command)} over TCP.`);
    else if (payloadSize > maxOtherPayload && !isWrite) this.giveUp(message, eca.TOLARGE, `${commandName(command)} takes no ${payloadSize} bytes.`);
    else handler(this, message);
    this.surroundings.outputReady();
  }

  private giveUp(message: Message, status: number, text: string): void {
    writeError(this.output.writer, message, 0, status, text);
    this.reader.stop();
    this.surroundings.hangUp();
  }
}
