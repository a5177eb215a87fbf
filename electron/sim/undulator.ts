// The undulator: a gap that moves, and how well its third harmonic fits the photon energy.
import { Axis } from './motion/axis';
import { addNumber } from './records/pvKinds';
import type { SimContext } from './simContext';

/** mm. */
const gapRange = { low: 6, high: 40 };
const period = 22;
const initialGap = 9.1;
/** eV at which the third harmonic stands at the initial gap. */
const initialHarmonic = 7200;
/** Relative width (FWHM) of the harmonic, tapered for energy scans. */
const harmonicWidth = 0.08;

export class Undulator {
  private readonly axis: Axis;

  constructor(context: SimContext) {
    const readback = addNumber(context, {
      name: 'SIM:ID:GAP_RBV', description: 'Undulator gap readback', units: 'mm', precision: 3, ...gapRange, initial: initialGap,
    });
    this.axis = new Axis({
      clock: context.clock, position: initialGap, speed: 2, accelerationTime: 0.2,
      onMove: () => readback.set(this.axis.position),
      onRest: () => {
        readback.set(this.axis.position);
        context.settled();
      },
    });
    const setpoint = addNumber(context, {
      name: 'SIM:ID:GAP', description: 'Undulator gap', units: 'mm', precision: 3, ...gapRange, initial: initialGap,
      onWrite: (gap) => {
        setpoint.set(gap);
        return this.axis.moveTo(gap);
      },
    });
  }

  /** Energy of the third harmonic in eV: opening the gap weakens the field, which raises the energy towards a ceiling. */
  harmonicEnergy(): number {
    return initialHarmonic * deflection(initialGap) / deflection(this.axis.position);
  }

  /** 0...1: the share of the harmonic's flux at `energy` (eV); a Lorentzian. */
  flux(energy: number): number {
    const centre = this.harmonicEnergy();
    const offset = (energy - centre) / (centre * harmonicWidth / 2);
    return 1 / (1 + offset ** 2);
  }
}

/** 1 + K²/2 for a gap in mm, with Halbach's exponential field of a hybrid undulator (B0 = 2.1 T at gap 0). */
function deflection(gap: number): number {
  const field = 2.1 * Math.exp(-Math.PI * gap / period);
  const k = 0.0934 * field * period;
  return 1 + k ** 2 / 2;
}
