// Wire vectors of both protocols: bytes written by hand against what is written and read, each row whole and byte by byte. Each comparison is
// counted as it is made, and the sum is asserted.
import { afterAll, describe, expect, it } from 'vitest';
import { ByteWriter } from '../../src/bytes/byteWriter';
import * as ca from '../../src/ca/protocol';
import { bytes, extendedHeader, header, text, u16, zeros } from '../../src/ca/protocol/hexBytes.testing';
import { messageRows } from '../../src/pva/protocol/messageRows.testing';
import * as pva from '../../src/pva/protocol';
import { chunkings, feed, orders, wire } from '../../src/pva/protocol/pvaBytes.testing';
import type { Order } from '../../src/pva/protocol/pvaBytes.testing';
import { typeRows } from '../../src/pva/protocol/typeRows.testing';
import type { NumericArray, PvValue } from '../../src/value';
import { caTypes, payloadOf, valueOf } from './caLayouts';

/** Assertions on bytes that there must be at least. */
const least = 1800;
const counted = { ca: 0, pva: 0 };

/** One comparison of bytes, or of what was read from bytes. */
function same(protocol: keyof typeof counted, actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
  counted[protocol] += 1;
}

function caWritten(write: (writer: ByteWriter) => void): number[] {
  const writer = new ByteWriter(8);
  write(writer);
  return [...writer.take()];
}

/** What `read` makes of the one message of that command in the stream, cut into pieces of `step`; another message follows. */
function caRead<Result>(message: readonly number[], step: number, read: (message: ca.Message) => Result): Result[] {
  const stream = bytes(message, header(23, 0, 0, 0, 0, 0));
  const found: Result[] = [];
  const reader = new ca.MessageReader((each) => { if (each.command !== 23) found.push(read(each)); });
  for (let at = 0; at < stream.length; at += step) reader.push(stream.slice(at, at + step));
  return found;
}
const steps = [Infinity, 1, 7];
const bytesOf = (value: PvValue): Uint8Array => {
  const { buffer, byteOffset, byteLength } = value as NumericArray;
  return new Uint8Array(buffer, byteOffset, byteLength);
};

