// Sequential JPEG pictures with everything that encoders may choose, for tests: sampling, order, restart intervals, tables, colours.
import { zigzag } from './inverseDct';

export interface TestComponent {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  /** The sample at a place of the component's own grid, 0 to 255. */
  sample(x: number, y: number): number;
}

export interface TestPicture {
  readonly width: number;
  readonly height: number;
  readonly components: readonly TestComponent[];
  /** Of every coefficient; beyond 255 the table has 16 bits. */
  readonly quantisation: number;
  readonly restartInterval?: number;
  /** Each component in a scan of its own. */
  readonly separate?: boolean;
  readonly jfif?: boolean;
  /** What Adobe's segment says of the colours. */
  readonly adobe?: number;
  readonly withoutEnd?: boolean;
}

const bytesOf = (word: number): [number, number] => [word >> 8, word & 255];
const segment = (marker: number, contents: readonly number[]): number[] => [0xff, marker, ...bytesOf(contents.length + 2), ...contents];

/** Codes in the order of their symbols: 12 of 4 bits for means; for details some of 8 bits and the others of 10. */
const means = Array.from({ length: 12 }, (_, size) => size);
const details = [0x00, 0xf0, ...Array.from({ length: 160 }, (_, i) => ((i % 16) << 4) | (1 + Math.floor(i / 16)))];
const shortDetails = 100;

function countsOf(lengths: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: 16 }, (_, i) => lengths[i + 1] ?? 0);
}

class BitWriter {
  readonly bytes: number[] = [];
  private held = 0;
  private count = 0;

  put(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      this.held = (this.held << 1) | ((value >> bit) & 1);
      this.count += 1;
      if (this.count < 8) continue;
      this.bytes.push(this.held);
      if (this.held === 0xff) this.bytes.push(0);
      this.held = 0;
      this.count = 0;
    }
  }

  /** Ones up to the next byte. */
  align(): void { while (this.count > 0) this.put(1, 1); }

  number(value: number, size: number): void { this.put(value < 0 ? value + (1 << size) - 1 : value, size); }
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

function codeOf(symbol: number): [number, number] {
  const place = details.indexOf(symbol);
  return place < shortDetails ? [place, 8] : [(shortDetails << 2) + place - shortDetails, 10];
}

/** The 64 coefficients of a block in zigzag. */
function coefficientsOf(samples: readonly number[], quantisation: number): number[] {
  const cosine = (x: number, u: number): number => Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
  const rows = Array.from({ length: 64 }, (_, i) => { let sum = 0; for (let x = 0; x < 8; x += 1) sum += samples[(i >> 3) * 8 + x]! * cosine(x, i & 7); return sum; });
  return Array.from(zigzag, (place) => { let sum = 0; for (let y = 0; y < 8; y += 1) sum += rows[y * 8 + (place & 7)]! * cosine(y, place >> 3); return Math.round(sum / quantisation); });
}

