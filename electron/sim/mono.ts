// The monochromator, Si(111): an energy that moves and the Bragg angle that belongs to it.
import { Axis } from './motion/axis';
import { addNumber } from './records/pvKinds';
import type { SimContext } from './simContext';

/** eV. */
const energyRange = { low: 4000, high: 25_000 };
const initialEnergy = 7200;
/** hc in eV Å, and the lattice spacing of Si(111) in Å (CODATA 2018). */
const hc = 12_398.4198;
const latticeSpacing = 3.135_60;

/** Bragg angle in degrees for an energy in eV. */
export function braggAngle(energy: number): number {
  return (Math.asin(hc / (2 * latticeSpacing * energy)) * 180) / Math.PI;
}

export class Mono {
  private readonly axis: Axis;

  constructor(context: SimContext) {
    const readback = addNumber(context, {
      name: 'SIM:MONO:ENERGY_RBV', description: 'Photon energy readback', units: 'eV', precision: 2, ...energyRange, initial: initialEnergy,
    });
    const angle = addNumber(context, {
      name: 'SIM:MONO:ANGLE', description: 'Bragg angle of Si(111)', units: 'deg', precision: 5, low: 4, high: 30, initial: braggAngle(initialEnergy),
    });
    const publish = (): void => {
      readback.set(this.energy());
      angle.set(braggAngle(this.energy()));
    };
    this.axis = new Axis({
      clock: context.clock, position: initialEnergy, speed: 500, accelerationTime: 0.05, onMove: publish,
      onRest: () => {
        publish();
        context.settled();
      },
    });
    const setpoint = addNumber(context, {
      name: 'SIM:MONO:ENERGY', description: 'Photon energy', units: 'eV', precision: 2, ...energyRange, initial: initialEnergy,
      onWrite: (energy) => {
        setpoint.set(energy);
        return this.axis.moveTo(energy);
      },
    });
  }

  /** eV. */
  energy(): number {
    return this.axis.position;
  }
}
