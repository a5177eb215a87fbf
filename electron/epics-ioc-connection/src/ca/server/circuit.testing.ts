// A circuit without a socket, and the messages of a client, for tests: bytes by hand, nothing of the codec.
import { bytes, header, text, u16, zeros } from '../protocol/hexBytes.testing';
import type { ServerPvOptions } from '../../api';
import { CaServerPv } from './caServerPv';
import { PvDirectory } from './pvDirectory';
import { ServerCircuit } from './serverCircuit';

export const stamp = { seconds: 1_700_000_000, nanoseconds: 5000 };
/** The stamp on the wire: seconds since 1990. */
export const stampBytes = [0x3f, 0xb5, 0x53, 0x80, 0, 0, 0x13, 0x88];

export interface TestCircuit {
  readonly circuit: ServerCircuit;
  readonly pvs: PvDirectory<CaServerPv>;
  /** What the server sent before it was asked anything. */
  readonly greeting: Uint8Array;
  readonly hungUp: () => boolean;
  /** Feeds the bytes and returns what the server sends for them. */
  send(...parts: readonly (readonly number[])[]): Uint8Array;
  /** What the server sent since. */
  output(): Uint8Array;
  add(name: string, options: ServerPvOptions): CaServerPv;
}

/** `bytewise`: every chunk arrives one byte at a time. */
export function testCircuit({ bytewise = false } = {}): TestCircuit {
  const pvs = new PvDirectory<CaServerPv>();
  let hungUp = false;
  const circuit = new ServerCircuit({ pvs, tcpPort: () => 5064, outputReady: () => undefined, hangUp: () => (hungUp = true) }, '127.0.0.1');
  const output = (): Uint8Array => bytes(...circuit.takeOutput().map((chunk) => [...chunk]));
  return {
    circuit, pvs, output, greeting: output(), hungUp: () => hungUp,
    send(...parts) {
      const chunk = bytes(...parts);
      if (bytewise) for (const byte of chunk) circuit.receive(Uint8Array.of(byte));
      else circuit.receive(chunk);
      return output();
    },
    add(name, options) {
      const pv = new CaServerPv(name, options, { now: () => stamp, removed: (gone) => pvs.remove(gone) });
      pvs.add(pv);
      return pv;
    },
  };
}

export const create = (clientId: number, name: string): number[] => [...header(18, 16, 0, 0, clientId, 13), ...text(name, 16)];
export const created = (clientId: number, serverId: number, type: number, count: number, rights: number): number[] =>
  [...header(22, 0, 0, 0, clientId, rights), ...header(18, 0, type, count, clientId, serverId)];
export const eventAdd = (type: number, count: number, serverId: number, id: number, mask: number): number[] =>
  [...header(1, 16, type, count, serverId, id), ...zeros(12), ...u16(mask), ...zeros(2)];
