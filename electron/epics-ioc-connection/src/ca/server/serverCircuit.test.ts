// The server's circuit through byte arrays, each case whole and byte by byte; numbers from the Channel Access protocol and db_access.h.
import { describe, expect, it } from 'vitest';
import { bytes, extendedHeader, f64, header, text, u16, u32, u8, zeros } from '../protocol/hexBytes.testing';
import type { WriteRequest } from '../../api';
import { create, created, eventAdd, stampBytes, testCircuit } from './circuit.testing';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each([{ bytewise: false }, { bytewise: true }])('a circuit ($bytewise: byte by byte)', (how) => {
  it('greets with its version', () => {
    const { greeting, send } = testCircuit(how);
    expect(greeting).toEqual(bytes(header(0, 0, 0, 13, 0, 0)));
    expect(send(header(0, 0, 0, 13, 0, 0))).toEqual(bytes());
  });

  it('creates a channel: rights first, then type, count and ids', () => {
    const { send, add } = testCircuit(how);
    add('SIM:A', { type: 'DOUBLE', initial: 1, onWrite: () => undefined });
    add('SIM:W', { type: 'LONG', count: 100, initial: new Int32Array(3) });
    expect(send(create(7, 'SIM:A'), create(8, 'SIM:W'))).toEqual(bytes(created(7, 1, 6, 1, 3), created(8, 2, 5, 100, 1)));
  });

  it('says CREATE_CH_FAIL for a name that it has not', () => {
    expect(testCircuit(how).send(create(7, 'NONE'))).toEqual(bytes(header(26, 0, 0, 0, 7, 0)));
  });

  it('finds a PV by its alias', () => {
    const { send, add, pvs } = testCircuit(how);
    add('SIM:M1.VAL', { type: 'DOUBLE', initial: 1 });
    pvs.alias('SIM:M1', 'SIM:M1.VAL');
    expect(send(create(7, 'SIM:M1'))).toEqual(bytes(created(7, 1, 6, 1, 1)));
  });

  it('reads with alarm and time, as a number, as text, with limits', () => {
    const { send, add } = testCircuit(how);
    add('SIM:A', {
      type: 'DOUBLE', initial: 1.5, severity: 'MINOR', status: 'HIGH',
      metadata: { units: 'mm', precision: 2, display: { low: -1, high: 2 }, control: { low: -3, high: 4 }, warning: { low: 5, high: 6 }, alarm: { low: 7, high: 8 } },
    });
    send(create(7, 'SIM:A'));
    expect(send(header(15, 0, 20, 1, 1, 99))).toEqual(bytes(header(15, 24, 20, 1, 1, 99), u16(4, 1), stampBytes, zeros(4), f64(1.5)));
    expect(send(header(15, 0, 0, 1, 1, 99))).toEqual(bytes(header(15, 8, 0, 1, 1, 99), text('1.50', 8)));
    expect(send(header(15, 0, 34, 1, 1, 99))).toEqual(bytes(header(15, 88, 34, 1, 1, 99),
      u16(4, 1, 2, 0), text('mm', 8), f64(2, -1, 8, 6, 5, 7, 4, -3), f64(1.5)));
    // READ, before v4.1: the answer names the client's channel.
    expect(send(header(3, 0, 6, 1, 1, 99))).toEqual(bytes(header(3, 8, 6, 1, 7, 99), f64(1.5)));
  });

  it('reads an enum as index, as text, and with its states', () => {
    const { send, add } = testCircuit(how);
    add('SIM:E', { type: 'ENUM', initial: 1, metadata: { states: ['Closed', 'Open'] } });
    send(create(7, 'SIM:E'));
    expect(send(header(15, 0, 3, 1, 1, 99))).toEqual(bytes(header(15, 8, 3, 1, 1, 99), u16(1), zeros(6)));
    expect(send(header(15, 0, 0, 1, 1, 99))).toEqual(bytes(header(15, 8, 0, 1, 1, 99), text('Open', 8)));
    expect(send(header(15, 0, 31, 1, 1, 99))).toEqual(bytes(header(15, 424, 31, 1, 1, 99),
      u16(0, 0, 2), text('Closed', 26), text('Open', 26), zeros(14 * 26), u16(1)));
  });

  it('CA 6: gives as many elements as there are for a count of 0, and zeros up to a larger one', () => {
    const { send, add } = testCircuit(how);
    add('SIM:W', { type: 'SHORT', count: 8, initial: Int16Array.of(1, 2, 3) });
    send(create(7, 'SIM:W'));
    expect(send(header(15, 0, 1, 0, 1, 99))).toEqual(bytes(header(15, 8, 1, 3, 1, 99), u16(1, 2, 3, 0)));
    expect(send(header(15, 0, 1, 5, 1, 99))).toEqual(bytes(header(15, 16, 1, 5, 1, 99), u16(1, 2, 3, 0, 0, 0, 0, 0)));
    expect(send(header(15, 0, 1, 9, 1, 99))).toEqual(bytes(header(15, 16, 1, 8, 176, 99), zeros(16)));
    // A count from the network that would take gigabytes.
    expect(send(extendedHeader(15, 0, 6, 0xffffffff, 1, 99)).length).toBeLessThan(200);
  });

  it('CA 7: sends an empty array with the bytes of one element, so that it is no cancel', () => {
    const { send, add } = testCircuit(how);
    add('SIM:W', { type: 'DOUBLE', count: 8, initial: new Float64Array(0) });
    send(create(7, 'SIM:W'));
    expect(send(header(15, 0, 6, 0, 1, 99))).toEqual(bytes(header(15, 8, 6, 0, 1, 99), zeros(8)));
  });

  it('CA 2: takes the extended header for large counts', () => {
    const { send, add } = testCircuit(how);
    add('SIM:W', { type: 'CHAR', count: 70_000, initial: new Uint8Array(70_000).fill(9) });
    send(create(7, 'SIM:W'));
    const answer = send(header(15, 0, 4, 0, 1, 99));
    expect(answer.subarray(0, 24)).toEqual(bytes(extendedHeader(15, 70_000, 4, 70_000, 1, 99)));
    expect(answer).toHaveLength(24 + 70_000);
    expect(answer[24 + 69_999]).toBe(9);
  });

  it('CA 15: refuses types that there are not, and channels that there are not, with a copy of the header', () => {
    const { send, add } = testCircuit(how);
    add('SIM:A', { type: 'DOUBLE', initial: 1 });
    send(create(7, 'SIM:A'));
    const refusal = send(header(15, 0, 39, 1, 1, 99));
    expect(refusal.subarray(0, 2)).toEqual(bytes(u16(11)));
    expect(refusal.subarray(8, 32)).toEqual(bytes(u32(7, 114), header(15, 0, 39, 1, 1, 99)));
    expect(send(header(15, 0, 6, 1, 55, 99)).subarray(8, 32)).toEqual(bytes(u32(0, 410), header(15, 0, 6, 1, 55, 99)));
  });

  it('hands writes to the PV in its own type, and answers a put-callback when that is done', async () => {
    const { send, add, output } = testCircuit(how);
    const seen: WriteRequest[] = [];
    let finish = (): void => undefined;
    const pv = add('SIM:A', {
      type: 'DOUBLE', initial: 1,
      onWrite: (request) => {
        seen.push(request);
        pv.update({ value: request.value });
        return new Promise((resolve) => (finish = resolve));
      },
    });
    send([...header(20, 8, 0, 0, 0, 0), ...text('marie', 8)], [...header(21, 8, 0, 0, 0, 0), ...text('ws1', 8)], create(7, 'SIM:A'));
    expect(send([...header(19, 8, 0, 1, 1, 99), ...text('2.5', 8)])).toEqual(bytes());
    await tick();
    expect(output()).toEqual(bytes());
    finish();
    await tick();
    expect(output()).toEqual(bytes(header(19, 0, 0, 1, 1, 99)));
    expect(seen).toEqual([{ value: 2.5, user: 'marie', host: 'ws1', identity: { method: 'ca', authority: null, secured: false }, notify: true }]);
    expect(send([...header(4, 8, 6, 1, 1, 99), ...f64(3)])).toEqual(bytes());
    expect(seen[1]).toMatchObject({ value: 3, notify: false });
  });

  it('answers refused writes: thrown, rejected, unreadable, read-only, too many', async () => {
    const { send, add, output } = testCircuit(how);
    add('SIM:T', { type: 'DOUBLE', initial: 1, onWrite: () => { throw new Error('beyond its limits'); } });
    add('SIM:P', { type: 'DOUBLE', initial: 1, onWrite: () => Promise.reject(new Error('stuck')) });
    add('SIM:R', { type: 'DOUBLE', initial: 1 });
    send(create(1, 'SIM:T'), create(2, 'SIM:P'), create(3, 'SIM:R'));
    const put = (serverId: number, id: number): number[] => [...header(19, 8, 6, 1, serverId, id), ...f64(3)];
    expect(send(put(1, 10))).toEqual(bytes(header(19, 0, 6, 1, 160, 10)));
    send(put(2, 11));
    await tick();
    expect(output()).toEqual(bytes(header(19, 0, 6, 1, 160, 11)));
    expect(send(put(3, 12))).toEqual(bytes(header(19, 0, 6, 1, 376, 12)));
    expect(send([...header(19, 8, 0, 1, 1, 13), ...text('two', 8)])).toEqual(bytes(header(19, 0, 0, 1, 160, 13)));
    expect(send([...header(19, 16, 6, 2, 1, 14), ...f64(1, 2)])).toEqual(bytes(header(19, 0, 6, 2, 176, 14)));
    expect(send([...header(19, 8, 20, 1, 1, 15), ...f64(1)])).toEqual(bytes(header(19, 0, 20, 1, 114, 15)));
    // Without a callback an error message says it, with the PV and the reason.
    const error = Buffer.from(send([...header(4, 8, 6, 1, 1, 16), ...f64(3)]));
    expect(error.readUInt16BE(0)).toBe(11);
    expect(error.toString('utf8')).toContain('SIM:T: beyond its limits');
  });

  it('posts what the mask asks for: value, log, alarm, property', () => {
    const { send, add, output } = testCircuit(how);
    const pv = add('SIM:A', { type: 'LONG', initial: 1 });
    send(create(7, 'SIM:A'));
    send(eventAdd(5, 1, 1, 1, 1), eventAdd(5, 1, 1, 2, 2), eventAdd(5, 1, 1, 4, 4), eventAdd(5, 1, 1, 8, 8));
    const event = (id: number, value: number): number[] => [...header(1, 8, 5, 1, 1, id), ...u32(value), ...zeros(4)];
    pv.update({ value: 2 });
    expect(output()).toEqual(bytes(event(1, 2), event(2, 2)));
    pv.update({ severity: 'MAJOR', status: 'HIHI' });
    expect(output()).toEqual(bytes(event(4, 2)));
    pv.update({ severity: 'MAJOR' });
    expect(output()).toEqual(bytes());
    pv.update({ metadata: { units: 'mm' } });
    expect(output()).toEqual(bytes(event(8, 2)));
    pv.update({ value: 3, severity: 'NO_ALARM', status: 'NO_ALARM' });
    expect(output()).toEqual(bytes(event(1, 3), event(2, 3), event(4, 3)));
  });

  it('CA 8: starts a subscription with the value, and ends it with an empty event', () => {
    const { send, add, output } = testCircuit(how);
    const pv = add('SIM:A', { type: 'SHORT', initial: 5 });
    send(create(7, 'SIM:A'));
    expect(send(eventAdd(15, 1, 1, 44, 5))).toEqual(bytes(header(1, 16, 15, 1, 1, 44), u16(0, 0), stampBytes, u16(0), u16(5)));
    expect(send(header(2, 0, 15, 1, 1, 44))).toEqual(bytes(header(1, 0, 15, 1, 1, 44)));
    pv.update({ value: 6 });
    expect(output()).toEqual(bytes());
    expect(send(eventAdd(15, 1, 1, 44, 0)).subarray(12, 16)).toEqual(bytes(u32(330)));
  });

  it('CA 26: keeps only the newest value between EVENTS_OFF and EVENTS_ON', () => {
    const { send, add, output } = testCircuit(how);
    const pv = add('SIM:A', { type: 'SHORT', initial: 0 });
    send(create(7, 'SIM:A'), eventAdd(1, 1, 1, 44, 1));
    expect(send(header(8, 0, 0, 0, 0, 0))).toEqual(bytes());
    for (let value = 1; value <= 100; value++) pv.update({ value });
    expect(output()).toEqual(bytes());
    // Everything else is answered meanwhile.
    expect(send(header(23, 0, 0, 0, 0, 0))).toEqual(bytes(header(23, 0, 0, 0, 0, 0)));
    expect(send(header(9, 0, 0, 0, 0, 0))).toEqual(bytes(header(1, 8, 1, 1, 1, 44), u16(100), zeros(6)));
    pv.update({ value: 101 });
    expect(output()).toEqual(bytes(header(1, 8, 1, 1, 1, 44), u16(101), zeros(6)));
  });

  it('CA 17: tells changed access rights, and stops and resumes events with them', () => {
    const { send, add, output } = testCircuit(how);
    let access = { read: true, write: true };
    const pv = add('SIM:A', { type: 'SHORT', initial: 5, access: () => access, onWrite: () => undefined });
    send(create(7, 'SIM:A'), eventAdd(1, 1, 1, 44, 1));
    access = { read: false, write: false };
    pv.accessChanged();
    expect(output()).toEqual(bytes(header(22, 0, 0, 0, 7, 0), header(1, 8, 1, 1, 368, 44), zeros(8)));
    pv.update({ value: 6 });
    expect(output()).toEqual(bytes());
    expect(send(header(15, 0, 1, 1, 1, 99))).toEqual(bytes(header(15, 8, 1, 1, 368, 99), zeros(8)));
    expect(send([...header(19, 8, 1, 1, 1, 98), ...u16(1), ...zeros(6)])).toEqual(bytes(header(19, 0, 1, 1, 376, 98)));
    access = { read: true, write: false };
    pv.accessChanged();
    expect(output()).toEqual(bytes(header(22, 0, 0, 0, 7, 1), header(1, 8, 1, 1, 1, 44), u16(6), zeros(6)));
  });

  it('gives rights by user and host', () => {
    const { send, add } = testCircuit(how);
    add('SIM:A', { type: 'SHORT', initial: 5, access: (user) => ({ read: true, write: user === 'marie' }), onWrite: () => undefined });
    send([...header(20, 8, 0, 0, 0, 0), ...text('pierre', 8)]);
    expect(send(create(7, 'SIM:A'))).toEqual(bytes(created(7, 1, 1, 1, 1)));
    expect(send([...header(20, 8, 0, 0, 0, 0), ...text('marie', 8)])).toEqual(bytes(header(22, 0, 0, 0, 7, 3)));
  });

  it('CA 16: clears a channel, and drops one whose PV is removed without the circuit', () => {
    const { send, add, output } = testCircuit(how);
    const a = add('SIM:A', { type: 'SHORT', initial: 5 });
    const b = add('SIM:B', { type: 'SHORT', initial: 6 });
    send(create(7, 'SIM:A'), create(8, 'SIM:B'), eventAdd(1, 1, 1, 44, 1));
    expect(send(header(12, 0, 0, 0, 1, 7))).toEqual(bytes(header(12, 0, 0, 0, 1, 7)));
    expect([a.subscribers.size, a.users.size]).toEqual([0, 0]);
    b.remove();
    expect(output()).toEqual(bytes(header(27, 0, 0, 0, 8, 0)));
    expect(send(create(9, 'SIM:B'))).toEqual(bytes(header(26, 0, 0, 0, 9, 0)));
  });

  it('forgets all when the socket is gone, and answers no late put', async () => {
    const { circuit, send, add, output } = testCircuit(how);
    let finish = (): void => undefined;
    const pv = add('SIM:A', { type: 'SHORT', initial: 5, onWrite: () => new Promise((resolve) => (finish = resolve)) });
    send(create(7, 'SIM:A'), eventAdd(1, 1, 1, 44, 1), [...header(19, 8, 1, 1, 1, 98), ...u16(1), ...zeros(6)]);
    circuit.close();
    expect([pv.subscribers.size, pv.users.size]).toEqual([0, 0]);
    pv.update({ value: 6 });
    finish();
    await tick();
    expect(output()).toEqual(bytes());
  });

  it('hangs up on what no client may send, and on a name of many bytes', () => {
    const unknown = testCircuit(how);
    expect(unknown.send(header(99, 0, 0, 0, 0, 0)).subarray(0, 2)).toEqual(bytes(u16(11)));
    expect(unknown.hungUp()).toBe(true);
    expect(unknown.send(header(23, 0, 0, 0, 0, 0))).toEqual(bytes());
    const large = testCircuit(how);
    large.send(header(18, 8000, 0, 0, 1, 13), u8(...zeros(8000)));
    expect(large.hungUp()).toBe(true);
  });

  it('refuses a write that lies about its count', () => {
    const { send, add } = testCircuit(how);
    add('SIM:W', { type: 'DOUBLE', count: 100, initial: new Float64Array(1), onWrite: () => undefined });
    send(create(7, 'SIM:W'));
    expect(send([...header(19, 8, 6, 50, 1, 98), ...f64(1)])).toEqual(bytes(header(19, 0, 6, 50, 160, 98)));
  });
});

