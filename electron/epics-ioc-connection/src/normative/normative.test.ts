// Normative types made, sent between our server and our client, and read; pictures in every codec, made by other programs.
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyValue, Picture, PvaStructure } from '../index';
import { Client, ndArrayType, ndArrayValue, ntEnum, ntHistogram, ntNameValue, ntScalar, ntScalarArray, PvaClient, PvaServer, readHistogram, readNameValue, readNdArray, readTable, tableValue } from '../index';
import type { PvaNumericArray } from '../pva/protocol';
import { decodeBslz4 } from './bitshuffle';
import { decodeBlosc } from './blosc';
import { codecVectors } from './codecs.testing';
import { chunkVectors, jpegVectors } from './pictures.testing';
import { codecNames, decompress } from './codecs';
import type { CodecName, ElementType } from './codecs';
import { decodeLz4 } from './lz4';
import { Random } from '../../test/fuzz/random';

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
      const { data, compressed, size } = await pictureOverTheWire({ name: codec, elementType: elementTypeOf[vector.type]! }, fromBase64(vector[codec]), [vector.count], expected.byteLength);
      expect([data, size, compressed?.codec]).toEqual([expected, [vector.count], codec]);
    }
  });

  it.each(chunkVectors)('NTNDArray in $codec: $name, as other programs compress it', async ({ codec, type, count, bytes }) => {
    const expected = numbersOf({ type, count });
    const { data, compressed } = await pictureOverTheWire({ name: codec, elementType: elementTypeOf[type]! }, fromBase64(bytes), [count], expected.byteLength);
    expect([data, compressed?.codec]).toEqual([expected, codec]);
  });

  it.each(jpegVectors)('NTNDArray in JPEG, $name, in the order of its dimensions', async ({ width, height, channels, jpeg, pixels }) => {
    const expected = fromBase64(pixels);
    /** The colours' dimension first, second or last; none of a grey picture, or none announced at all. */
    for (const at of channels === 3 ? [0, 1, 2] : [null]) {
      const size = at === null ? [width, height] : [[3, width, height], [width, 3, height], [width, height, 3]][at]!;
      const { data, size: found, compressed } = await pictureOverTheWire({ name: 'jpeg', elementType: 'ubyte' }, fromBase64(jpeg), size, expected.length);
      expect([data?.constructor, found, compressed?.elementType]).toEqual([Uint8Array, size, 'ubyte']);
      const [pixel, row, channel] = [[3, 3 * width, 1], [1, 3 * width, width], [1, width, width * height]][at ?? 1]!;
      for (let i = 0; i < expected.length; i += 1) {
        const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)];
        const place = at === null ? i : c * channel! + x * pixel! + y * row!;
        expect(Math.abs(Number(data![place]) - expected[i]!)).toBeLessThanOrEqual(3);
      }
    }
    const unannounced = await pictureOverTheWire({ name: 'jpeg', elementType: 'byte' }, fromBase64(jpeg), [], 0);
    expect([unannounced.data?.constructor, unannounced.size]).toEqual([Int8Array, channels === 3 ? [3, width, height] : [width, height]]);
  });

  it('a Blosc chunk whose blocks lie upon each other is refused: each would be read again and again', () => {
    // 256 bytes in two blocks, each a raw Zstandard frame of 128 zeros after a thousand empty ones.
    const empty = Array.from({ length: 3000 }, () => 0);
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, ...empty, 0x03, 0x04, 0, 0);
    const made = (starts: readonly number[], copies: number): Uint8Array => {
      const bytes = new Uint8Array(24 + copies * (4 + frame.length));
      const view = new DataView(bytes.buffer);
      bytes.set([2, 1, 0x90, 1]);
      [256, 128, bytes.length, ...starts].forEach((number, i) => { view.setUint32(4 + 4 * i, number, true); });
      for (let i = 0; i < copies; i += 1) {
        view.setUint32(24 + i * (4 + frame.length), frame.length, true);
        bytes.set(frame, 28 + i * (4 + frame.length));
      }
      return bytes;
    };
    expect(decodeBlosc(made([24, 28 + frame.length], 2), 256)).toEqual(new Uint8Array(256));
    expect(() => decodeBlosc(made([24, 24], 1), 256)).toThrow('A Blosc chunk has blocks that don\'t hold what they should.');
  });

  it('a JPEG picture of dimensions that are no numbers is refused before it is read', () => {
    const structure = ndArrayValue({ data: fromBase64(jpegVectors[0]!.jpeg).subarray(0, 300), size: [1], uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 }, codec: { name: 'jpeg', elementType: 'ubyte', uncompressedSize: 1 } });
    for (const size of [{}, { size: NaN }, { size: -1 }, { size: 0.5 }] as PvaStructure[]) {
      expect(() => readNdArray({ ...structure, dimension: [size, size] })).toThrow('cannot be');
    }
  });

  it('what is not supported is said, with the codec\'s name', async () => {
    const newer = fromBase64(chunkVectors[0]!.bytes).map((byte, i) => (i === 2 ? byte | 0xa0 : byte));
    const pictures = {
      'NEWER': [{ name: 'blosc', elementType: 'ubyte' }, newer, [1003], 1003, 'compressed by blosc with compressor 5'],
      'BLOSC2': [{ name: 'blosc', elementType: 'ubyte' }, Uint8Array.from({ length: 40 }, () => 5), [4], 4, 'compressed by blosc in format 5'],
      'OTHER': [{ name: 'jpeg2000', elementType: 'ubyte' }, Uint8Array.of(1, 2, 3), [4], 4, 'compressed by jpeg2000'],
      'BROKEN': [{ name: 'jpeg', elementType: 'ubyte' }, Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), [2, 2], 4, 'A JPEG picture has no frame'],
      'WRONG': [{ name: 'jpeg', elementType: 'ubyte' }, fromBase64(jpegVectors[0]!.jpeg), [13, 19], 13 * 19, 'of 19 x 13 pixels is announced as 13 x 19'],
    } as const;
    for (const [name, [codec, data, size, uncompressedSize, words]] of Object.entries(pictures)) {
      server.addStructure(name, { type: ndArrayType, initial: ndArrayValue({ data, size, uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 }, codec: { ...codec, uncompressedSize } }) });
      await expect(client.channel(name).get()).rejects.toMatchObject({ code: 'BAD_TYPE', message: expect.stringContaining(words) as string });
    }
    const { data, compressed } = readNdArray((await client.channel('OTHER').getStructure()).value);
    expect([data, compressed]).toEqual([null, { codec: 'jpeg2000', bytes: Uint8Array.of(1, 2, 3), elementType: 'ubyte' }]);
  });

  it('a picture that cannot be read costs its reading, not the connection: the next one is shown', async () => {
    const { jpeg, width, height } = jpegVectors[0]!;
    const good = ndArrayValue({ data: fromBase64(jpeg), size: [width, height], uniqueId: 2, timestamp: { seconds: 2, nanoseconds: 0 }, codec: { name: 'jpeg', elementType: 'ubyte', uncompressedSize: width * height } });
    const pv = server.addStructure('NOW:AND:THEN', { type: ndArrayType, initial: { ...good, value: { member: 'ubyteValue', value: fromBase64(jpeg).subarray(0, 100) } } });
    const [states, counts, warnings]: [string[], number[], string[]] = [[], [], []];
    const listening = client.onWarning(({ code, pv: name, message }) => warnings.push(`${code} ${name}: ${message}`));
    const channel = client.channel('NOW:AND:THEN');
    channel.onState((state) => states.push(state));
    channel.monitor({}, ({ count }) => counts.push(count));
    await channel.whenConnected({ timeout: 10 });
    await expect(channel.get()).rejects.toMatchObject({ code: 'BAD_TYPE' });
    await expect(channel.get({ metadata: true })).rejects.toMatchObject({ code: 'BAD_TYPE' });
    // Said once, however often it comes.
    pv.update({ uniqueId: 3 });
    pv.update(good);
    await expect.poll(() => counts).toEqual([width * height]);
    expect((await channel.get()).count).toBe(width * height);
    await using both = new Client({ environment: {}, defaultProtocol: 'pva', pva: { addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false } });
    for (const metadata of [true, false]) {
      expect((await both.channel('NOW:AND:THEN').get({ metadata })).count).toBe(width * height);
      for await (const { count } of both.channel('NOW:AND:THEN').monitor({ metadata })) {
        expect(count).toBe(width * height);
        break;
      }
    }
    expect(states).toEqual(['connected']);
    expect(warnings).toEqual(['BAD_TYPE NOW:AND:THEN: "NOW:AND:THEN" has no picture that can be shown. A JPEG picture is cut short.']);
    listening.dispose();
    channel.close();
  });
});