export function encodeJpeg(picture: TestPicture): Uint8Array {
  const { width, height, components, quantisation, restartInterval = 0 } = picture;
  const [mostAcross, mostDown] = [Math.max(...components.map(({ across }) => across)), Math.max(...components.map(({ down }) => down))];
  const out: number[] = [0xff, 0xd8];
  if (picture.jfif) out.push(...segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]));
  if (picture.adobe !== undefined) out.push(...segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, picture.adobe]));
  out.push(...segment(0xdb, quantisation > 255 ? [0x10, ...Array.from({ length: 64 }, () => bytesOf(quantisation)).flat()] : [0, ...Array.from({ length: 64 }, () => quantisation)]));
  // 16-bit tables belong to extended frames.
  out.push(...segment(quantisation > 255 ? 0xc1 : 0xc0, [8, ...bytesOf(height), ...bytesOf(width), components.length, ...components.flatMap(({ id, across, down }) => [id, (across << 4) | down, 0])]));
  out.push(...segment(0xc4, [0, ...countsOf({ 4: means.length }), ...means, 0x10, ...countsOf({ 8: shortDetails, 10: details.length - shortDetails }), ...details]));
  if (restartInterval > 0) out.push(...segment(0xdd, bytesOf(restartInterval)));

  const scanOf = (chosen: readonly TestComponent[]): void => {
    out.push(...segment(0xda, [chosen.length, ...chosen.flatMap(({ id }) => [id, 0]), 0, 63, 0]));
    const previous = chosen.map(() => 0);
    let bits = new BitWriter();
    let units = 0;
    const block = (index: number, column: number, row: number): void => {
      const { sample, across, down } = chosen[index]!;
      const [wide, high] = [Math.ceil((width * across) / mostAcross), Math.ceil((height * down) / mostDown)];
      const samples = Array.from({ length: 64 }, (_, i) => sample(Math.min(column * 8 + (i & 7), wide - 1), Math.min(row * 8 + (i >> 3), high - 1)) - 128);
      const [mean, ...others] = coefficientsOf(samples, quantisation) as [number, ...number[]];
      const change = mean - previous[index]!;
      previous[index] = mean;
      bits.put(means.indexOf(sizeOf(change)), 4);
      bits.number(change, sizeOf(change));
      let run = 0;
      for (const value of others) {
        if (value === 0) {
          run += 1;
          continue;
        }
        for (; run > 15; run -= 16) bits.put(...codeOf(0xf0));
        bits.put(...codeOf((run << 4) | sizeOf(value)));
        bits.number(value, sizeOf(value));
        run = 0;
      }
      if (run > 0) bits.put(...codeOf(0));
    };
    const unit = (): void => {
      if (restartInterval > 0 && units > 0 && units % restartInterval === 0) {
        bits.align();
        out.push(...bits.bytes, 0xff, 0xd0 + ((units / restartInterval - 1) % 8));
        bits = new BitWriter();
        previous.fill(0);
      }
      units += 1;
    };
    const [only] = chosen;
    if (chosen.length === 1 && only) {
      for (let row = 0; row < Math.ceil(Math.ceil((height * only.down) / mostDown) / 8); row += 1) {
        for (let column = 0; column < Math.ceil(Math.ceil((width * only.across) / mostAcross) / 8); column += 1) {
          unit();
          block(0, column, row);
        }
      }
    } else {
      for (let y = 0; y < Math.ceil(height / (8 * mostDown)); y += 1) {
        for (let x = 0; x < Math.ceil(width / (8 * mostAcross)); x += 1) {
          unit();
          chosen.forEach(({ across, down }, index) => {
            for (let i = 0; i < across * down; i += 1) block(index, x * across + (i % across), y * down + Math.floor(i / across));
          });
        }
      }
    }
    bits.align();
    out.push(...bits.bytes);
  };
  if (picture.separate) for (const component of components) scanOf([component]);
  else scanOf(components);
  return Uint8Array.from(picture.withoutEnd ? out : [...out, 0xff, 0xd9]);
}

/** Sampling of the first component, the others having one each. */
const samplings = [[1, 1], [2, 1], [1, 2], [2, 2], [4, 1], [4, 2], [1, 4], [3, 1], [3, 2]] as const;

/** Any picture that this encoder can make. `below(n)`: a whole number under n. */
export function randomPicture(below: (count: number) => number, longest = 60): TestPicture {
  const [across, down] = samplings[below(samplings.length)]!;
  const colour = below(3) > 0;
  const adobe = below(4) === 0;
  const sample = (): TestComponent['sample'] => {
    const [a, b, c, noise] = [0.02 + below(60) / 100, 0.02 + below(60) / 100, below(7), below(3) * below(40)];
    return (x, y) => Math.max(0, Math.min(255, Math.round(127 + 90 * Math.sin(a * x + b * y + c) + (noise === 0 ? 0 : ((x * 7919 + y * 104_729 + x * y) % noise) - noise / 2))));
  };
  return {
    width: 1 + below(longest), height: 1 + below(longest), quantisation: below(5) === 0 ? 256 + below(100) : 1 + below(60),
    components: colour ? [{ id: 1, across, down, sample: sample() }, { id: 2, across: 1, down: 1, sample: sample() }, { id: 3, across: 1, down: 1, sample: sample() }]
      : [{ id: 7, across: 1 + below(2), down: 1 + below(2), sample: sample() }],
    restartInterval: below(2) * below(9), separate: below(3) === 0, ...(adobe ? { adobe: below(2) } : { jfif: below(2) === 0 }),
  };
}
