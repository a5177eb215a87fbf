// Headers, segments, byte order and every message against bytes written by hand, in both byte orders, whole and byte by byte.
import { describe, expect, it } from 'vitest';
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { BitSet } from './bitSet';
import { commands, controls } from './commands';
import * as connection from './connectionMessages';
import { readDatagram } from './messageReader';
import { guid, guidBytes, messageRows as rows, nowhere, request, small } from './messageRows.testing';
import * as operation from './operationMessages';
import { chunkings, feed, orders, wire } from './pvaBytes.testing';
import type { Order } from './pvaBytes.testing';
import { buildPvRequest, parsePvRequest, readPvRequest } from './pvRequest';
import * as search from './searchMessages';
import { WireWriter } from './wireWriter';
import type { Role } from './wireWriter';

describe.each(orders)('messages, %s-endian', (order) => {
  const w = wire(order);
  const written = (from: Role, write: (writer: WireWriter) => void): number[] => {
    const writer = new WireWriter(from);
    writer.littleEndian = order === 'little';
    write(writer);
    return [...writer.take()];
  };
  it.each(rows)('%s: written', (_name, from, command, payload, write) => {
    expect(written(from, write)).toEqual(w.message(from, command, payload(w)));
  });
  describe.each(chunkings)('read %s', (_chunking, cut) => {
    it.each(rows)('%s', (_name, from, command, payload, _write, read, expected) => {
      const got: unknown[] = [];
      feed(from, cut([...w.control(from, controls.MARK_TOTAL_BYTES, 1), ...w.message(from, command, payload(w)), ...w.message(from, 2, [])]), (is, reader) => {
        if (is === 2 && got.length > 0) return;
        expect(is).toBe(command);
        got.push(read(reader));
        expect(reader.remaining).toBe(0);
      });
      expect(got).toEqual([expected]);
    });

    it('PVA 2: segments are joined; only control messages may come between them', () => {
      const controlled: [number, number][] = [];
      const got: [number, number[]][] = [];
      const bytes = [
        ...w.message('server', 13, [1, 2], 0x10), ...w.control('server', controls.MARK_TOTAL_BYTES, 77), ...w.message('server', 13, [3], 0x30),
        ...w.message('server', 13, [], 0x30), ...w.control('server', controls.ECHO_REQUEST, 5), ...w.message('server', 13, [4, 5], 0x20), ...w.message('server', 2, [9]),
      ];
      feed('server', cut(bytes), (command, reader) => got.push([command, [...reader.copy(reader.remaining)]]), { onControl: (control, data) => controlled.push([control, data]) });
      expect(got).toEqual([[13, [1, 2, 3, 4, 5]], [2, [9]]]);
      expect(controlled).toEqual([[0, 77], [3, 5]]);
      const wrong = [
        [...w.message('server', 13, [1], 0x10), ...w.message('server', 2, [])], [...w.message('server', 13, [1], 0x10), ...w.message('server', 10, [], 0x20)],
        w.message('server', 13, [1], 0x20), w.message('server', 13, [1], 0x30), [...w.message('server', 13, [1], 0x10), ...w.message('server', 13, [1], 0x10)],
      ];
      for (const message of wrong) expect(() => feed('server', cut(message), () => undefined)).toThrow(RemoteProtocolError);
    });

    it('PVA 1: after SET_BYTE_ORDER the flags in the headers do not count; control messages carry their data in the size field', () => {
      const other = wire(order === 'big' ? 'little' : 'big');
      const controlled: [number, number, boolean][] = [];
      const flip = (message: number[]): number[] => message.map((byte, i) => (i === 2 ? byte ^ 0x80 : byte));
      const got: number[] = [];
      const read = (bytes: number[]): void => feed('server', cut(bytes), (_command, reader) => got.push(reader.u32()), { onControl: (...all) => controlled.push(all) });
      read([...w.control('server', controls.SET_BYTE_ORDER, 0), ...flip(w.message('server', 10, w.u32(7))), ...w.message('server', 10, w.u32(8))]);
      // 0xFFFFFFFF: every message says its own.
      read([...w.control('server', controls.SET_BYTE_ORDER, 0xffffffff), ...other.message('server', 10, other.u32(9)), ...w.message('server', 10, w.u32(10))]);
      // Without it too.
      read([...other.message('server', 10, other.u32(11)), ...w.message('server', 10, w.u32(12))]);
      expect(got).toEqual([7, 8, 9, 10, 11, 12]);
      expect(controlled).toEqual([[2, 0, order === 'big'], [2, 0xffffffff, order === 'big']]);
    });

    it('skips what is larger than allowed, says whose it is, and goes on', () => {
      const got: [number, boolean, number][] = [];
      const large = [...w.u32(42), ...new Array<number>(5000).fill(1)];
      feed('server', cut([...w.message('server', 10, large), ...w.message('server', 10, w.u32(43))]), (command, reader, oversize) => got.push([command, oversize, reader.u32()]), { maxPayload: 100 });
      expect(got).toEqual([[10, true, 42], [10, false, 43]]);
      const segments = [...w.message('server', 10, large.slice(0, 80), 0x10), ...w.message('server', 10, large.slice(0, 80), 0x20)];
      expect(() => feed('server', cut(segments), () => undefined, { maxPayload: 100 })).toThrow(/larger than/);
    });

    it('gathers a large message in one buffer of its own', () => {
      const got: number[] = [];
      const large = Array.from({ length: 70_000 }, (_, i) => i & 255);
      feed('server', cut([...w.message('server', 10, large), ...w.message('server', 2, [])]), (command, reader) => { if (command === 10) got.push(...reader.copy(reader.remaining)); });
      expect(got).toEqual(large);
    });

    it('refuses what is not pvAccess and what goes the wrong way', () => {
      expect(() => feed('server', cut([...'HTTP/1.1 400 Bad Request'].map((c) => c.charCodeAt(0))), () => undefined)).toThrow(RemoteProtocolError);
      expect(() => feed('server', cut(w.message('client', 10, [])), () => undefined)).toThrow(/direction/);
    });
  });

  it('PVA 8: a search reply with address zero names no address, over TCP no port either; its count is a u16', () => {
    const many = Array.from({ length: 300 }, (_, i) => i);
    const bytes = w.message('server', 4, [...guidBytes, ...w.u32(1), ...nowhere, ...w.u16(0), ...w.text('tcp'), 1, ...w.u16(300), ...w.u32(...many)]);
    const got: search.SearchResponse[] = [];
    readDatagram(Uint8Array.from(bytes), (_command, reader) => got.push(search.readSearchResponse(reader)));
    expect(got).toEqual([{ guid, sequence: 1, address: null, port: 0, protocol: 'tcp', found: true, channelIds: many }]);
  });

  it('a datagram costs at most its own bytes', () => {
    const good = w.message('client', 2, [1]);
    const seen = (bytes: number[]): number => {
      let count = 0;
      readDatagram(Uint8Array.from(bytes), (_command, reader) => { reader.u8(); count += 1; });
      return count;
    };
    expect(seen([...good, ...good])).toBe(2);
    expect(seen([...good, ...good.slice(0, -1)])).toBe(1);
    expect(seen([...good, ...w.message('client', 2, []), ...good])).toBe(1);
    expect(seen([1, 2, 3])).toBe(0);
    expect(seen([...w.control('server', 2, 0xffffff), ...good])).toBe(1);
  });
});

