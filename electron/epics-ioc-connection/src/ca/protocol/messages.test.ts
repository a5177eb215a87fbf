// Every message of the protocol against bytes written by hand, and the stream reader: whole and byte by byte.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../bytes/byteWriter';
import * as wire from './index';
import type { Message } from './message';
import { bytes, extendedHeader, f64, header, text, u16, u32, zeros } from './hexBytes.testing';

type Build = (writer: ByteWriter) => void;
const request: Message = { ...wire.emptyMessage(), command: 4, dataType: 6, count: 1, parameter1: 9, parameter2: 8, payloadSize: 8 };
const rows: [name: string, build: Build, expected: Uint8Array][] = [
  ['VERSION', (w) => wire.writeVersion(w, 7), bytes(header(0, 0, 7, 13, 0, 0))],
  ['VERSION over UDP', (w) => wire.writeDatagramVersion(w, 5), bytes(header(0, 0, 1, 13, 5, 0))],
  ['VERSION reply over UDP', (w) => wire.writeDatagramVersionReply(w, 1, 5), bytes(header(0, 0, 1, 13, 5, 0))],
  ['EVENT_ADD', (w) => wire.writeEventAdd(w, 20, 3, 4, 5, 6), bytes(header(1, 16, 20, 3, 4, 5), zeros(12), u16(6, 0))],
  ['EVENT_ADD update', (w) => wire.writeEvent(w, 6, 1, 5, { value: 2.5 }), bytes(header(1, 8, 6, 1, 1, 5), f64(2.5))],
  ['EVENT_ADD failure', (w) => wire.writeEventFailed(w, 6, 1, 5, 368), bytes(header(1, 8, 6, 1, 368, 5), zeros(8))],
  ['EVENT_ADD, the last', (w) => wire.writeEventCancelled(w, 20, 3, 4, 5), bytes(header(1, 0, 20, 3, 4, 5))],
  ['EVENT_CANCEL', (w) => wire.writeEventCancel(w, 20, 3, 4, 5), bytes(header(2, 0, 20, 3, 4, 5))],
  ['WRITE', (w) => wire.writeWrite(w, 6, 1, 4, 5, -1), bytes(header(4, 8, 6, 1, 4, 5), f64(-1))],
  ['WRITE of a string', (w) => wire.writeWrite(w, 0, 1, 4, 5, 'Busy'), bytes(header(4, 8, 0, 1, 4, 5), text('Busy', 8))],
  ['SEARCH', (w) => wire.writeSearch(w, 3, 'SIM:M1'), bytes(header(6, 8, 5, 13, 3, 3), text('SIM:M1', 8))],
  ['SEARCH, name of 8 bytes', (w) => wire.writeSearch(w, 3, 'SIM:MCA1', 10), bytes(header(6, 16, 10, 13, 3, 3), text('SIM:MCA1', 16))],
  ['SEARCH reply', (w) => wire.writeSearchReply(w, 3, 5064), bytes(header(6, 8, 5064, 0, 0xffffffff, 3), u16(13), zeros(6))],
  ['EVENTS_OFF', (w) => wire.writeEventsOff(w), bytes(header(8, 0, 0, 0, 0, 0))],
  ['EVENTS_ON', (w) => wire.writeEventsOn(w), bytes(header(9, 0, 0, 0, 0, 0))],
  ['READ_SYNC', (w) => wire.writeReadSync(w), bytes(header(10, 0, 0, 0, 0, 0))],
  ['ERROR', (w) => wire.writeError(w, request, 3, 160, 'no'), bytes(header(11, 24, 0, 0, 3, 160), header(4, 8, 6, 1, 9, 8), text('no', 8))],
  ['ERROR about an extended header', (w) => wire.writeError(w, { ...request, payloadSize: 80000, count: 10000 }, 3, 160, 'no'),
    bytes(header(11, 32, 0, 0, 3, 160), extendedHeader(4, 80000, 6, 10000, 9, 8), text('no', 8))],
  ['CLEAR_CHANNEL', (w) => wire.writeClearChannel(w, 4, 3), bytes(header(12, 0, 0, 0, 4, 3))],
  ['CLEAR_CHANNEL reply', (w) => wire.writeChannelCleared(w, 4, 3), bytes(header(12, 0, 0, 0, 4, 3))],
  ['RSRV_IS_UP', (w) => wire.writeBeacon(w, 5064, 2, 0), bytes(header(13, 0, 13, 5064, 2, 0))],
  ['NOT_FOUND', (w) => wire.writeNotFound(w, 3, 10, 13), bytes(header(14, 0, 10, 13, 3, 3))],
  ['READ_NOTIFY', (w) => wire.writeReadNotify(w, 20, 0, 4, 5), bytes(header(15, 0, 20, 0, 4, 5))],
  ['READ_NOTIFY reply', (w) => wire.writeReadReply(w, 5, 2, 5, { value: Int32Array.of(1, -1) }), bytes(header(15, 8, 5, 2, 1, 5), u32(1, -1))],
  ['READ_NOTIFY failure', (w) => wire.writeReadFailed(w, 5, 2, 5, 152), bytes(header(15, 8, 5, 2, 152, 5), zeros(8))],
  ['REPEATER_CONFIRM', (w) => wire.writeRepeaterConfirm(w, 0x7f000001), bytes(header(17, 0, 0, 0, 0, 0x7f000001))],
  ['CREATE_CHAN', (w) => wire.writeCreateChannel(w, 3, 'a'), bytes(header(18, 8, 0, 0, 3, 13), text('a', 8))],
  ['CREATE_CHAN reply', (w) => wire.writeChannelCreated(w, 6, 100_000, 3, 4), bytes(extendedHeader(18, 0, 6, 100_000, 3, 4))],
  ['WRITE_NOTIFY', (w) => wire.writeWriteNotify(w, 3, 1, 4, 5, 2), bytes(header(19, 8, 3, 1, 4, 5), u16(2), zeros(6))],
  ['WRITE_NOTIFY reply', (w) => wire.writeWriteReply(w, 3, 1, 5, 1), bytes(header(19, 0, 3, 1, 1, 5))],
  ['CLIENT_NAME', (w) => wire.writeClientName(w, 'anna'), bytes(header(20, 8, 0, 0, 0, 0), text('anna', 8))],
  ['HOST_NAME', (w) => wire.writeHostName(w, 'beamline'), bytes(header(21, 16, 0, 0, 0, 0), text('beamline', 16))],
  ['ACCESS_RIGHTS', (w) => wire.writeAccessRights(w, 3, { read: true, write: false }), bytes(header(22, 0, 0, 0, 3, 1))],
  ['ECHO', (w) => wire.writeEcho(w), bytes(header(23, 0, 0, 0, 0, 0))],
  ['REPEATER_REGISTER', (w) => wire.writeRepeaterRegister(w, 0x7f000001), bytes(header(24, 0, 0, 0, 0, 0x7f000001))],
  ['CREATE_CH_FAIL', (w) => wire.writeCreateFailed(w, 3), bytes(header(26, 0, 0, 0, 3, 0))],
  ['SERVER_DISCONN', (w) => wire.writeServerDisconnect(w, 3), bytes(header(27, 0, 0, 0, 3, 0))],
];

