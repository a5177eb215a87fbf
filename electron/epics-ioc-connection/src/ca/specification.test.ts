// Rules of Channel Access that break clients, in bytes: each numbered as in the list that `specificationNames.test.ts` checks.
// Sources: EPICS Channel Access protocol specification (docs.epics-controls.org), EPICS base db_access.h and caProto.h.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../client';
import type { Reading } from '../value';
import { ByteWriter } from '../bytes/byteWriter';
import * as wire from './protocol';
import { bytes, f64, header, text, u16, u32, zeros } from './protocol/hexBytes.testing';
import { CaServer } from './server';

/** Decodes one message that arrives in one piece, or byte by byte. */
function decode(message: Uint8Array, step: number, scalar = true): Reading[] {
  const found: Reading[] = [];
  const reader = new wire.MessageReader((each) => found.push(wire.decodeReading(each, scalar)), { maxPayload: 1e6 });
  for (let at = 0; at < message.length; at += step) reader.push(message.subarray(at, at + step));
  return found;
}
const written = (code: number, count: number, value: number | string): Uint8Array => {
  const writer = new ByteWriter();
  wire.writePayload(writer, code, count, { value });
  return writer.take();
};

describe.each([['whole', 1e6], ['byte by byte', 1]] as const)('%s', (_how, step) => {
  it('CA 3: payloads are padded to 8, and the count is never derived from their size', () => {
    // 24 bytes would hold three doubles more than the count says; 8 would hold four shorts.
    expect(decode(bytes(header(15, 24, 6, 1, 1, 1), f64(1.5, 9, 9)), step)[0]).toMatchObject({ value: 1.5, count: 1 });
    expect(decode(bytes(header(15, 8, 1, 3, 1, 1), u16(1, 2, 3, 99)), step, false)[0]).toMatchObject({ value: Int16Array.of(1, 2, 3), count: 3 });
    expect([written(1, 1, 7).length, written(4, 1, 7).length, written(6, 1, 7).length, written(0, 1, 'abcdefgh').length]).toEqual([8, 8, 8, 16]);
  });

  it('CA 4: a DBR_STRING element is 40 bytes; a lone one may be shorter; the NUL is not guaranteed', () => {
    expect(decode(bytes(header(15, 8, 0, 1, 1, 1), text('abcd', 8)), step)[0]!.value).toBe('abcd');
    expect(decode(bytes(header(15, 8, 0, 1, 1, 1), text('abcdefgh', 8)), step)[0]!.value).toBe('abcdefgh');
    const full = 'a'.repeat(40);
    expect(decode(bytes(header(15, 80, 0, 2, 1, 1), text(full, 40), text('b', 40)), step, false)[0]!.value).toEqual([full, 'b']);
    expect(written(0, 1, 'abcd')).toEqual(bytes(text('abcd', 8)));
  });

  it('CA 5: padding before the value', () => {
    const stamp = [...u32(0), ...u32(0)];
    const rows: readonly (readonly [name: string, code: number, payload: readonly number[], value: number])[] = [
      ['TIME_SHORT', 15, [...u16(0, 0), ...stamp, 9, 9, ...u16(7)], 7],
      ['TIME_ENUM', 17, [...u16(0, 0), ...stamp, 9, 9, ...u16(7)], 7],
      ['TIME_CHAR', 18, [...u16(0, 0), ...stamp, 9, 9, 9, 7], 7],
      ['TIME_DOUBLE', 20, [...u16(0, 0), ...stamp, 9, 9, 9, 9, ...f64(7)], 7],
      ['STS_CHAR', 11, [...u16(0, 0), 9, 7], 7],
      ['STS_DOUBLE', 13, [...u16(0, 0), 9, 9, 9, 9, ...f64(7)], 7],
      ['GR_CHAR', 25, [...u16(0, 0), ...text('mm', 8), 1, 2, 3, 4, 5, 6, 99, 7], 7],
      ['CTRL_CHAR', 32, [...u16(0, 0), ...text('mm', 8), 1, 2, 3, 4, 5, 6, 7, 8, 99, 7], 7],
      ['GR_FLOAT', 23, [...u16(0, 0), ...u16(2), 9, 9, ...text('mm', 8), ...zeros(24), 0x40, 0xe0, 0, 0], 7],
      ['CTRL_FLOAT', 30, [...u16(0, 0), ...u16(2), 9, 9, ...text('mm', 8), ...zeros(32), 0x40, 0xe0, 0, 0], 7],
      ['GR_DOUBLE', 27, [...u16(0, 0), ...u16(2), 9, 9, ...text('mm', 8), ...zeros(48), ...f64(7)], 7],
      ['CTRL_DOUBLE', 34, [...u16(0, 0), ...u16(2), 9, 9, ...text('mm', 8), ...zeros(64), ...f64(7)], 7],
    ];
    for (const [name, code, payload, value] of rows) {
      expect([wire.dbrTypes[code]!.name, wire.dbrTypes[code]!.valueOffset]).toEqual([name, payload.length - wire.dbrTypes[code]!.elementSize]);
      const padded = [...payload, ...zeros(wire.padded(payload.length) - payload.length)];
      expect([name, decode(bytes(header(15, padded.length, code, 1, 1, 1), padded), step)[0]!.value]).toEqual([name, value]);
    }
  });

  it('CA 20: no charset is declared: UTF-8 first, Latin-1 otherwise', () => {
    expect(decode(bytes(header(15, 8, 0, 1, 1, 1), [0xc2, 0xb5, 0x6d, 0, 0, 0, 0, 0]), step)[0]!.value).toBe('µm');
    expect(decode(bytes(header(15, 8, 0, 1, 1, 1), [0xb5, 0x6d, 0, 0, 0, 0, 0, 0]), step)[0]!.value).toBe('µm');
  });

  it('CA 23: the epoch is 1990-01-01 UTC; a zero stamp means undefined', () => {
    const at = (seconds: number, nanoseconds: number): Reading['timestamp'] =>
      decode(bytes(header(15, 24, 20, 1, 1, 1), u16(0, 0), u32(seconds), u32(nanoseconds), zeros(4), f64(1)), step)[0]!.timestamp;
    expect(at(1, 5)).toEqual({ seconds: 631_152_001, nanoseconds: 5 });
    expect(at(0, 0)).toBeNull();
  });
});

