// The beam at the sample: rates of the ion chambers from everything upstream and the sample. PURE given the subsystems.
import type { FrontEnd } from './frontEnd';
import type { Mono } from './mono';
import type { Ring } from './ring';
import type { Slits } from './slits';
import type { Undulator } from './undulator';
import { fluorescence, profile, transmission } from './sample';

/** Counts per second. */
export interface Rates { i0: number; i1: number; i2: number }

export interface BeamSources {
  ring: Ring;
  frontEnd: FrontEnd;
  undulator: Undulator;
  mono: Mono;
  slits: Slits;
  /** Sample position, mm. */
  m1: () => number;
  m2: () => number;
}

/** Counts per second at 300 mA with everything open and on the harmonic. */
const fullI0 = 2_000_000;
const fullI1 = 1_500_000;
const fullI2 = 1_800_000;
/** Counts per second without any beam. */
const dark: Rates = { i0: 40, i1: 25, i2: 40 };

export class Beam {
  constructor(private readonly sources: BeamSources) {}

  /** 0...1: intensity that reaches the sample, of the most that can. */
  intensity(): number {
    const { ring, frontEnd, undulator, mono, slits } = this.sources;
    if (!frontEnd.isOpen) return 0;
    return (ring.current() / 300) * undulator.flux(mono.energy()) * slits.transmission();
  }

  /** eV. */
  energy(): number {
    return this.sources.mono.energy();
  }

  /** 0...1: how much of the sample spot is in the beam. */
  thickness(): number {
    return profile(this.sources.m1(), this.sources.m2());
  }

  /** I0 before the sample, I1 its fluorescence, I2 what it lets through. */
  rates(): Rates {
    const intensity = this.intensity();
    const energy = this.energy();
    const thickness = this.thickness();
    return {
      i0: dark.i0 + fullI0 * intensity,
      i1: dark.i1 + fullI1 * intensity * fluorescence(energy, thickness),
      i2: dark.i2 + fullI2 * intensity * transmission(energy, thickness),
    };
  }
}
