// The inverse cosine transform of 8 x 8 samples (ITU-T T.81, A.3.3), in one direction and then in the other. Pure.

const edge = 8;
const [c1, c2, c3, c5, c6, c7] = [1, 2, 3, 5, 6, 7].map((k) => Math.cos((k * Math.PI) / 16)) as [number, number, number, number, number, number];
/** What each frequency counts in one direction, with what would be a factor of the fourth in the sums below. */
const weights = Array.from({ length: edge }, (_, k) => (k === 0 ? Math.SQRT1_2 / 2 : k === 4 ? Math.SQRT1_2 / 2 : 0.5));
/** Samples go around 0 in the transform, around this in the picture. */
const middle = 128;

/** Where the coefficients go that come one after the other, from the lowest frequency to the highest: zigzag. */
export const zigzag = Uint8Array.from(diagonals());

function* diagonals(): Generator<number> {
  for (let sum = 0; sum <= 2 * (edge - 1); sum += 1) {
    for (let step = Math.max(0, sum - edge + 1); step <= Math.min(sum, edge - 1); step += 1) {
      const [across, down] = sum % 2 === 0 ? [step, sum - step] : [sum - step, step];
      yield down * edge + across;
    }
  }
}

/** A quantisation table as it comes (zigzag), as what `inverseDct` multiplies with. */
export function scaleTable(table: ArrayLike<number>): Float64Array {
  const scales = new Float64Array(edge * edge);
  zigzag.forEach((place, k) => { scales[place] = (table[k] as number) * (weights[place % edge] as number) * (weights[place >> 3] as number); });
  return scales;
}

const work = new Float64Array(edge * edge);

/** Writes the 64 samples of `coefficients` from `from` on to `out`, the first at `to`, rows `stride` apart. What is no byte becomes 0 or 255. */
export function inverseDct(coefficients: Int16Array, from: number, scales: Float64Array, out: Uint8ClampedArray, to: number, stride: number): void {
  for (let x = 0; x < edge; x += 1) {
    let higher = 0;
    for (let place = x + edge; place < edge * edge; place += edge) {
      const coefficient = coefficients[from + place] as number;
      higher |= coefficient;
      work[place] = coefficient * (scales[place] as number);
    }
    const mean = (coefficients[from + x] as number) * (scales[x] as number);
    work[x] = mean;
    if (higher !== 0) transform(x, edge);
    else for (let place = x + edge; place < edge * edge; place += edge) work[place] = mean;
  }
  for (let y = 0; y < edge; y += 1) {
    const at = y * edge;
    work[at] = (work[at] as number) + middle;
    transform(at, 1);
    const row = to + y * stride;
    for (let x = 0; x < edge; x += 1) out[row + x] = work[at + x] as number;
  }
}

/** Eight of `work`, `step` apart: the even frequencies make both halves alike, the odd ones with the other sign. */
function transform(at: number, step: number): void {
  const x0 = work[at] as number;
  const x1 = work[at + step] as number;
  const x2 = work[at + 2 * step] as number;
  const x3 = work[at + 3 * step] as number;
  const x4 = work[at + 4 * step] as number;
  const x5 = work[at + 5 * step] as number;
  const x6 = work[at + 6 * step] as number;
  const x7 = work[at + 7 * step] as number;
  const near = x2 * c2 + x6 * c6;
  const far = x2 * c6 - x6 * c2;
  const even0 = x0 + x4 + near;
  const even1 = x0 - x4 + far;
  const even2 = x0 - x4 - far;
  const even3 = x0 + x4 - near;
  const odd0 = x1 * c1 + x3 * c3 + x5 * c5 + x7 * c7;
  const odd1 = x1 * c3 - x3 * c7 - x5 * c1 - x7 * c5;
  const odd2 = x1 * c5 - x3 * c1 + x5 * c7 + x7 * c3;
  const odd3 = x1 * c7 - x3 * c5 + x5 * c3 - x7 * c1;
  work[at] = even0 + odd0;
  work[at + step] = even1 + odd1;
  work[at + 2 * step] = even2 + odd2;
  work[at + 3 * step] = even3 + odd3;
  work[at + 4 * step] = even3 - odd3;
  work[at + 5 * step] = even2 - odd2;
  work[at + 6 * step] = even1 - odd1;
  work[at + 7 * step] = even0 - odd0;
}

/** The 64 samples of a block that has its mean alone. */
export function flatBlock(mean: number, scales: Float64Array, out: Uint8ClampedArray, to: number, stride: number): void {
  const sample = mean * (scales[0] as number) + middle;
  for (let row = to; row < to + edge * stride; row += stride) out.fill(sample, row, row + edge);
}
