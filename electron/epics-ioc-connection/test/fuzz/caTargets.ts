// The Channel Access cores as targets: each input meets a circuit with channels, reads, writes and subscriptions under way.
import { ClientCircuit } from '../../src/ca/clientCircuit';
import type { CircuitEvents } from '../../src/ca/clientCircuit';
import { decodeReading, decodeValue } from '../../src/ca/protocol/dbrDecode';
import { RemoteProtocolError } from '../../src/ca/protocol/errors';
import type { Message } from '../../src/ca/protocol/message';
import { readDatagram } from '../../src/ca/protocol/messageReader';
import { readError, readEventMask, readSearchAnswer, readText } from '../../src/ca/protocol/payloads';
import { BeaconWatch } from '../../src/ca/beacons';
import { CaServerPv } from '../../src/ca/server/caServerPv';
import { PvDirectory } from '../../src/ca/server/pvDirectory';
import { answerSearches } from '../../src/ca/server/searchResponder';
import { ServerCircuit } from '../../src/ca/server/serverCircuit';
import { ByteWriter } from '../../src/bytes/byteWriter';
import { commands } from '../../src/ca/protocol/commands';
import { writeReadReply } from '../../src/ca/protocol/replies';
import { writeCreateChannel, writeEventAdd } from '../../src/ca/protocol/requests';
import { caDatagram, caInput } from './caInputs';
import type { Random } from './random';
import { fed, type Cut, type Input, type Session, type Target } from './target';

const clientCap = 2 ** 20;
const serverCap = 64 * 2 ** 20;
const ignore = (): void => undefined;
const events: CircuitEvents = {
  channelCreated: ignore, channelRefused: ignore, channelDropped: ignore, accessChanged: ignore, searchAnswered: ignore,
  requestFailed: ignore, responsivenessChanged: ignore,
};

/** A good answer to the read `id`: it shows whether the circuit still understands. */
function goodAnswer(id: number): Uint8Array {
  const writer = new ByteWriter(64);
  writeReadReply(writer, 20, 1, id, { value: 1.5 });
  return writer.take();
}

class ClientSession implements Session {
  ids = 1;
  private reads = 0;
  private ends = 0;
  private readonly circuit = new ClientCircuit({ priority: 0, userName: 'u', hostName: 'h', connectionTimeout: 30_000, maxPayload: clientCap }, events, 0);

  constructor() {
    for (let i = 0; i < 4; i += 1) {
      this.circuit.subscribe({ updated: (status, message) => { if (status === 1 && !message.oversize) decodeReading(message, i % 2 === 0); } }, 20, 1, 1, 5);
    }
    this.askAgain();
  }

  make(random: Random): Input {
    return random.oneIn(10) ? { datagram: true, bytes: caDatagram(random) } : { datagram: false, bytes: caInput(random, 'client', random.oneIn(2) ? 1 : this.ids) };
  }

  run({ datagram, bytes }: Input, cut: Cut): boolean {
    if (datagram) {
      clientDatagram(bytes);
      return true;
    }
    const before = this.ends;
    let probe = -1;
    try {
      fed(bytes, cut, (chunk, at) => this.circuit.receive(chunk, at));
      probe = this.askAgain();
      const answered = this.ends;
      this.circuit.receive(goodAnswer(probe), 0);
      if (this.ends - answered === 1) probe = -1;
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
      probe = 0;
    }
    if (this.ends - before > this.reads) throw new Error('A read ended twice.');
    if (this.circuit.out.length > 1 << 16) throw new Error(`The client would send ${this.circuit.out.length} bytes.`);
    this.circuit.out.take();
    return probe === -1;
  }

  end(): void {
    this.circuit.close();
    if (this.ends !== this.reads) throw new Error(`${this.ends} of ${this.reads} reads ended.`);
  }

