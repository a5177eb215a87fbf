// The client's circuit without a network: every script runs with the server's bytes whole and one by one.
import { describe, expect, it } from 'vitest';
import { ClientCircuit, echoTimeout } from './clientCircuit';
import type { CircuitEvents } from './clientCircuit';
import { decodeReading } from './protocol/dbrDecode';
import { RemoteProtocolError } from './protocol/errors';
import { bytes, f64, header, text, u16, u32, zeros } from './protocol/hexBytes.testing';

const options = { priority: 3, userName: 'anna', hostName: 'desk', connectionTimeout: 30_000, maxPayload: 1 << 20 };
const opening = [...header(0, 0, 3, 13, 0, 0), ...header(20, 8, 0, 0, 0, 0), ...text('anna', 8), ...header(21, 8, 0, 0, 0, 0), ...text('desk', 8)];

function setUp(step: number) {
  const log: string[] = [];
  const events: CircuitEvents = {
    channelCreated: (...args) => log.push(`created ${args.join(' ')}`),
    channelRefused: (id) => log.push(`refused ${id}`),
    channelDropped: (id) => log.push(`dropped ${id}`),
    accessChanged: (id, { read, write }) => log.push(`access ${id} ${read} ${write}`),
    searchAnswered: ({ clientId, tcpPort }) => log.push(`answer ${clientId} ${tcpPort}`),
    requestFailed: (id, { text: why, request }) => log.push(`failed ${id} ${request.command} ${why}`),
    responsivenessChanged: (responsive) => log.push(`responsive ${responsive}`),
  };
  const circuit = new ClientCircuit(options, events, 0);
  const sent = (): number[] => [...circuit.out.take()];
  const receive = (now: number, ...parts: number[][]): void => {
    const stream = bytes(...parts);
    for (let at = 0; at < stream.length; at += step) circuit.receive(stream.slice(at, at + step), now);
  };
  const request = (name: string) => ({
    answered: (status: number, message: Parameters<typeof decodeReading>[0] | null) => log.push(`${name} ${status} ${message ? decodeReading(message, true).value : '-'}`),
    dropped: () => log.push(`${name} dropped`),
  });
  const sink = (name: string) => ({ updated: (status: number, message: Parameters<typeof decodeReading>[0]) => log.push(`${name} ${status} ${message.count}`) });
  return { circuit, log, sent, receive, request, sink };
}

