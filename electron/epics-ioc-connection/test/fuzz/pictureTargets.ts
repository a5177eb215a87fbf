// Pictures in an NTNDArray for the fuzzer: JPEG and compressed numbers, damaged, with sizes that are announced rightly or not.
import { codecVectors } from '../../src/normative/codecs.testing';
import { encodeJpeg, randomPicture } from '../../src/normative/jpeg/jpegEncoder.testing';
import { chunkVectors, jpegVectors } from '../../src/normative/pictures.testing';
import { readNdArray } from '../../src/normative';
import { RemoteProtocolError } from '../../src/ca/protocol/errors';
import { ndArrayValue } from '../../src/pva/server';
import { InputBytes } from './inputBytes';
import type { Random } from './random';
import type { Input, Session, Target } from './target';

const types = ['byte', 'short', 'int', 'long', 'ubyte', 'ushort', 'uint', 'float', 'double'] as const;
const codecs = ['jpeg', 'jpeg', 'blosc', 'lz4', 'lz4hdf5', 'bslz4', 'zlib'] as const;
/** Bytes that are announced at most. */
const largest = 1 << 16;

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const samples: Readonly<Record<(typeof codecs)[number], readonly Uint8Array[]>> = {
  jpeg: jpegVectors.map(({ jpeg }) => fromBase64(jpeg)),
  blosc: chunkVectors.filter(({ codec }) => codec === 'blosc').map(({ bytes }) => fromBase64(bytes)),
  lz4hdf5: chunkVectors.filter(({ codec }) => codec === 'lz4hdf5').map(({ bytes }) => fromBase64(bytes)),
  lz4: codecVectors.map(({ lz4 }) => fromBase64(lz4)), bslz4: codecVectors.map(({ bslz4 }) => fromBase64(bslz4)), zlib: codecVectors.map(({ zlib }) => fromBase64(zlib)),
};

class PictureSession implements Session {
  readonly ids = 0;
  private readonly out = new InputBytes();
  private codec: (typeof codecs)[number] = 'jpeg';
  private random: Random | null = null;

  make(random: Random): Input {
    this.random = random;
    const codec = this.codec = random.pick(codecs);
    const sample = codec === 'jpeg' && random.oneIn(4) ? encodeJpeg(randomPicture((count) => random.below(count), 24)) : random.pick(samples[codec]);
    const out = this.out.start(false);
    out.append(sample);
    if (!random.oneIn(8)) out.damage(random);
    return { datagram: false, bytes: out.written() };
  }

  run({ bytes }: Input): boolean {
    const { random, codec } = this;
    if (!random) return false;
    const elementType = random.pick(types);
    const size = random.oneIn(3) ? [] : random.oneIn(2) ? [random.below(128), random.below(128)] : [3, 1 + random.below(60), 1 + random.below(60)];
    const uncompressedSize = random.oneIn(2) ? 8 * random.below(1500) : random.below(largest);
    try {
      const { data } = readNdArray(ndArrayValue({ data: bytes, size, uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 }, codec: { name: codec, elementType, uncompressedSize } }));
      if (data && codec !== 'jpeg' && data.byteLength !== uncompressedSize) throw new Error(`${data.byteLength} bytes instead of ${uncompressedSize}`);
      if (data && codec === 'jpeg' && size.length > 0 && data.length !== size.reduce((product, length) => product * length, 1)) throw new Error(`${data.length} bytes for ${size.join(' x ')}`);
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
    }
    return true;
  }

  end(): void { this.random = null; }
}

export const pictures: Target = { cap: 2 ** 20, open: () => new PictureSession() };