describe('from server to program', () => {
  let server: CaServer;
  let client: Client;
  beforeEach(async () => {
    server = new CaServer();
    await server.listen();
    client = new Client({ environment: {}, ca: { addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false } });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('CA 18: an ENUM with no states, or an index beyond the states, shows the number', async () => {
    server.add('NO', { type: 'ENUM', initial: 3 });
    server.add('BEYOND', { type: 'ENUM', initial: 5, metadata: { states: ['Idle', 'Busy'] } });
    expect(await client.channel('NO').get()).toMatchObject({ value: 3, enum: { index: 3, choice: '3', choices: [] } });
    expect(await client.channel('BEYOND').get()).toMatchObject({ value: 5, enum: { index: 5, choice: '5', choices: ['Idle', 'Busy'] } });
    expect((await client.channel('BEYOND').get({ as: 'string' })).value).toBe('5');
  });

  it('CA 19: NaN and the infinities survive every hop: as numbers, in arrays, as text, written and read', async () => {
    const odd = Float64Array.of(NaN, Infinity, -Infinity, -0);
    const wave = server.add('WAVE', { type: 'DOUBLE', count: 4, initial: new Float64Array(4), onWrite: ({ value }) => wave.update({ value }) });
    const one = server.add('ONE', { type: 'DOUBLE', initial: 0, metadata: { display: { low: -Infinity, high: Infinity } }, onWrite: ({ value }) => one.update({ value }) });
    await client.channel('WAVE').put(odd, { wait: true });
    expect((await client.channel('WAVE').get()).value).toEqual(odd);
    for (const [value, said] of [[NaN, 'nan'], [Infinity, 'inf'], [-Infinity, '-inf']] as const) {
      await client.channel('ONE').put(value, { wait: true });
      expect((await client.channel('ONE').get()).value).toBe(value);
      expect((await client.channel('ONE').get({ as: 'string' })).value).toBe(said);
      await client.channel('ONE').put(said, { wait: true });
      expect(one.state.value).toBe(value);
    }
    expect((await client.channel('ONE').get()).display?.limits).toEqual({ low: -Infinity, high: Infinity });
  });

  it('CA 24: units, limits, precision and states follow the IOC by DBE_PROPERTY', async () => {
    const pv = server.add('X', { type: 'DOUBLE', initial: 1, metadata: { units: 'mm', precision: 1, display: { low: 0, high: 1 } } });
    const choice = server.add('E', { type: 'ENUM', initial: 0, metadata: { states: ['Off', 'On'] } });
    const [number, states] = [client.channel('X').monitor(), client.channel('E').monitor()];
    await Promise.all([number.next(), states.next()]);
    pv.update({ metadata: { units: 'um', precision: 3, display: { low: 0, high: 1000 } } });
    choice.update({ metadata: { states: ['Closed', 'Open'] } });
    expect((await number.next()).value).toMatchObject({ value: 1, display: { units: 'um', precision: 3, limits: { low: 0, high: 1000 } } });
    expect((await states.next()).value).toMatchObject({ value: 0, enum: { choice: 'Closed' } });
  });
});