/** So many zeros by LZ4: one, its copies, five more. */
function zerosByLz4(count: number): Uint8Array {
  const more = count - 25;
  return Buffer.concat([Buffer.of(0x1f, 0, 1, 0), Buffer.alloc(Math.floor(more / 255), 255), Buffer.of(more % 255, 0x50, 0, 0, 0, 0, 0)]);
}
const uint32 = (...numbers: number[]): Buffer => Buffer.concat(numbers.map((number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(number); return bytes; }));
const bigEndian = (number: number): Buffer => uint32(number).reverse();
/** A chunk of one block. */
function bloscChunk(size: number, compressor: number, block: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(2, 1, (compressor << 5) | 0x10, 2), uint32(size, size, 24 + block.length, 20, block.length), block]);
}

describe('pictures of twelve megapixels and one colour', () => {
  const size = 2 * 4096 * 3072;
  const zeros = Buffer.alloc(size);
  const lz4 = zerosByLz4(size);
  // Blocks of 128 KiB, each a repeated byte.
  const blocks = size / 2 ** 17;
  const zstd = Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58), ...Array.from({ length: blocks }, (_, i) => { const head = uint32(((2 ** 17) << 3) | 2 | (i === blocks - 1 ? 1 : 0)); head[3] = 0; return head; })]);
  const made = {
    lz4, zlib: deflateSync(zeros, { level: 9 }),
    lz4hdf5: Buffer.concat([bigEndian(0), bigEndian(size), bigEndian(size), bigEndian(lz4.length), lz4]),
    bslz4: Buffer.concat(Array.from({ length: size / 8192 }, () => { const block = zerosByLz4(8192); return Buffer.concat([bigEndian(block.length), block]); })),
    'blosc, lz4': bloscChunk(size, 1, lz4), 'blosc, zlib': bloscChunk(size, 3, deflateSync(zeros, { level: 9 })), 'blosc, zstd': bloscChunk(size, 4, zstd),
  } as const;

  it.each(Object.entries(made))('are read: %s', (name, bytes) => {
    const data = decompress(name.split(',')[0] as CodecName, bytes, 'ushort', size);
    expect([data.length, Buffer.compare(zeros, Buffer.from(data.buffer, data.byteOffset, data.byteLength))]).toEqual([size / 2, 0]);
  });

  it.each(Object.entries(made))('are not made room for where so few bytes cannot hold them: %s', (name, bytes) => {
    const few = Uint8Array.from(bytes.subarray(0, 400));
    // A chunk says its own size twice, and where it ends.
    if (name.startsWith('blosc')) few.set(uint32(2 ** 30, 2 ** 30, few.length), 4);
    if (name === 'lz4hdf5') few.set(bigEndian(2 ** 30), 4);
    expect(() => decompress(name.split(',')[0] as CodecName, few, 'ushort', 2 ** 30)).toThrow('A picture of 1073741824 bytes cannot be in 400 compressed ones.');
  });
});