describe('a circuit whose socket is full', () => {
  it('keeps the newest value per subscription, then the puts that wait behind them', async () => {
    const { circuit, send, add, output } = testCircuit();
    const a = add('SIM:A', { type: 'SHORT', initial: 0, onWrite: () => Promise.resolve() });
    const b = add('SIM:B', { type: 'SHORT', initial: 0 });
    send(create(7, 'SIM:A'), create(8, 'SIM:B'), eventAdd(1, 1, 1, 44, 1), eventAdd(1, 1, 2, 45, 1));
    circuit.gate.setBlocked(true);
    for (let value = 1; value <= 1000; value++) {
      a.update({ value });
      b.update({ value: -value });
    }
    send([...header(19, 8, 1, 1, 1, 98), ...u16(1), ...zeros(6)]);
    await tick();
    expect(output()).toEqual(bytes());
    circuit.gate.setBlocked(false);
    expect(output()).toEqual(bytes(
      header(1, 8, 1, 1, 1, 44), u16(1000), zeros(6), header(1, 8, 1, 1, 1, 45), u16(65536 - 1000), zeros(6), header(19, 0, 1, 1, 1, 98)));
  });

  it('shares the bytes of a large update between subscribers', () => {
    const { circuit, send, add } = testCircuit();
    const pv = add('SIM:W', { type: 'DOUBLE', count: 5000, initial: new Float64Array(5000) });
    send(create(7, 'SIM:W'), eventAdd(6, 0, 1, 1, 1), eventAdd(6, 0, 1, 2, 1));
    pv.update({ value: new Float64Array(5000).fill(1) });
    const large = circuit.takeOutput().filter((chunk) => chunk.length === 40_000);
    expect(large).toHaveLength(2);
    expect(large[0]).toBe(large[1]);
  });
});