  /** Four reads are under way; gives the id of the last. */
  private askAgain(): number {
    let id = 0;
    for (let i = this.reads === 0 ? 4 : 1; i > 0; i -= 1) {
      const scalar = i % 2 === 0;
      const request = { answered: (_status: number, message: Message | null) => { this.ends += 1; if (message) decodeReading(message, scalar); }, dropped: () => { this.ends += 1; } };
      id = this.circuit.read(request, 20, 1, 1);
      this.reads += 1;
    }
    this.ids = Math.max(1, id - 5);
    return id;
  }
}

export const caClient: Target = { cap: clientCap, open: () => new ClientSession() };

function clientDatagram(bytes: Uint8Array): void {
  const beacons = new BeaconWatch();
  readDatagram(bytes, (message) => {
    beacons.heard('s', message.parameter1, 0);
    for (const read of [readText, readEventMask, readSearchAnswer, readError, (m: Message) => decodeValue(m, true)]) {
      try {
        read(message);
      } catch (error) {
        if (!(error instanceof RemoteProtocolError)) throw error;
      }
    }
  });
}

/** What a client sends first: four channels, two of them monitored. */
const opening = ((): Uint8Array => {
  const writer = new ByteWriter();
  ['D', 'S', 'E', 'W', 'C'].forEach((name, i) => writeCreateChannel(writer, i + 1, name));
  writeEventAdd(writer, 20, 1, 1, 1, 5);
  writeEventAdd(writer, 34, 0, 4, 2, 5);
  return new Uint8Array(writer.take());
})();
const stamp = { seconds: 1_700_000_000, nanoseconds: 0 };

function servedPvs(): PvDirectory<CaServerPv> {
  const pvs = new PvDirectory<CaServerPv>();
  const add = (name: string, options: ConstructorParameters<typeof CaServerPv>[1]): void => {
    const pv: CaServerPv = new CaServerPv(name, { ...options, onWrite: ({ value }) => { pv.update({ value }); } }, { now: () => stamp, removed: (gone) => pvs.remove(gone) });
    pvs.add(pv);
  };
  add('D', { type: 'DOUBLE', initial: 1 });
  add('S', { type: 'STRING', initial: 'text' });
  add('E', { type: 'ENUM', initial: 0, metadata: { states: ['a', 'b'] } });
  add('W', { type: 'DOUBLE', count: 100, initial: new Float64Array(5) });
  add('C', { type: 'CHAR', count: 1000, initial: new Uint8Array(3) });
  return pvs;
}

const echo = Uint8Array.of(0, commands.ECHO, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

class ServerSession implements Session {
  readonly ids = 1;
  private over = false;
  private readonly circuit: ServerCircuit;

  constructor(readonly pvs: PvDirectory<CaServerPv>) {
    this.circuit = new ServerCircuit({ pvs, tcpPort: () => 5064, outputReady: ignore, hangUp: () => { this.over = true; } }, '127.0.0.1');
    this.circuit.receive(opening);
    this.circuit.takeOutput();
  }

  make(random: Random): Input {
    return random.oneIn(10) ? { datagram: true, bytes: caDatagram(random) } : { datagram: false, bytes: caInput(random, 'server', 0) };
  }

  run({ datagram, bytes }: Input, cut: Cut): boolean {
    if (datagram) {
      const answer = answerSearches(bytes, (name) => name !== 'nobody', 5064);
      if (answer && answer.length > 2 * bytes.length + 32) throw new Error(`${answer.length} bytes answer ${bytes.length}.`);
      return true;
    }
    fed(bytes, cut, (chunk) => { if (!this.over) this.circuit.receive(chunk); });
    const { size } = this.circuit.output;
    if (size > 1 << 20) throw new Error(`${size} bytes wait for a client that sent ${bytes.length}.`);
    if (this.over) return false;
    this.circuit.receive(echo);
    const answered = this.circuit.output.size === size + echo.length;
    this.circuit.takeOutput();
    return answered;
  }

  end(): void { this.circuit.close(); }
}

export const caServer: Target = { cap: serverCap, open: (_random, ended) => new ServerSession(ended instanceof ServerSession ? ended.pvs : servedPvs()) };