describe('compressed bytes that lie', () => {
  it('are refused, and cost no more than was announced', () => {
    const bytes = (codec: 'lz4' | 'bslz4' | 'zlib'): Uint8Array => fromBase64(codecVectors[1]![codec]);
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

  it('in a JPEG picture of more samples than any should have', () => {
    const bytes = new Uint8Array(2 ** 20);
    const [jpeg, huge] = [fromBase64(jpegVectors[0]!.jpeg), Math.floor(Math.sqrt(2 ** 28)) + 1];
    const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    bytes.set(jpeg);
    bytes.set([huge >> 8, huge & 255, huge >> 8, huge & 255], frame + 5);
    for (const size of [[], [huge, huge]]) {
      const picture = ndArrayValue({ data: bytes, size, uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 }, codec: { name: 'jpeg', elementType: 'ubyte', uncompressedSize: huge ** 2 } });
      expect(() => readNdArray(picture)).toThrow('holds more than the 268435456 bytes');
    }
  });

  it('in a Blosc chunk or in blocks of LZ4 too', () => {
    for (const { codec, type, count, bytes } of chunkVectors) {
      const [given, element, size] = [fromBase64(bytes), elementTypeOf[type]!, numbersOf({ type, count }).byteLength];
      const { BYTES_PER_ELEMENT: step } = numbersOf({ type, count });
      expect(() => decompress(codec, given, element, size - step)).toThrow('announced');
      expect(() => decompress(codec, given, element, size + step)).toThrow('announced');
      for (const length of [0, 5, 15, 17, given.length - 1]) expect(() => decompress(codec, given.subarray(0, length), element, size)).toThrow();
    }
    const header = (change: Partial<Record<number, number>>): Uint8Array => Uint8Array.from({ length: 40 }, (_, i) => change[i] ?? [2, 1, 0x10, 1, 8, 0, 0, 0, 8, 0, 0, 0, 40, 0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0][i] ?? 7);
    expect(decodeBlosc(header({}), 8)).toEqual(Uint8Array.from({ length: 8 }, () => 7));
    for (const [place, value] of [[0, 3], [2, 0x18], [2, 0xb0], [3, 0], [4, 9], [8, 0], [8, 9], [12, 41], [12, 19], [16, 15], [16, 37], [20, 255], [20, 7]] as const) {
      expect(() => decodeBlosc(header({ [place]: value }), 8), `${place}: ${value}`).toThrow(expect.objectContaining({ code: 'REMOTE_PROTOCOL' }) as Error);
    }
  });

  it('of any kind end with an error or with as many bytes as were asked for', () => {
    const random = new Random(1);
    const originals = chunkVectors.map(({ bytes }) => fromBase64(bytes));
    for (let round = 0; round < 6000; round += 1) {
      const noise = Uint8Array.from({ length: random.below(60) }, () => random.below(256));
      const changed = Uint8Array.from(random.pick(originals));
      for (let changes = 1 + random.below(3); changes > 0; changes -= 1) changed[random.below(changed.length)] = random.below(256);
      for (const [bytes, size] of [[noise, 64], [changed, 2006]] as const) {
        for (const codec of codecNames) {
          try {
            expect(decompress(codec, bytes, 'ushort', size)).toHaveLength(size / 2);
          } catch (error) {
            expect((error as { name: string }).name).toBe('RemoteProtocolError');
          }
        }
      }
    }
  });
});

const elementTypeOf: Readonly<Record<string, ElementType>> = {
  int8: 'byte', int16: 'short', int32: 'int', int64: 'long', uint8: 'ubyte', uint16: 'ushort', uint32: 'uint', uint64: 'ulong', float32: 'float', float64: 'double',
};

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

async function pictureOverTheWire(codec: { name: string; elementType: ElementType }, data: Uint8Array, size: readonly number[], uncompressedSize: number): Promise<Picture> {
  const value = ndArrayValue({ data, size, uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 }, codec: { ...codec, uncompressedSize } });
  return readNdArray((await overTheWire({ field: ndArrayType, value })).value);
}

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
