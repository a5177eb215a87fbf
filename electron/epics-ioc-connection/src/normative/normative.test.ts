// Normative types made, sent between our server and our client, and read; pictures in every codec, made by other programs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyValue, PvaStructure } from '../index';
import { ndArrayType, ndArrayValue, ntEnum, ntHistogram, ntNameValue, ntScalar, ntScalarArray, PvaClient, PvaServer, readHistogram, readNameValue, readNdArray, readTable, scalar, tableValue } from '../index';
import type { PvaNumericArray } from '../pva/protocol';
import { decodeBslz4 } from './bitshuffle';
import { codecVectors } from './codecs.testing';
import { decompress } from './codecs';
import { decodeLz4 } from './lz4';

const server = new PvaServer();
let client: PvaClient;
beforeAll(async () => {
  await server.listen();
  client = new PvaClient({ environment: {}, addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false });
});
afterAll(async () => {
  await client.close();
  await server.close();
});

let served = 0;
/** There and back over the wire. */
async function overTheWire({ field, value }: AnyValue): Promise<{ field: AnyValue['field']; value: PvaStructure }> {
  served += 1;
  const name = `NT:${served}`;
  if (field.kind !== 'structure') throw new Error('a structure');
  server.addStructure(name, { type: field, initial: value });
  return client.channel(name).getStructure();
}

describe('PVA 15: normative types, shown and written', () => {
  it('NTScalar, NTScalarArray and NTEnum have the ids and the parts that were asked for', async () => {
    const number = await overTheWire(ntScalar('int', 7, { display: true, control: true, valueAlarm: true, descriptor: true }));
    expect([number.field, number.value['value']]).toMatchObject([{ id: 'epics:nt/NTScalar:1.0' }, 7]);
    expect(Object.keys(number.value)).toEqual(['value', 'descriptor', 'alarm', 'timeStamp', 'display', 'control', 'valueAlarm']);
    const list = await overTheWire(ntScalarArray('ushort', [1, 2, 3], { alarm: false }));
    expect([list.field, list.value['value'], Object.keys(list.value)]).toMatchObject([{ id: 'epics:nt/NTScalarArray:1.0' }, Uint16Array.of(1, 2, 3), ['value', 'timeStamp']]);
    const choice = await overTheWire(ntEnum(['Off', 'On'], 1));
    expect([choice.field, choice.value['value']]).toMatchObject([{ id: 'epics:nt/NTEnum:1.0' }, { index: 1, choices: ['Off', 'On'] }]);
  });

  it('NTNameValue', async () => {
    const numbers = await overTheWire(ntNameValue({ x: 1.5, y: 2 }));
    expect([numbers.field, readNameValue(numbers.value)]).toMatchObject([{ id: 'epics:nt/NTNameValue:1.0' }, { x: 1.5, y: 2 }]);
    expect(readNameValue((await overTheWire(ntNameValue({ user: 'anna', run: 7 }))).value)).toEqual({ user: 'anna', run: '7' });
    expect(() => readNameValue({ name: ['a'], value: new Float64Array(2) })).toThrow('1 names for 2 values');
  });

  it('NTTable', async () => {
    const { field, value } = await overTheWire(tableValue({ name: { type: 'string', values: ['a', 'b'] }, at: { type: 'double', label: 'Position [mm]', values: Float64Array.of(1, 2) } }));
    if (field.kind !== 'structure') throw new Error('a structure');
    expect(readTable(field, value)).toEqual({
      columns: ['name', 'at'], labels: ['name', 'Position [mm]'], values: { name: ['a', 'b'], at: Float64Array.of(1, 2) }, rows: 2,
    });
  });

  it('NTHistogram', async () => {
    const { field, value } = await overTheWire(ntHistogram([0, 1, 10], [5, 7]));
    expect([field, readHistogram(value)]).toMatchObject([{ id: 'epics:nt/NTHistogram:1.0' }, [{ from: 0, to: 1, count: 5 }, { from: 1, to: 10, count: 7 }]]);
    expect(() => ntHistogram([0, 1], [5, 7])).toThrow(RangeError);
  });

  it('NTNDArray without a codec', async () => {
    const picture = ndArrayValue({ data: Uint16Array.of(1, 2, 3, 4, 5, 6), size: [3, 2], uniqueId: 9, timestamp: { seconds: 1_700_000_000, nanoseconds: 5 }, attributes: [{ name: 'gain', value: 2 }] });
    expect(readNdArray((await overTheWire({ field: ndArrayType, value: picture })).value)).toEqual({
      data: Uint16Array.of(1, 2, 3, 4, 5, 6), compressed: null, size: [3, 2], uniqueId: 9, timestamp: { seconds: 1_700_000_000, nanoseconds: 5 }, attributes: { gain: 2 },
    });
  });

  it.each(['lz4', 'bslz4', 'zlib'] as const)('NTNDArray in %s, as other programs compress it', async (codec) => {
    for (const vector of codecVectors) {
      const expected = numbersOf(vector);
      const bytes = Uint8Array.from(Buffer.from(vector[codec], 'base64'));
      const picture = compressedPicture(codec, bytes, scalarNumber[vector.type]!, expected);
      const { data, compressed, size } = readNdArray((await overTheWire({ field: ndArrayType, value: picture })).value);
      expect([data, size, compressed?.codec]).toEqual([expected, [vector.count], codec]);
    }
  });

  it('NTNDArray in JPEG or Blosc is handed on with the codec\'s name', async () => {
    for (const codec of ['jpeg', 'blosc']) {
      const picture = compressedPicture(codec, Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), 5, new Uint8Array(12));
      const { data, compressed } = readNdArray((await overTheWire({ field: ndArrayType, value: picture })).value);
      expect([data, compressed]).toEqual([null, { codec, bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), elementType: 'ubyte' }]);
    }
  });
});

