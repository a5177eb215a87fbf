// Whatever bytes come in: no crash but RemoteProtocolError, no hang, nothing delivered that was not asked for. Fixed seeds.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClientCircuit } from './clientCircuit';
import type { CircuitEvents } from './clientCircuit';
import { decodeReading, decodeValue } from './protocol/dbrDecode';
import { RemoteProtocolError } from './protocol/errors';
import { extendedHeader, header } from './protocol/hexBytes.testing';
import { readDatagram } from './protocol/messageReader';
import { readError, readEventMask, readSearchAnswer, readText } from './protocol/payloads';

const word = fc.oneof(fc.nat(40), fc.nat(0xffff), fc.constantFrom(0, 1, 0xffff));
const long = fc.oneof(fc.nat(8), fc.nat(0xffffffff), fc.constantFrom(0, 1, 0xffffffff));
/** A header that may lie about what follows, and some bytes. */
const message = fc.tuple(fc.boolean(), word, fc.oneof(fc.nat(64), word), word, long, long, long, fc.uint8Array({ maxLength: 500 }))
  .map(([extended, command, size, type, count, p1, p2, payload]) =>
    [...(extended ? extendedHeader(command, size, type, count, p1, p2) : header(command, size, type, count & 0xffff, p1, p2)), ...payload]);
const stream = fc.oneof(fc.uint8Array({ maxLength: 2000 }), fc.array(message, { maxLength: 8 }).map((parts) => Uint8Array.from(parts.flat())));

it('a circuit takes any bytes', () => {
  fc.assert(fc.property(stream, fc.integer({ min: 1, max: 400 }), (input, step) => {
    const ignore = (): void => undefined;
    const events: CircuitEvents = {
      channelCreated: ignore, channelRefused: ignore, channelDropped: ignore, accessChanged: ignore, searchAnswered: ignore,
      requestFailed: ignore, responsivenessChanged: ignore,
    };
    const circuit = new ClientCircuit({ priority: 0, userName: '', hostName: '', connectionTimeout: 30_000, maxPayload: 1 << 16 }, events, 0);
    let ends = 0;
    for (let i = 0; i < 4; i += 1) {
      const request = { answered: (_status: number, m: Parameters<typeof decodeReading>[0] | null) => { ends += 1; if (m) decodeReading(m, true); }, dropped: () => { ends += 1; } };
      circuit.read(request, 20, 1, 1);
      circuit.subscribe({ updated: (_status, m) => { if (!m.oversize) decodeReading(m, false); } }, 20, 1, 1, 5);
    }
    try {
      for (let at = 0; at < input.length; at += step) circuit.receive(input.slice(at, at + step), at);
    } catch (error) {
      expect(error).toBeInstanceOf(RemoteProtocolError);
    }
    circuit.close();
    expect(ends).toBe(4);
  }), { seed: 11, numRuns: 3000 });
});

it('datagrams and payloads may hold anything', () => {
  fc.assert(fc.property(stream, (input) => {
    readDatagram(input, (m) => {
      for (const read of [readText, readEventMask, readSearchAnswer, readError, decodeValue]) {
        try {
          read(m, true);
        } catch (error) {
          expect(error).toBeInstanceOf(RemoteProtocolError);
        }
      }
    });
  }), { seed: 12, numRuns: 3000 });
});