describe('Channel Access', () => {
  it('has the 39 types of db_access.h', () => {
    expect(caTypes.map(({ code, name }) => [code, name])).toEqual(ca.dbrTypes.map(({ code, name }) => [code, name]));
  });

  const answered = caTypes.filter(({ name }) => name !== 'PUT_ACKT' && name !== 'PUT_ACKS');
  describe.each([['READ', 3], ['READ_NOTIFY', 15], ['EVENT_ADD', 1]] as const)('%s answers', (_command, command) => {
    it.each(answered.map((type) => [type.name, type] as const))('%s', (_name, type) => {
      // An empty plain update means that its subscription is over.
      for (const count of type.head.length === 0 && command === 1 ? [1, 3] : [1, 3, 0]) {
        const payload = payloadOf(type, count);
        const value = valueOf(type, count);
        const message = [...header(command, payload.length, type.code, count, 1, 77), ...payload];
        for (const step of steps) {
          same('ca', caRead(message, step, (each) => ca.decodeReading(each, true)), [{ type: type.base.name, value, count, ...type.rest }]);
        }
        const { content } = type;
        if (command === 15) same('ca', caWritten((w) => ca.writeReadReply(w, type.code, count, 77, { ...content, value })), message);
        if (command === 1) same('ca', caWritten((w) => ca.writeEvent(w, type.code, count, 77, { ...content, value })), message);
      }
    });
  });

  const put = caTypes.filter(({ code }) => code < 7 || code === 35 || code === 36);
  describe.each([['WRITE', 4, ca.writeWrite], ['WRITE_NOTIFY', 19, ca.writeWriteNotify]] as const)('%s', (_command, command, write) => {
    it.each(put.map((type) => [type.name, type] as const))('%s', (_name, type) => {
      for (const count of [1, 2, 3, 0]) {
        const payload = payloadOf(type, count);
        const value = valueOf(type, count);
        const message = [...header(command, payload.length, type.code, count, 4, 5), ...payload];
        same('ca', caWritten((w) => write(w, type.code, count, 4, 5, value)), message);
        for (const step of steps) same('ca', caRead(message, step, (each) => ca.decodeValue(each, true)), [value]);
      }
    });
  });

  describe('requests of every type', () => {
    const heads = ({ command, payloadSize, dataType, count, parameter1, parameter2 }: ca.Message): number[] => [command, payloadSize, dataType, count, parameter1, parameter2];
    it.each(caTypes.map((type) => [type.name, type.code] as const))('%s', (_name, code) => {
      const rows: readonly (readonly [write: (w: ByteWriter) => void, message: readonly number[], head: readonly number[]])[] = [
        [(w) => ca.writeReadNotify(w, code, 3, 4, 5), header(15, 0, code, 3, 4, 5), [15, 0, code, 3, 4, 5]],
        [(w) => ca.writeEventAdd(w, code, 3, 4, 5, 9), [...header(1, 16, code, 3, 4, 5), ...zeros(12), ...u16(9, 0)], [1, 16, code, 3, 4, 5]],
        [(w) => ca.writeEventCancel(w, code, 3, 4, 5), header(2, 0, code, 3, 4, 5), [2, 0, code, 3, 4, 5]],
        [(w) => ca.writeEventCancelled(w, code, 3, 4, 5), header(1, 0, code, 3, 4, 5), [1, 0, code, 3, 4, 5]],
        [(w) => ca.writeWriteReply(w, code, 3, 5, 160), header(19, 0, code, 3, 160, 5), [19, 0, code, 3, 160, 5]],
        [(w) => ca.writeChannelCreated(w, code, 3, 6, 7), header(18, 0, code, 3, 6, 7), [18, 0, code, 3, 6, 7]],
      ];
      for (const [write, message, head] of rows) {
        same('ca', caWritten(write), message);
        for (const step of steps) same('ca', caRead(message, step, heads), [head]);
      }
    });
  });

  // Beyond what is gathered in small pieces: read where it belongs, and turned round as it comes.
  const numbers = answered.filter(({ base, name }) => base.name !== 'STRING' && base.name !== 'CHAR' && name !== 'CLASS_NAME');
  describe.each([3001, 40_001, 150_001])('arrays of %i elements', (count) => {
    it.each(numbers.map((type) => [type.name, type] as const))('%s', (_name, type) => {
      const three = type.base.values;
      const [pattern, value] = [three.flatMap(type.base.bytes), type.base.array(Array.from({ length: count }, (_, i) => three[i % 3] as number))];
      const body = Buffer.concat([Buffer.from(type.head), Buffer.alloc(count * (pattern.length / 3), Buffer.from(pattern))]);
      const size = body.length + ((8 - (body.length % 8)) % 8);
      const extended = size >= 0xffff || count >= 0xffff;
      const head = extended ? extendedHeader(15, size, type.code, count, 1, 77) : header(15, size, type.code, count, 1, 77);
      const message = Buffer.concat([Buffer.from(head), body, Buffer.alloc(size - body.length), Buffer.from(header(23, 0, 0, 0, 0, 0))]);
      for (const step of [message.length, 65_536, 1009]) {
        const found: PvValue[] = [];
        const reader = new ca.MessageReader((each) => { if (each.command === 15) found.push(ca.decodeReading(each, true).value); });
        for (let at = 0; at < message.length;) {
          // As a socket reads: into the reader's own buffer where it has one.
          const into = reader.target ?? new Uint8Array(step);
          const taken = Math.min(into.length, step, message.length - at);
          into.set(message.subarray(at, at + taken));
          reader.push(into.subarray(0, taken));
          at += taken;
        }
        // Not by `toEqual`, which takes seconds for so many.
        same('ca', found.map((each) => Buffer.compare(bytesOf(each), bytesOf(value))), [0]);
      }
    });
  });

  it('texts of every length around the padding', () => {
    for (let length = 1; length <= 40; length += 1) {
      const name = 'n'.repeat(length);
      const size = length + 8 - (length % 8);
      const message = [...header(18, size, 0, 0, 3, 13), ...text(name, size)];
      same('ca', caWritten((w) => ca.writeCreateChannel(w, 3, name)), message);
      for (const step of steps) same('ca', caRead(message, step, ca.readText), [name]);
    }
  });

  it('errors about every command, with their text', () => {
    for (let command = 0; command <= 27; command += 1) {
      const request: ca.Message = { ...ca.emptyMessage(), command, dataType: 6, count: 1, parameter1: 9, parameter2: 8, payloadSize: 8 };
      const message = [...header(11, 24, 0, 0, 3, 160), ...header(command, 8, 6, 1, 9, 8), ...text('no', 8)];
      same('ca', caWritten((w) => ca.writeError(w, request, 3, 160, 'no')), message);
      for (const step of steps) same('ca', caRead(message, step, ca.readError), [{ status: 160, text: 'no', request: { command, dataType: 6, count: 1, parameter1: 9, parameter2: 8 } }]);
    }
  });

  it('addresses in answers to searches', () => {
    for (const [address, said] of [[0xffffffff, null], [0, null], [0x7f000001, '127.0.0.1'], [0xc0a80102, '192.168.1.2']] as const) {
      const message = [...header(6, 8, 5064, 0, address, 3), ...u16(13), ...zeros(6)];
      same('ca', caWritten((w) => ca.writeSearchReply(w, 3, 5064, address)), message);
      for (const step of steps) same('ca', caRead(message, step, ca.readSearchAnswer), [{ clientId: 3, address: said, tcpPort: 5064, minorVersion: 13 }]);
    }
  });
});

