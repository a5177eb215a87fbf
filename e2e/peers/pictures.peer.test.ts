// Pictures of other programs: JPEG by Pillow, Blosc, LZ4, bitshuffle and zlib by their libraries; and through the room that shows them, served by p4p.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CaClient, ndArrayValue, PvaClient, readNdArray } from 'epics-ioc-connection';
import type { Picture } from 'epics-ioc-connection';
import { createPvRoom } from '../../electron/pv';
import { encodeJpeg, randomPicture } from '../../electron/epics-ioc-connection/src/normative/jpeg/jpegEncoder.testing';
import { Random } from '../../electron/epics-ioc-connection/test/fuzz/random';
import { peerPython } from '../ioc/python';
import { freePort, pvaEnvironment } from '../ioc/softIoc';

const program = join(dirname(fileURLToPath(import.meta.url)), 'python', 'pictures.py');
const folder = mkdtempSync(join(tmpdir(), 'endstation-pictures-'));
const python = promisify(execFile);
/** The rounding of the cosine transform, and of the colours after it. */
const tolerance = 3;

interface Made { readonly codec: string; readonly type: keyof typeof arrays; readonly size: readonly number[]; readonly bytes: number; readonly options: Readonly<Record<string, unknown>> }

const arrays = {
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array, uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
  float32: Float32Array, float64: Float64Array,
} as const;
const elementTypes = {
  int8: 'byte', int16: 'short', int32: 'int', int64: 'long', uint8: 'ubyte', uint16: 'ushort', uint32: 'uint', uint64: 'ulong', float32: 'float', float64: 'double',
} as const;

/** Makes `count` pictures in a folder of their own. */
async function make(name: string, count: number, seed: number): Promise<{ readonly path: string; readonly list: readonly Made[] }> {
  const path = join(folder, name);
  mkdirSync(path);
  await python(peerPython(), [program, 'make', path, String(count), String(seed)]);
  return { path, list: JSON.parse(readFileSync(join(path, 'list.json'), 'utf8')) as Made[] };
}

function numbersOf(path: string, index: number, type: Made['type']): ArrayLike<number | bigint> {
  const bytes = Uint8Array.from(readFileSync(join(path, `${index}.raw`)));
  return new arrays[type](bytes.buffer);
}

function farthest(one: ArrayLike<number | bigint>, other: ArrayLike<number | bigint>): number {
  let most = one.length === other.length ? 0 : Infinity;
  for (let i = 0; i < one.length; i += 1) most = Math.max(most, Math.abs(Number(one[i]) - Number(other[i])));
  return most;
}

function pictureOf({ codec, type, size, bytes }: Made, data: Uint8Array): Picture {
  return readNdArray(ndArrayValue({ data, size, uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 }, codec: { name: codec, elementType: elementTypes[type], uncompressedSize: bytes } }));
}

let server: ChildProcess;
let served: Awaited<ReturnType<typeof make>>;
const room = createPvRoom({ createClient: (options) => new CaClient(options), createPvaClient: (options) => new PvaClient(options), writesFolder: null });

beforeAll(async () => {
  served = await make('served', 60, 7);
  const environment = pvaEnvironment({ tcp: await freePort(), udp: await freePort() });
  server = spawn(peerPython(), [program, 'serve', served.path], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    server.stdout?.once('data', () => resolve());
    server.once('exit', (code) => reject(new Error(`The server of pictures ended with code ${code}.`)));
  });
  const client = { environment };
  await room.configure({ profile: 'pictures', simulation: false, client, pva: client, limits: [], names: [] });
});
afterAll(async () => {
  await room.dispose();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
});

it('every picture and array of other programs is read as they read it', async () => {
  const { path, list } = await make('many', 1200, 42);
  const kinds = new Set<string>();
  const wrong: unknown[] = [];
  list.forEach((made, index) => {
    const data = Uint8Array.from(readFileSync(join(path, `${index}.bin`)));
    const distance = farthest(pictureOf(made, data).data ?? [], numbersOf(path, index, made.type));
    if (distance > (made.codec === 'jpeg' ? tolerance : 0)) wrong.push({ index, ...made, distance });
    kinds.add([made.codec, made.options['cname'], made.options['shuffle'], made.options['progressive'], made.options['subsampling']].join(' '));
  });
  expect(wrong).toEqual([]);
  // 18 of Blosc, 8 and more of JPEG, and one of each other.
  expect(kinds.size).toBeGreaterThanOrEqual(30);
});

it('pictures with any sampling, order of scans, restart intervals and tables are read as Pillow reads them', async () => {
  const path = join(folder, 'encoded');
  mkdirSync(path);
  const random = new Random(11);
  const pictures = Array.from({ length: 400 }, () => randomPicture((count) => random.below(count)));
  pictures.forEach((picture, index) => writeFileSync(join(path, `${index}.jpg`), encodeJpeg(picture)));
  await python(peerPython(), [program, 'read', path]);
  const wrong = pictures.flatMap((picture, index) => {
    const { width, height, components: { length: channels } } = picture;
    const size = channels === 3 ? [3, width, height] : [width, height];
    const { data } = pictureOf({ codec: 'jpeg', type: 'uint8', size, bytes: width * height * channels, options: {} }, Uint8Array.from(readFileSync(join(path, `${index}.jpg`))));
    const distance = farthest(data ?? [], numbersOf(path, index, 'uint8'));
    return distance > tolerance ? [{ index, distance, ...picture, components: picture.components.map(({ across, down }) => [across, down]) }] : [];
  });
  expect(wrong).toEqual([]);
});

it('the room that shows PVs has the right pixels of every codec, read and watched', async () => {
  const codecs = new Set<string>();
  for (const [index, { codec, type, size }] of served.list.entries()) {
    const pv = `pva://PICTURE:${index}`;
    const expected = numbersOf(served.path, index, type);
    const seen = await room.access.ready(pv, { timeout: 20 });
    const read = await room.access.read(pv, { timeout: 20 });
    for (const { value, count } of [seen, read]) {
      if (!ArrayBuffer.isView(value)) throw new Error(`${pv} (${codec}, ${type}) is no array.`);
      expect(count).toBe(size.reduce((product, length) => product * length, 1));
      // The one array of bytes that there is for panels has no sign.
      const same = type === 'int8' ? Uint8Array.from(expected as Int8Array) : expected;
      expect(farthest(value as ArrayLike<number>, same), `${pv}: ${codec} ${type}`).toBeLessThanOrEqual(codec === 'jpeg' ? tolerance : 0);
    }
    codecs.add(codec);
  }
  expect([...codecs].sort()).toEqual(['blosc', 'bslz4', 'jpeg', 'lz4', 'lz4hdf5', 'zlib']);
});
