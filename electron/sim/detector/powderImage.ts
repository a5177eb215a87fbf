// Powder rings with counting noise, fast: one look-up and one square a pixel. PURE.
import type { Random } from '../random';

/** Pixels of a side; µm a pixel. */
export const sensorSize = 1024;
const pixelSize = 200;
/** Radial steps a pixel. */
const steps = 4;
const noiseLength = 1 << 16;

/** Lattice spacings of lanthanum hexaboride (NIST SRM 660, a = 4.1569 Å) and the relative strength of the rings. */
const rings = [
  { d: 4.1569, strength: 0.55 }, { d: 2.9394, strength: 1 }, { d: 2.4, strength: 0.42 }, { d: 2.0785, strength: 0.24 },
  { d: 1.859, strength: 0.5 }, { d: 1.6971, strength: 0.26 }, { d: 1.4697, strength: 0.09 }, { d: 1.3856, strength: 0.26 },
] as const;

export interface Exposure {
  /** Photons a pixel on the strongest ring. */
  brightness: number;
  /** eV. */
  energy: number;
  /** Sample to detector, mm. */
  distance: number;
}

/** Mean photons at each radius, for `steps` entries a pixel. */
export function radialProfile({ brightness, energy, distance }: Exposure, length: number): Float64Array {
  const wavelength = 12_398.4198 / energy;
  const profile = new Float64Array(length);
  const width = 3.2;
  const radii = rings
    .filter(({ d }) => wavelength < 2 * d)
    .map(({ d, strength }) => ({ strength, radius: (distance * 1000 * Math.tan(2 * Math.asin(wavelength / (2 * d)))) / pixelSize }));
  for (let index = 0; index < length; index++) {
    const r = index / steps;
    let mean = 0.02 + 0.25 * Math.exp(-r / 90);
    for (const { radius, strength } of radii) {
      const offset = (r - radius) / width;
      if (offset > -5 && offset < 5) mean += strength * Math.exp((-offset * offset) / 2);
    }
    // A beam stop of 14 pixels' radius shades the middle.
    profile[index] = brightness * (r < 14 ? 0.002 : mean);
  }
  return profile;
}

export interface Frame { pixels: Int16Array; total: number; min: number; max: number }

export class PowderImage {
  private readonly radius = new Uint16Array(sensorSize * sensorSize);
  private readonly noise = new Float32Array(noiseLength);
  private readonly length: number;

  constructor(private readonly random: Random) {
    const centre = sensorSize / 2 - 0.5;
    for (let y = 0, index = 0; y < sensorSize; y++) {
      for (let x = 0; x < sensorSize; x++) this.radius[index++] = Math.round(steps * Math.sqrt((x - centre) * (x - centre) + (y - centre) * (y - centre)));
    }
    this.length = Math.ceil(steps * Math.SQRT2 * sensorSize / 2) + 2;
    for (let index = 0; index < noiseLength; index++) this.noise[index] = random.normal() / 2;
  }

  /**
   * One picture of width x height pixels from the sensor's top left corner, 0...32767 counts.
   * Anscombe's transform turned round: (sqrt(m + 3/8) + z/2)² - 5/8 has mean m and nearly Poisson's variance, from a table of z.
   */
  expose(exposure: Exposure, width: number, height: number): Frame {
    const { radius, noise, random } = this;
    const profile = radialProfile(exposure, this.length);
    const root = profile.map((mean) => (mean > 0.01 ? Math.sqrt(mean + 0.375) : -1));
    const pixels = new Int16Array(width * height);
    let [total, min, max] = [0, 32767, 0];
    for (let y = 0, out = 0; y < height; y++) {
      // Each row starts elsewhere in the table, so that no pattern repeats from row to row or picture to picture.
      let next = Math.floor(random.uniform() * noiseLength);
      const row = y * sensorSize;
      for (let x = 0; x < width; x++) {
        const s = root[radius[row + x]!]!;
        const z = s + noise[next++ & (noiseLength - 1)]!;
        let count = s < 0 || z < 0 ? 0 : (z * z - 0.125) | 0;
        if (count > 32767) count = 32767;
        else if (count < 0) count = 0;
        pixels[out++] = count;
        total += count;
        if (count < min) min = count;
        if (count > max) max = count;
      }
    }
    return { pixels, total, min, max };
  }
}