type Seen = Omit<Message, 'bytes' | 'view' | 'start' | 'owned' | 'turnedTo'> & { payload: number[] };
function readAll(stream: Uint8Array, step: number, maxPayload?: number): Seen[] {
  const seen: Seen[] = [];
  const reader = new wire.MessageReader((message) => {
    const { command, dataType, count, parameter1, parameter2, payloadSize, oversize } = message;
    const payload = oversize ? [] : [...message.bytes.subarray(message.start, message.start + payloadSize)];
    seen.push({ command, dataType, count, parameter1, parameter2, payloadSize, oversize, payload });
  }, maxPayload === undefined ? {} : { maxPayload });
  for (let at = 0; at < stream.length; at += step) reader.push(stream.slice(at, at + step));
  return seen;
}

describe('messages', () => {
  it.each(rows)('%s', (_name, build, expected) => {
    const writer = new ByteWriter(8);
    build(writer);
    expect([...writer.take()]).toEqual([...expected]);
  });

  it('are the same read whole, byte by byte and in pieces', () => {
    const stream = bytes(...rows.map(([, , expected]) => [...expected]));
    const whole = readAll(stream, stream.length);
    expect(whole.length).toBe(rows.length);
    for (const step of [1, 3, 17, 1000]) expect(readAll(stream, step)).toEqual(whole);
  });

  it('refuses a name that does not fit', () => {
    expect(() => wire.writeSearch(new ByteWriter(), 1, 'x'.repeat(512))).toThrow(wire.LocalProtocolError);
  });
});

describe('payloads', () => {
  function first<Result>(stream: Uint8Array, read: (message: Message) => Result): Result {
    let result: Result | undefined;
    wire.readDatagram(stream, (message) => { result = read(message); });
    return result as Result;
  }
  it('a search answer means the sender, or names an address; the port is in the data type', () => {
    expect(first(bytes(header(6, 8, 5064, 0, 0xffffffff, 3), u16(13), zeros(6)), wire.readSearchAnswer))
      .toEqual({ clientId: 3, address: null, tcpPort: 5064, minorVersion: 13 });
    expect(first(bytes(header(6, 0, 40000, 0, 0x0a000102, 3)), wire.readSearchAnswer))
      .toEqual({ clientId: 3, address: '10.0.1.2', tcpPort: 40000, minorVersion: 0 });
  });
  it('an error names the request by its header, plain or extended', () => {
    expect(first(bytes(header(11, 24, 0, 0, 3, 160), header(4, 8, 6, 1, 9, 8), text('no', 8)), wire.readError))
      .toEqual({ status: 160, text: 'no', request: { command: 4, dataType: 6, count: 1, parameter1: 9, parameter2: 8 } });
    expect(first(bytes(header(11, 32, 0, 0, 3, 160), extendedHeader(4, 80000, 6, 10000, 9, 8), text('no', 8)), wire.readError).request.count).toBe(10000);
    expect(() => first(bytes(header(11, 8, 0, 0, 3, 160), zeros(8)), wire.readError)).toThrow(wire.RemoteProtocolError);
  });
  it('names, masks and addresses', () => {
    expect(first(bytes(header(18, 8, 0, 0, 3, 13), text('abc', 8)), wire.readText)).toBe('abc');
    expect(first(bytes(header(18, 8, 0, 0, 3, 13), text('12345678', 8)), wire.readText)).toBe('12345678');
    expect(first(bytes(header(1, 16, 20, 1, 1, 1), zeros(12), u16(5, 0)), wire.readEventMask)).toBe(5);
    expect(first(bytes(header(1, 8, 20, 1, 1, 1), zeros(8)), wire.readEventMask)).toBe(0);
    expect([wire.numericAddress('10.0.1.2'), wire.numericAddress('10.0.1'), wire.numericAddress('a.b.c.d')]).toEqual([0x0a000102, 0, 0]);
  });
});