describe('pvRequest', () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ['', [], {}], ['value', ['value'], {}], ['field()', [], {}], ['value, alarm', ['value', 'alarm'], {}],
    ['field(value,alarm)record[pipeline=true]', ['value', 'alarm'], { pipeline: 'true' }],
    ['record[pipeline=true,queueSize=4]field(display.units)', ['display.units'], { pipeline: 'true', queueSize: '4' }],
  ])('%s', (text, fields, options) => {
    expect(parsePvRequest(text)).toEqual({ fields, options });
    expect(readPvRequest(buildPvRequest({ fields, options }))).toEqual({ fields, options });
  });
  it('refuses what it does not understand', () => {
    for (const text of ['field(value', 'record[pipeline]', 'putField(value)']) expect(() => parsePvRequest(text), text).toThrow(/write/);
  });
});

it('takes back a message that cannot be said', () => {
  const writer = new WireWriter('client');
  connection.writeEcho(writer, Uint8Array.of(1));
  expect(() => operation.writePut(writer, commands.PUT, request, small, { value: 'text' }, BitSet.of(1))).toThrow(/cannot hold string/);
  writer.abandon();
  connection.writeEcho(writer);
  const order: Order = 'big';
  expect([...writer.take()]).toEqual([...wire(order).message('client', 2, [1]), ...wire(order).message('client', 2, [])]);
});
