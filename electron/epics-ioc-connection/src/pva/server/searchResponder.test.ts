// Searches by datagram: who answers what, and what broken ones cost.
import { describe, expect, it } from 'vitest';
import { commands, readDatagram, readOriginTag, readSearch, readSearchResponse } from '../protocol';
import type { SearchResponse } from '../protocol';
import { orders, wire, type Order } from '../protocol/pvaBytes.testing';
import { forwardedSearches } from './localForwarding';
import { answerSearches } from './searchResponder';

const guid = '0102030405060708090a0b0c';
const server = { has: (name: string) => name.startsWith('SIM:'), guid, tcpPort: 5099, tlsPort: 0 };

function search(order: Order, names: readonly string[], { flags = 0, protocols = ['tcp'], address = new Array<number>(16).fill(0), port = 4000 } = {}): number[] {
  const w = wire(order);
  return w.message('client', 3, [
    ...w.u32(9), flags, 0, 0, 0, ...address, ...w.u16(port), protocols.length, ...protocols.flatMap((protocol) => w.text(protocol)),
    ...w.u16(names.length), ...names.flatMap((name, index) => [...w.u32(100 + index), ...w.text(name)]),
  ]);
}

function read(datagram: Uint8Array): SearchResponse[] {
  const found: SearchResponse[] = [];
  readDatagram(datagram, (_command, payload) => found.push(readSearchResponse(payload)));
  return found;
}

describe.each(orders)('%s endian', (order) => {
  it('answers what it has, to the port that the client names', () => {
    const [answer] = answerSearches(Uint8Array.from(search(order, ['X', 'SIM:A', 'SIM:B'])), server);
    expect(answer).toMatchObject({ address: null, port: 4000 });
    expect(read(answer!.datagram)).toEqual([{ guid, sequence: 9, address: null, port: 5099, protocol: 'tcp', found: true, channelIds: [101, 102] }]);
  });

  it('answers to the address that the client names', () => {
    const address = [...new Array<number>(10).fill(0), 255, 255, 127, 0, 0, 9];
    expect(answerSearches(Uint8Array.from(search(order, ['SIM:A'], { address })), server)).toMatchObject([{ address: '127.0.0.9', port: 4000 }]);
  });

  it('says nothing of what it has not, unless an answer is asked for', () => {
    expect(answerSearches(Uint8Array.from(search(order, ['X'])), server)).toEqual([]);
    const [discovered] = answerSearches(Uint8Array.from(search(order, [], { flags: 1, protocols: [] })), server);
    expect(read(discovered!.datagram)).toMatchObject([{ found: false, channelIds: [] }]);
  });

  it('sends a client that has TLS to the port for it, and one that has not to plain TCP', () => {
    const secured = { ...server, tlsPort: 5098 };
    const answers = [['tls', 'tcp'], ['tls'], ['tcp'], []].map((protocols) => read(answerSearches(Uint8Array.from(search(order, ['SIM:A'], { protocols })), secured)[0]!.datagram)[0]!);
    expect(answers.map(({ protocol, port }) => [protocol, port])).toEqual([['tls', 5098], ['tls', 5098], ['tcp', 5099], ['tcp', 5099]]);
  });

  it('passes a search for one address on to the others of its machine, with the address that they are to answer to', () => {
    const passed = (address: number[] | undefined): unknown[] => {
      const found: unknown[] = [];
      const unicast = search(order, ['X', 'SIM:A'], { flags: 0x81, ...(address ? { address } : {}) });
      readDatagram(forwardedSearches(Uint8Array.from([...unicast, ...search(order, ['SIM:B'])]), '10.1.2.3', () => '10.1.2.1')!, (command, payload, fromServer) => {
        found.push([command, fromServer, command === commands.SEARCH ? readSearch(payload) : readOriginTag(payload)]);
      });
      return found;
    };
    const request = { sequence: 9, replyRequired: true, unicast: false, port: 4000, protocols: ['tcp'], channels: [{ id: 100, name: 'X' }, { id: 101, name: 'SIM:A' }] };
    expect(passed(undefined)).toEqual([[commands.ORIGIN_TAG, false, '10.1.2.1'], [commands.SEARCH, false, { ...request, address: '10.1.2.3' }]]);
    expect(passed([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 9])[1]).toEqual([commands.SEARCH, false, { ...request, address: '10.0.0.9' }]);
    // A broadcast reaches everybody by itself: nobody asks which of the machine's addresses it came to.
    expect(forwardedSearches(Uint8Array.from(search(order, ['SIM:A'])), '10.1.2.3', () => { throw new Error('nobody asks'); })).toBeNull();
  });

  it('leaves other protocols to others', () => {
    expect(answerSearches(Uint8Array.from(search(order, ['SIM:A'], { protocols: ['tls'] })), server)).toEqual([]);
  });

  it('answers each of several searches in a datagram, up to the first broken one', () => {
    const datagram = Uint8Array.from([...search(order, ['SIM:A']), ...search(order, ['SIM:B']), ...search(order, ['SIM:C']).slice(0, -2)]);
    expect(answerSearches(datagram, server)).toHaveLength(2);
  });
});

it('does not answer another server\'s answers', () => {
  const [answer] = answerSearches(Uint8Array.from(search('little', ['SIM:A'])), server);
  expect(answerSearches(answer!.datagram, server)).toEqual([]);
});
