// Four slit blades that move, and the gap and centre of each pair, which can be read and written as well.
import { Axis } from './motion/axis';
import { addNumber } from './records/pvKinds';
import { WriteRefused } from './records/writeRefused';
import type { SimRecord } from './records/simRecord';
import type { SimContext } from './simContext';

/** mm. */
const travel = { low: -10, high: 10 };
const speed = 4;
const accelerationTime = 0.05;

interface Blade { setpoint: SimRecord; axis: Axis }

/** The two blades of one direction; positions in mm on one axis, `high` above (or right of) `low`. */
class BladePair {
  readonly high: Blade;
  readonly low: Blade;
  private readonly gapPv: SimRecord;
  private readonly centrePv: SimRecord;

  constructor(private readonly context: SimContext, names: { high: string; low: string; letter: string; word: string }, halfGap: number) {
    const { letter, word } = names;
    this.high = this.addBlade(names.high, halfGap, (position) => this.check(position, this.low.axis.target));
    this.low = this.addBlade(names.low, -halfGap, (position) => this.check(this.high.axis.target, position));
    this.gapPv = addNumber(context, {
      name: `SIM:SLIT1:${letter}GAP`, description: `Slit 1 ${word} gap`, units: 'mm', precision: 3, low: 0, high: 20, initial: 2 * halfGap,
      onWrite: (gap) => this.moveBoth(this.centre(true), gap),
    });
    this.centrePv = addNumber(context, {
      name: `SIM:SLIT1:${letter}CENTER`, description: `Slit 1 ${word} centre`, units: 'mm', precision: 3, ...travel, initial: 0,
      onWrite: (centre) => this.moveBoth(centre, this.gap(true)),
    });
  }

  private gap(atTarget = false): number {
    const { high, low } = this;
    return atTarget ? high.axis.target - low.axis.target : high.axis.position - low.axis.position;
  }

  private centre(atTarget = false): number {
    const { high, low } = this;
    return atTarget ? (high.axis.target + low.axis.target) / 2 : (high.axis.position + low.axis.position) / 2;
  }

  private addBlade(side: string, initial: number, check: (position: number) => void): Blade {
    const { context } = this;
    const about = { units: 'mm', precision: 3, ...travel, initial };
    const word = side.toLowerCase();
    const readback = addNumber(context, { name: `SIM:SLIT1:${side}_RBV`, description: `Slit 1 ${word} blade readback`, ...about });
    const publish = (): void => {
      readback.set(axis.position);
      this.gapPv.set(this.gap());
      this.centrePv.set(this.centre());
    };
    const axis = new Axis({
      clock: context.clock, position: initial, speed, accelerationTime, onMove: publish,
      onRest: () => {
        publish();
        context.settled();
      },
    });
    const setpoint = addNumber(context, {
      name: `SIM:SLIT1:${side}`, description: `Slit 1 ${word} blade`, ...about,
      onWrite: (position) => {
        check(position);
        setpoint.set(position);
        return axis.moveTo(position);
      },
    });
    return { setpoint, axis };
  }

  private async moveBoth(centre: number, gap: number): Promise<void> {
    const high = centre + gap / 2;
    const low = centre - gap / 2;
    if (high > travel.high || low < travel.low) {
      throw new WriteRefused(`The blades travel from ${travel.low} to ${travel.high} mm; this would need ${low} and ${high} mm.`);
    }
    this.high.setpoint.set(high);
    this.low.setpoint.set(low);
    await Promise.all([this.high.axis.moveTo(high), this.low.axis.moveTo(low)]);
  }

  private check(high: number, low: number): void {
    if (high < low) throw new WriteRefused(`The blades would collide: ${high} mm is below ${low} mm. Move the other blade first.`);
  }
}

/** The beam at the slit: Gaussian, sigma in mm. */
const beamSigma = { vertical: 0.35, horizontal: 0.6 };

export class Slits {
  private readonly vertical: BladePair;
  private readonly horizontal: BladePair;

  constructor(context: SimContext) {
    this.vertical = new BladePair(context, { high: 'TOP', low: 'BOTTOM', letter: 'V', word: 'vertical' }, 0.5);
    this.horizontal = new BladePair(context, { high: 'RIGHT', low: 'LEFT', letter: 'H', word: 'horizontal' }, 1);
  }

  /** 0...1: the share of the beam that passes. */
  transmission(): number {
    return share(this.vertical, beamSigma.vertical) * share(this.horizontal, beamSigma.horizontal);
  }
}

function share({ high, low }: BladePair, sigma: number): number {
  return Math.max(0, normalIntegral(high.axis.position / sigma) - normalIntegral(low.axis.position / sigma));
}

/** Integral of the standard normal from -∞ to x (Abramowitz & Stegun 7.1.26, error below 1.5e-7). */
export function normalIntegral(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - series * Math.exp(-z * z);
  return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}