describe('the stream reader', () => {
  it('takes 0xFFFF for a size unless the count is 0 too', () => {
    const plain = bytes(header(1, 0xffff, 4, 7, 1, 1), zeros(0xffff));
    expect(readAll(plain, 1000)[0]).toMatchObject({ payloadSize: 0xffff, count: 7 });
    const extended = bytes(extendedHeader(1, 0x10000, 4, 0x10000, 1, 1), zeros(0x10000));
    for (const step of [1, 23, 24, 25, 70000]) expect(readAll(extended, step)[0]).toMatchObject({ payloadSize: 0x10000, count: 0x10000 });
  });

  it('skips a payload beyond the cap, says so, and goes on behind it', () => {
    const stream = bytes(header(1, 64, 6, 8, 1, 1), zeros(64), header(23, 0, 0, 0, 0, 0));
    for (const step of [1, 16, 200]) {
      expect(readAll(stream, step, 32).map(({ command, oversize }) => [command, oversize])).toEqual([[1, true], [23, false]]);
    }
  });

  it('does not allocate what a lying header announces', () => {
    const reader = new wire.MessageReader(() => undefined);
    const before = process.memoryUsage().arrayBuffers;
    reader.push(bytes(extendedHeader(1, 2 ** 30, 6, 2 ** 27, 1, 1), zeros(8)));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 2 ** 20);
  });

  it('delivers nothing after stop, not even from the same chunk', () => {
    const seen: number[] = [];
    const reader = new wire.MessageReader((message) => { seen.push(message.command); reader.stop(); });
    reader.push(bytes(header(23, 0, 0, 0, 0, 0), header(0, 0, 0, 0, 0, 0)));
    reader.push(bytes(header(23, 0, 0, 0, 0, 0)));
    expect(seen).toEqual([23]);
  });

  it('reads any split of any messages alike', () => {
    const message = fc.tuple(fc.nat(27), fc.nat(40), fc.nat(38), fc.nat(9)).map(([command, size, type, count]) =>
      [...header(command, size * 8, type, count, size, command), ...Array.from({ length: size * 8 }, (_, i) => (i * 7) & 255)]);
    fc.assert(fc.property(fc.array(message, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }), (messages, steps) => {
      const stream = bytes(...messages);
      const whole = readAll(stream, Math.max(1, stream.length));
      const pieces: Seen[] = [];
      let at = 0;
      const reader = new wire.MessageReader((m) => {
        const { command, dataType, count, parameter1, parameter2, payloadSize, oversize } = m;
        pieces.push({ command, dataType, count, parameter1, parameter2, payloadSize, oversize, payload: [...m.bytes.subarray(m.start, m.start + payloadSize)] });
      });
      for (let i = 0; at < stream.length; i += 1) {
        const step = steps[i % steps.length]!;
        reader.push(stream.slice(at, at + step));
        at += step;
      }
      expect(pieces).toEqual(whole);
      expect(whole.length).toBe(messages.length);
    }), { seed: 7, numRuns: 200 });
  });

  it('a datagram that is cut short costs its rest only', () => {
    const seen: number[] = [];
    wire.readDatagram(bytes(header(0, 0, 1, 13, 5, 0), header(6, 80, 5, 13, 1, 1), zeros(8)), (m) => seen.push(m.command));
    wire.readDatagram(Uint8Array.of(1, 2, 3), (m) => seen.push(m.command));
    expect(seen).toEqual([0]);
  });
});

describe('status codes (caerr.h)', () => {
  it.each([[1, 'ECA_NORMAL', true], [80, 'ECA_TIMEOUT', false], [114, 'ECA_BADTYPE', false], [160, 'ECA_PUTFAIL', false], [192, 'ECA_DISCONN', false],
    [339, 'ECA_IODONE', true], [368, 'ECA_NORDACCESS', false], [376, 'ECA_NOWTACCESS', false], [480, 'ECA_UNRESPTMO', false], [9999, 'ECA_9999', true],
  ] as const)('%i is %s', (code, name, good) => {
    expect([wire.statusName(code), wire.isSuccess(code)]).toEqual([name, good]);
  });
  it('every code that is used has its name', () => {
    for (const [name, code] of Object.entries(wire.eca)) expect(wire.statusName(code)).toBe(`ECA_${name}`);
  });
});