describe.each(orders)('pvAccess, %s-endian', (order: Order) => {
  const w = wire(order);
  const written = (from: 'client' | 'server', write: (writer: pva.WireWriter) => void): number[] => {
    const writer = new pva.WireWriter(from);
    writer.littleEndian = order === 'little';
    write(writer);
    return [...writer.take()];
  };

  /** What is read from the message in each chunking; nothing may be left of it. */
  function readings<Result>(from: 'client' | 'server', command: number, message: readonly number[], act: (reader: pva.WireReader) => Result): Result[] {
    return chunkings.map(([, cut]) => {
      const found: Result[] = [];
      feed(from, cut(message), (is, reader) => {
        expect(is).toBe(command);
        found.push(act(reader));
        expect(reader.remaining).toBe(0);
      });
      expect(found).toHaveLength(1);
      return found[0] as Result;
    });
  }

  it.each(messageRows)('%s', (_name, from, command, payload, write, act, expected) => {
    const message = w.message(from, command, payload(w));
    same('pva', written(from, write), message);
    for (const found of readings(from, command, message, act)) same('pva', found, expected);
    // The same in two segments.
    const body = payload(w);
    const half = Math.floor(body.length / 2);
    const segments = [...w.message(from, command, body.slice(0, half), 0x10), ...w.message(from, command, body.slice(half), 0x20)];
    for (const found of readings(from, command, segments, act)) same('pva', found, expected);
  });

  it('has a row of every message', () => {
    const unused: readonly number[] = [pva.commands.ACL_CHANGE, pva.commands.MULTIPLE_DATA];
    expect([...new Set(messageRows.map(([, , command]) => command))].sort((a, b) => a - b)).toEqual(Object.values(pva.commands).filter((command) => !unused.includes(command)));
  });

  it.each(Object.entries(pva.controls))('control message %s', (_name, control) => {
    for (const data of [0, 1, 0x12345678, 0xffffffff]) {
      const message = w.control('server', control, data);
      same('pva', written('server', (writer) => writer.control(control, data)), message);
      for (const [, cut] of chunkings) {
        const heard: [number, number][] = [];
        feed('server', cut(message), () => undefined, { onControl: (is, said) => heard.push([is, said]) });
        same('pva', heard, [[control, data]]);
      }
    }
  });

  const response = { requestId: 6, subcommand: 0, status: pva.ok };
  const request = { serverId: 5, requestId: 6, subcommand: 0 };
  it.each(typeRows)('%s in every message with data', (_name, field, description, value, body) => {
    const whole = pva.structure('', { value: field });
    const start = pva.defaultValue(whole) as pva.PvaStructure;
    const data = [...body(w)];
    const cache = (): pva.TypeCache => new pva.TypeCache();
    const rows: readonly (readonly [from: 'client' | 'server', command: number, payload: readonly number[], write: (writer: pva.WireWriter) => void, act: (reader: pva.WireReader) => unknown, expected: unknown])[] = [
      ['server', 10, [...w.u32(6), 0, 0xff, 1, 2, ...data], (writer) => pva.writeDataResponse(writer, pva.commands.GET, response, whole, { value }, pva.BitSet.of(1)),
        (reader) => [pva.readOperationResponse(reader), pva.readPut(reader, whole, cache()).value], [response, { value }]],
      ['client', 11, [...w.u32(5, 6), 0, 1, 2, ...data], (writer) => pva.writePut(writer, pva.commands.PUT, request, whole, { value }, pva.BitSet.of(1)),
        (reader) => [pva.readOperationRequest(reader), pva.readPut(reader, whole, cache()).value], [request, { value }]],
      ['client', 12, [...w.u32(5, 6), 0, 1, 1, ...data], (writer) => pva.writePut(writer, pva.commands.PUT_GET, request, whole, { value }, pva.BitSet.of(0)),
        (reader) => [pva.readOperationRequest(reader), pva.readPut(reader, whole, cache()).value], [request, { value }]],
      ['server', 13, [...w.u32(6), 0, 1, 2, ...data, 0], (writer) => pva.writeMonitorUpdate(writer, 6, whole, { changed: pva.BitSet.of(1), overrun: pva.BitSet.of(), value: { value } }),
        (reader) => [pva.readMonitorHead(reader), pva.readMonitorUpdate(reader, whole, cache(), start).value], [{ requestId: 6, subcommand: 0, status: null }, { value }]],
      ['server', 17, [...w.u32(6), 0xff, ...description(w)], (writer) => pva.writeGetFieldResponse(writer, { requestId: 6, status: pva.ok, field }),
        (reader) => pva.sameField(pva.readGetFieldResponse(reader, cache()).field as pva.Field, field), true],
      ['client', 20, [...w.u32(5, 6), 0, ...description(w), ...data], (writer) => pva.writeRpc(writer, request, { field, value }),
        (reader) => [pva.readOperationRequest(reader), pva.readAny(reader, cache())?.value], [request, value]],
    ];
    for (const [from, command, payload, write, act, expected] of rows) {
      const message = w.message(from, command, payload);
      same('pva', written(from, write), message);
      for (const found of readings(from, command, message, act)) same('pva', found, expected);
    }
  });
});

afterAll(() => {
  console.log(`Wire vectors: ${counted.ca + counted.pva} assertions on bytes, ${counted.ca} of Channel Access and ${counted.pva} of pvAccess.`);
  expect(counted.ca + counted.pva).toBeGreaterThanOrEqual(least);
});
