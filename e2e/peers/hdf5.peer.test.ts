// Our HDF5 writer's files read by libhdf5, in h5py and in WebAssembly: every type, texts of any length, links, and indexes of chunks of three levels.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, promises as fs, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dataset, File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numbersOf, type ArrayType } from '../../electron/data/arrays/arrayRecord';
import { Hdf5Writer } from '../../electron/data/hdf5/hdf5Writer';
import { lookup3 } from '../../electron/data/hdf5/lookup3';
import { attributeMessage, groupMessages, linkMessage, numberType, textType } from '../../electron/data/hdf5/messages';
import { StackWriter, shuffled } from '../../electron/data/hdf5/stackWriter';
import type { NumericArray } from '../../shared/pv';
import { peerPython } from '../ioc/python';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hdf5-'));
  path = join(folder, 'a.h5');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const numbers: Readonly<Record<ArrayType, readonly number[]>> = {
  '|u1': [0, 255], '<i2': [-32_768, 32_767], '<u2': [0, 65_535], '<i4': [-2_147_483_648, 2_147_483_647], '<f4': [-0.5, 3.4028234663852886e38], '<f8': [5e-324, -1.7976931348623157e308],
};
const texts = ['', 'µ °C 測定', 'x'.repeat(100_000), ...Array.from({ length: 70_000 }, (_, index) => `text ${index}`)];
const chunks = 5000;
const bytesOf = ({ buffer, byteOffset, byteLength }: NumericArray): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

const reader = `
import h5py, json, sys
with h5py.File(sys.argv[1], 'r') as f:
    found = []
    f.visititems(lambda name, node: found.append(name))
    texts = f['texts'].asstr()[()].tolist()
    stack = f['stack']
    print(json.dumps({
        'numbers': {name: [str(f['numbers'][name].dtype), [repr(float(v)) for v in f['numbers'][name][()]]] for name in f['numbers']},
        'texts': [len(texts), texts[:2], len(texts[2]), texts[-1]], 'scalar': f['scalar'].asstr()[()], 'attributes': {k: v.tolist() if hasattr(v, 'tolist') else v for k, v in f.attrs.items()},
        'same': f['again'] == f['scalar'], 'visited': len(found), 'stack': [list(stack.shape), list(stack.chunks), stack.compression, stack.shuffle, int(stack[()].astype('i8').sum()), stack[4999].tolist(), stack[63:66].tolist()],
    }))
`;

describe('a file of our writer', () => {
  beforeAll(async () => {
    const opened = await fs.open(path, 'w');
    const file = new Hdf5Writer(opened);
    const members = [];
    for (const [type, values] of Object.entries(numbers) as [ArrayType, readonly number[]][]) {
      members.push(linkMessage(type.slice(1), await file.dataset(numberType(type), [2], bytesOf(numbersOf(type, values)), [])));
    }
    const scalar = await file.dataset(textType, null, await file.texts(['one']), [], 2);
    const list = await file.dataset(textType, [texts.length], await file.texts(texts), []);
    const stack = new StackWriter(file, numberType('<i4'), [2 * chunks - 1, 3], 2);
    for (let chunk = 0; chunk < chunks; chunk++) {
      const last = chunk === chunks - 1;
      await stack.add(bytesOf(Int32Array.of(6 * chunk, 1, -chunk, last ? 0 : 2 * chunk, last ? 0 : 1, last ? 0 : 7)));
    }
    const image = await stack.finish([]);
    await file.finish(await file.object([
      ...groupMessages, linkMessage('numbers', await file.object([...groupMessages, ...members])), linkMessage('scalar', scalar), linkMessage('again', scalar), linkMessage('texts', list), linkMessage('stack', image),
      attributeMessage('name', textType, null, await file.texts(['µ'])), attributeMessage('list', textType, [2], await file.texts(['a', ''])),
      attributeMessage('half', numberType('<f8'), null, Buffer.from(Float64Array.of(0.5).buffer)),
    ]));
    await opened.close();
  });

  it('is read by h5py, all of it', () => {
    const read = JSON.parse(execFileSync(peerPython(), ['-c', reader, path], { encoding: 'utf8' })) as Record<string, unknown> & { numbers: Record<string, [string, string[]]> };
    expect(Object.fromEntries(Object.entries(read.numbers).map(([name, [dtype, values]]) => [name, [dtype, values.map(Number)]]))).toEqual({
      u1: ['uint8', numbers['|u1']], i2: ['int16', numbers['<i2']], u2: ['uint16', numbers['<u2']], i4: ['int32', numbers['<i4']], f4: ['float32', numbers['<f4']], f8: ['float64', numbers['<f8']],
    });
    expect(read['texts']).toEqual([texts.length, texts.slice(0, 2), 100_000, 'text 69999']);
    expect([read['scalar'], read['same'], read['attributes']]).toEqual(['one', true, { name: 'µ', list: ['a', ''], half: 0.5 }]);
    // Each object once, by whichever of its names: six numbers, their group, scalar, texts, stack.
    expect(read['visited']).toBe(10);
    const sum = Array.from({ length: chunks }, (_, chunk) => 7 * chunk + 1 - 2 * chunk + (chunk === chunks - 1 ? 0 : 2 * chunk + 8)).reduce((a, b) => a + b, 0);
    expect(read['stack']).toEqual([[2 * chunks - 1, 3], [2, 3], 'gzip', true, sum, [4998, 1, 7], [[62, 1, 7], [192, 1, -32], [64, 1, 7]]]);
  });

  it('is read by h5wasm', async () => {
    await ready;
    const file = new File(path, 'r');
    const stack = file.get('stack');
    expect(stack instanceof Dataset && [...stack.slice([[2 * chunks - 2, 2 * chunks - 1], []]) as Int32Array]).toEqual([6 * (chunks - 1), 1, 1 - chunks]);
    expect(file.get('scalar') instanceof Dataset && (file.get('scalar') as Dataset).value).toBe('one');
    file.close();
  });

  it('whose end was not reached is none', async () => {
    const unfinished = join(folder, 'unfinished.h5');
    const opened = await fs.open(unfinished, 'w');
    const file = new Hdf5Writer(opened);
    await file.dataset(numberType('<f8'), [1], Buffer.alloc(8), []);
    await opened.close();
    expect(() => execFileSync(peerPython(), ['-c', 'import h5py, sys; h5py.File(sys.argv[1])', unfinished], { stdio: 'pipe' })).toThrow(/signature not found/);
  });
});

describe('what the writer is made of', () => {
  it('sums as Bob Jenkins does', () => {
    // lookup3.c, driver5: hashlittle("Four score and seven years ago", 30, 0)
    expect(lookup3(Buffer.from('Four score and seven years ago'))).toBe(0x17770551);
    expect(lookup3(Buffer.alloc(0))).toBe(0xdeadbeef);
  });

  it('shuffles bytes by their place in an element', () => {
    expect([...shuffled(Uint8Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([...shuffled(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4)]).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
  });
});