describe('compressed bytes that lie', () => {
  it('are refused, and cost no more than was announced', () => {
    const bytes = (codec: 'lz4' | 'bslz4' | 'zlib'): Uint8Array => Uint8Array.from(Buffer.from(codecVectors[1]![codec], 'base64'));
    const size = codecVectors[1]!.count * 2;
    for (const codec of ['lz4', 'bslz4', 'zlib'] as const) {
      expect(() => decompress(codec, bytes(codec), 'short', size - 2)).toThrow();
      expect(() => decompress(codec, bytes(codec), 'short', size + 2000)).toThrow();
      expect(() => decompress(codec, bytes(codec).subarray(0, 20), 'short', size)).toThrow();
      expect(() => decompress(codec, bytes(codec), 'short', 2 ** 40)).toThrow('cannot be');
      expect(() => decompress(codec, bytes(codec), 'short', 3)).toThrow('cannot be');
    }
    expect(() => decodeLz4(Uint8Array.of(0x10, 65, 9, 0), 100)).toThrow('before its start');
    expect(() => decodeBslz4(Uint8Array.of(255, 255, 255, 255, 1), 8, 1)).toThrow('cut short');
  });

  it('of any kind end with an error or with as many bytes as were asked for', () => {
    let seed = 1;
    const random = (): number => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return seed; };
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Uint8Array.from({ length: random() % 60 }, () => random() % 256);
      for (const codec of ['lz4', 'bslz4'] as const) {
        try {
          expect(decompress(codec, bytes, 'ushort', 64)).toHaveLength(32);
        } catch (error) {
          expect((error as { name: string }).name).toBe('RemoteProtocolError');
        }
      }
    }
  });
});

const scalarNumber: Readonly<Record<string, number>> = { int8: 1, int16: 2, int32: 3, int64: 4, uint8: 5, uint16: 6, uint32: 7, uint64: 8, float32: 9, float64: 10 };

function numbersOf({ type, count }: { type: string; count: number }): PvaNumericArray {
  const plain = Array.from({ length: count }, (_, i) => (i === Math.floor(count / 2) ? 1 : ((i % 37) * 3) / (type.startsWith('float') ? 7 : 1)));
  switch (type) {
    case 'uint8': return Uint8Array.from(plain);
    case 'int16': return Int16Array.from(plain);
    case 'uint16': return Uint16Array.from(plain);
    case 'int32': return Int32Array.from(plain);
    case 'uint32': return Uint32Array.from(plain);
    case 'float32': return Float32Array.from(plain);
    case 'int64': return BigInt64Array.from(plain, BigInt);
    default: return Float64Array.from(plain);
  }
}

function compressedPicture(codec: string, bytes: Uint8Array, type: number, numbers: PvaNumericArray): PvaStructure {
  const whole = ndArrayValue({ data: bytes, size: [numbers.length], uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 } });
  return {
    ...whole, codec: { name: codec, parameters: { field: scalar('int'), value: type } }, compressedSize: bytes.length, uncompressedSize: numbers.byteLength,
  };
}
