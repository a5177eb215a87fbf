// Bytes by hand: Channel Access protocol, "CA_PROTO_SEARCH"; EPICS.md items 1, 13, 14.
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../bytes/byteWriter';
import { bytes, header, text, u16, zeros } from '../protocol/hexBytes.testing';
import { readDatagram } from '../protocol';
import { BeaconSchedule } from './beaconSchedule';
import { answerCircuitSearch, answerSearches } from './searchResponder';

const has = (name: string): boolean => name === 'SIM:A' || name === 'SIM:B';
const search = (id: number, name: string, reply = 5): number[] => [...header(6, 8, reply, 13, id, id), ...text(name, 8)];
const found = (id: number): number[] => [...header(6, 8, 5064, 0, 0xffffffff, id), ...u16(13), ...zeros(6)];

describe('answerSearches', () => {
  it('answers the names that it has: port in the data type, address of the sender, sequence number given back', () => {
    const question = bytes(header(0, 0, 1, 13, 77, 0), search(1, 'SIM:A'), search(2, 'OTHER'), search(3, 'SIM:B'));
    expect(answerSearches(question, has, 5064)).toEqual(bytes(header(0, 0, 1, 13, 77, 0), found(1), found(3)));
  });

  it('stays silent where it has nothing', () => {
    expect(answerSearches(bytes(header(0, 0, 1, 13, 1, 0), search(1, 'OTHER')), has, 5064)).toBeNull();
    expect(answerSearches(new Uint8Array(0), has, 5064)).toBeNull();
  });

  it('takes what is whole of a datagram that is cut short, or lies about its size', () => {
    const question = bytes(search(1, 'SIM:A'), search(3, 'SIM:B'));
    for (let length = 0; length < question.length; length++) {
      const answer = answerSearches(question.subarray(0, length), has, 5064);
      expect(answer === null).toBe(length < 24);
      if (answer) expect(answer).toEqual(bytes(header(0, 0, 0, 13, 0, 0), found(1)));
    }
    expect(answerSearches(bytes(header(6, 0xfff8, 5, 13, 1, 1), text('SIM:A', 8)), has, 5064)).toBeNull();
  });

  it('never answers with much more than it was asked', () => {
    const question = bytes(...Array.from({ length: 40 }, (_, id) => search(id, 'SIM:A')));
    expect(answerSearches(question, has, 5064)!.length).toBeLessThanOrEqual(question.length + 16);
  });
});

describe('answerCircuitSearch', () => {
  it('plays the name server, and says NOT_FOUND only where asked to', () => {
    const answer = (request: number[]): Uint8Array => {
      const writer = new ByteWriter();
      readDatagram(bytes(request), (message) => answerCircuitSearch(writer, message, has, 5064));
      return writer.take();
    };
    expect(answer(search(9, 'SIM:B'))).toEqual(bytes(found(9)));
    expect(answer(search(9, 'OTHER'))).toEqual(bytes());
    expect(answer(search(9, 'OTHER', 10))).toEqual(bytes(header(14, 0, 10, 13, 9, 9)));
  });
});

describe('BeaconSchedule', () => {
  it('counts from 0, says the port, and slows down to 15 s', () => {
    const schedule = new BeaconSchedule(5064);
    expect(schedule.next()).toEqual({ datagram: bytes(header(13, 0, 13, 5064, 0, 0)), wait: 20 });
    expect(schedule.next()).toEqual({ datagram: bytes(header(13, 0, 13, 5064, 1, 0)), wait: 40 });
    for (let i = 0; i < 20; i++) schedule.next();
    expect(schedule.next().wait).toBe(15_000);
  });
});
