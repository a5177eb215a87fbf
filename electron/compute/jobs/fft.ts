// Discrete Fourier transform: radix-4 Stockham for powers of two, Bluestein's chirp for every other length. Split real and imaginary parts.
import type { Complex, Spectrum, SpectrumInput } from '@shared/computeSignals';
import { ComputeError } from '../computeError';

interface Twiddles { readonly cos: Float64Array; readonly sin: Float64Array }
const twiddleCache = new Map<number, Twiddles>();

/** exp(-2 pi i k / n) for k = 0 .. n-1. The few lengths in use are kept. */
function twiddles(n: number): Twiddles {
  const known = twiddleCache.get(n);
  if (known) return known;
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  for (let k = 0; k < n; k += 1) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = -Math.sin((2 * Math.PI * k) / n);
  }
  if (twiddleCache.size >= 8) twiddleCache.clear();
  const made = { cos, sin };
  twiddleCache.set(n, made);
  return made;
}

/** One decimation-in-frequency pass: `n` points left in each of `s` interleaved transforms, in radix 4. */
function pass4(n: number, s: number, x: Complex, y: Complex, t: Twiddles, stride: number): void {
  const { re: xr, im: xi } = x;
  const { re: yr, im: yi } = y;
  const m = n / 4;
  for (let p = 0; p < m; p += 1) {
    const k = p * stride;
    const c1 = t.cos[k]!, s1 = t.sin[k]!;
    const c2 = t.cos[2 * k]!, s2 = t.sin[2 * k]!;
    const c3 = t.cos[3 * k]!, s3 = t.sin[3 * k]!;
    for (let q = 0; q < s; q += 1) {
      const a = q + s * p, b = a + s * m, c = b + s * m, d = c + s * m;
      const ar = xr[a]!, ai = xi[a]!, br = xr[b]!, bi = xi[b]!, cr = xr[c]!, ci = xi[c]!, dr = xr[d]!, di = xi[d]!;
      const pr = ar + cr, pi = ai + ci, mr = ar - cr, mi = ai - ci;
      const qr = br + dr, qi = bi + di, jr = bi - di, ji = dr - br;
      const o = q + 4 * s * p;
      yr[o] = pr + qr;
      yi[o] = pi + qi;
      const ur = mr + jr, ui = mi + ji;
      yr[o + s] = ur * c1 - ui * s1;
      yi[o + s] = ur * s1 + ui * c1;
      const vr = pr - qr, vi = pi - qi;
      yr[o + 2 * s] = vr * c2 - vi * s2;
      yi[o + 2 * s] = vr * s2 + vi * c2;
      const wr = mr - jr, wi = mi - ji;
      yr[o + 3 * s] = wr * c3 - wi * s3;
      yi[o + 3 * s] = wr * s3 + wi * c3;
    }
  }
}

/** The last pass where the power of two is odd. */
function pass2(s: number, x: Complex, y: Complex): void {
  for (let q = 0; q < s; q += 1) {
    const ar = x.re[q]!, ai = x.im[q]!, br = x.re[q + s]!, bi = x.im[q + s]!;
    y.re[q] = ar + br;
    y.im[q] = ai + bi;
    y.re[q + s] = ar - br;
    y.im[q + s] = ai - bi;
  }
}

/** Transforms a power of two in place of two buffers; returns the one that holds the result. */
function powerOfTwo(start: Complex, scratch: Complex, size: number): Complex {
  const t = twiddles(size);
  let [x, y] = [start, scratch];
  let s = 1;
  let n = size;
  while (n >= 4) {
    pass4(n, s, x, y, t, s);
    [x, y] = [y, x];
    n /= 4;
    s *= 4;
  }
  if (n === 2) {
    pass2(s, x, y);
    [x, y] = [y, x];
  }
  return x;
}

const empty = (n: number): Complex => ({ re: new Float64Array(n), im: new Float64Array(n) });

/** L. Bluestein, "A linear filtering approach to the computation of the discrete Fourier transform" (1970). */
function bluestein(re: Float64Array, im: Float64Array): Complex {
  const n = re.length;
  let m = 1;
  while (m < 2 * n - 1) m *= 2;
  const [a, b] = [empty(m), empty(m)];
  const chirp = empty(n);
  for (let k = 0; k < n; k += 1) {
    // k * k modulo 2n, exactly: k * k itself would lose digits for long inputs.
    const angle = (Math.PI * Number((BigInt(k) * BigInt(k)) % BigInt(2 * n))) / n;
    const c = Math.cos(angle), s = Math.sin(angle);
    chirp.re[k] = c;
    chirp.im[k] = s;
    a.re[k] = re[k]! * c + im[k]! * s;
    a.im[k] = im[k]! * c - re[k]! * s;
    b.re[k] = c;
    b.im[k] = s;
    if (k > 0) {
      b.re[m - k] = c;
      b.im[m - k] = s;
    }
  }
  const scratch = empty(m);
  const fa = powerOfTwo(a, scratch, m);
  const fb = powerOfTwo(b, empty(m), m);
  const product = empty(m);
  for (let k = 0; k < m; k += 1) {
    // Conjugated, so that the forward transform gives the inverse one.
    product.re[k] = fa.re[k]! * fb.re[k]! - fa.im[k]! * fb.im[k]!;
    product.im[k] = -(fa.re[k]! * fb.im[k]! + fa.im[k]! * fb.re[k]!);
  }
  const back = powerOfTwo(product, empty(m), m);
  const result = empty(n);
  for (let k = 0; k < n; k += 1) {
    const r = back.re[k]! / m, i = -back.im[k]! / m;
    result.re[k] = r * chirp.re[k]! + i * chirp.im[k]!;
    result.im[k] = i * chirp.re[k]! - r * chirp.im[k]!;
  }
  return result;
}

/**
 * Forward transform, unscaled, as NumPy's `fft`: X[k] = sum x[n] exp(-2 pi i k n / N). The input is left as it is.
 * Throws JOB_FAILED where it is empty or the parts differ in length.
 */
export function fft(re: Float64Array, im: Float64Array = new Float64Array(re.length)): Complex {
  const n = re.length;
  if (n === 0 || im.length !== n) throw new ComputeError('JOB_FAILED', `A transform needs at least one value and parts of one length; got ${n} and ${im.length}.`);
  if ((n & (n - 1)) === 0) return powerOfTwo({ re: re.slice(), im: im.slice() }, empty(n), n);
  return bluestein(re, im);
}

/** Power spectrum of a real signal. */
export function powerSpectrum({ y, sampleRate, window = 'none' }: SpectrumInput): Spectrum {
  if (!(sampleRate > 0)) throw new ComputeError('JOB_FAILED', `The sample rate must be above 0 Hz; it is ${sampleRate}.`);
  const n = y.length;
  const weighted = new Float64Array(n);
  let power = 0;
  for (let i = 0; i < n; i += 1) {
    const w = window === 'hann' ? 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n) : 1;
    weighted[i] = y[i]! * w;
    power += w * w;
  }
  const { re, im } = fft(weighted);
  const bins = Math.floor(n / 2) + 1;
  const frequency = new Float64Array(bins);
  const density = new Float64Array(bins);
  for (let k = 0; k < bins; k += 1) {
    const twice = k === 0 || (n % 2 === 0 && k === n / 2) ? 1 : 2;
    frequency[k] = (k * sampleRate) / n;
    density[k] = (twice * (re[k]! ** 2 + im[k]! ** 2)) / (sampleRate * power);
  }
  return { frequency, density };
}