describe.each([['whole', 100_000], ['byte by byte', 1]])('the circuit, bytes %s', (_name, step) => {
  it('CA 10: opens with VERSION, user and host, and waits for no answer', () => {
    const { circuit, sent, receive } = setUp(step);
    circuit.createChannel(1, 'X');
    expect(sent()).toEqual([...opening, ...header(18, 8, 0, 0, 1, 13), ...text('X', 8)]);
    receive(1, header(0, 0, 0, 11, 0, 0));
    expect(circuit.minorVersion).toBe(11);
  });

  it('CA 17: takes access rights before the create reply, and at any time', () => {
    const { log, receive } = setUp(step);
    receive(1, header(22, 0, 0, 0, 1, 1), header(18, 0, 6, 5, 1, 42), header(22, 0, 0, 0, 1, 3));
    expect(log).toEqual(['access 1 true false', 'created 1 42 6 5', 'access 1 true true']);
  });

  it('CA 16: a refused channel and a dropped one', () => {
    const { log, receive } = setUp(step);
    receive(1, header(26, 0, 0, 0, 1, 0), header(27, 0, 0, 0, 2, 0), header(12, 0, 0, 0, 1, 2), header(23, 0, 0, 0, 0, 0));
    expect(log).toEqual(['refused 1', 'dropped 2']);
  });

  it('matches answers to requests by id, in any order', () => {
    const { circuit, log, sent, receive, request } = setUp(step);
    sent();
    circuit.read(request('a'), 6, 1, 42);
    circuit.read(request('b'), 6, 1, 42);
    circuit.writeNotify(request('c'), 6, 1, 42, 1.5);
    expect(sent()).toEqual([...header(15, 0, 6, 1, 42, 1), ...header(15, 0, 6, 1, 42, 2), ...header(19, 8, 6, 1, 42, 3), ...f64(1.5)]);
    receive(1, header(19, 0, 6, 1, 160, 3), header(15, 8, 6, 1, 1, 2), f64(7), header(15, 8, 6, 1, 152, 1), zeros(8), header(15, 8, 6, 1, 1, 2), f64(8));
    expect(log).toEqual(['c 160 -', 'b 1 7', 'a 152 -']);
  });

  it('CA 15: an error message ends the request that it is about, or is told by its channel', () => {
    const { circuit, log, receive, request } = setUp(step);
    circuit.read(request('a'), 6, 9, 42);
    receive(1, header(11, 24, 0, 0, 7, 176), header(15, 0, 6, 9, 42, 1), text('count', 8), header(11, 24, 0, 0, 7, 160), header(4, 8, 6, 1, 42, 9), text('no', 8));
    expect(log).toEqual(['a 176 -', 'failed 7 4 no']);
  });

  it('CA 7, CA 8: keeps a cancelled subscription id until the empty EVENT_ADD', () => {
    const { circuit, log, sent, receive, sink } = setUp(step);
    sent();
    const id = circuit.subscribe(sink('m'), 20, 0, 42, 5);
    expect(sent()).toEqual([...header(1, 16, 20, 0, 42, id), ...zeros(12), ...u16(5, 0)]);
    const update = [...header(1, 16, 20, 0, 1, id), ...u16(0, 0), ...u32(5, 5), ...zeros(4)];
    receive(1, update);
    circuit.unsubscribe(id, 20, 0, 42);
    expect(sent()).toEqual(header(2, 0, 20, 0, 42, id));
    receive(2, update, header(1, 0, 20, 0, 42, id), update);
    expect(log).toEqual(['m 1 0']);
    expect(circuit.subscribe(sink('n'), 20, 0, 42, 5)).not.toBe(id);
  });

  it('CA 12: sends an echo after silence, is unresponsive 5 s later, and comes back', () => {
    const { circuit, log, sent, receive } = setUp(step);
    sent();
    expect(circuit.tick(0)).toBe(30_000);
    receive(10_000, header(23, 0, 0, 0, 0, 0));
    expect(circuit.tick(30_000)).toBe(40_000);
    expect(sent()).toEqual([]);
    expect(circuit.tick(40_000)).toBe(40_000 + echoTimeout);
    expect(sent()).toEqual(header(23, 0, 0, 0, 0, 0));
    circuit.tick(40_000 + echoTimeout);
    expect([circuit.responsive, ...log]).toEqual([false, 'responsive false']);
    receive(60_000, header(23, 0, 0, 0, 0, 0));
    expect([circuit.responsive, ...log]).toEqual([true, 'responsive false', 'responsive true']);
  });

  it('CA 21: tells every pending request once when the connection goes, and delivers nothing after', () => {
    const { circuit, log, receive, request } = setUp(step);
    circuit.read(request('a'), 6, 1, 42);
    const forgotten = circuit.writeNotify(request('b'), 6, 1, 42, 1);
    circuit.forget(forgotten);
    circuit.close();
    circuit.close();
    receive(1, header(27, 0, 0, 0, 2, 0));
    expect(log).toEqual(['a dropped']);
  });

  it('CA 2: a payload beyond the cap fails its request only', () => {
    const { circuit, log, receive, request } = setUp(step);
    circuit.read(request('a'), 4, 2 << 20, 42);
    receive(1, [...u16(15, 0xffff, 4, 0), ...u32(1, 1, 2 << 20, 2 << 20)]);
    expect(log).toEqual(['a 72 -']);
  });

  it('answers of a name server', () => {
    const { log, receive } = setUp(step);
    receive(1, header(6, 8, 5064, 0, 0xffffffff, 9), u16(13), zeros(6), header(14, 0, 10, 13, 8, 8));
    expect(log).toEqual(['answer 9 5064']);
  });

  it('refuses what no server sends', () => {
    const { receive } = setUp(step);
    expect(() => receive(1, header(18 + 0x4000, 0, 0, 0, 0, 0))).toThrow(RemoteProtocolError);
    expect(() => receive(1, header(21, 8, 0, 0, 0, 0), zeros(8))).toThrow(RemoteProtocolError);
  });

  it('CA 26: holds events back and lets them flow again', () => {
    const { circuit, sent } = setUp(step);
    sent();
    circuit.setEventFlow(false);
    circuit.setEventFlow(true);
    expect(sent()).toEqual([...header(8, 0, 0, 0, 0, 0), ...header(9, 0, 0, 0, 0, 0)]);
  });
});

it('a connection timeout shorter than an echo\'s time is kept from the answer of the last one on', () => {
  const circuit = new ClientCircuit({ ...options, connectionTimeout: 2000 }, { channelCreated: nothing, channelRefused: nothing, channelDropped: nothing, accessChanged: nothing, searchAnswered: nothing, requestFailed: nothing, responsivenessChanged: nothing }, 0);
  const next = circuit.tick(2000);
  circuit.receive(bytes(header(23, 0, 0, 0, 0, 0)), 2001);
  expect(next).toBe(4000);
  expect(circuit.tick(4000)).toBe(4001);
  circuit.out.take();
  // Silent from then on: asked at once, and asked again or given up in its time.
  expect(circuit.tick(4001)).toBe(6001);
  expect(circuit.out.length).toBeGreaterThan(0);
  expect(circuit.tick(6001)).toBe(4001 + echoTimeout);
});
function nothing(): void { /* Nobody listens. */ }
