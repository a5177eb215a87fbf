// The temperature controller SIM:TEMP1: a setpoint that ramps, a sample that follows, alarms at HIHI, HIGH, LOW and LOLO.
import { addNumber } from './records/pvKinds';
import type { SimRecord } from './records/simRecord';
import type { SimContext } from './simContext';

/** °C. */
const range = { low: -50, high: 500 };
const room = 22;
/** Seconds: how the sample follows the working setpoint. */
const lag = 4;
const updatePeriod = 0.5;
/** °C, standard deviation of the reading. */
const noise = 0.02;

export class Temperature {
  private setpoint = room;
  private working = room;
  private sample = room;
  /** °C per minute. */
  private rate = 60;
  private readonly workingPv: SimRecord;
  private readonly readback: SimRecord;
  private readonly heater: SimRecord;

  constructor(private readonly context: SimContext) {
    const about = { units: '°C', precision: 2, ...range, initial: room };
    this.readback = addNumber(context, {
      name: 'SIM:TEMP1', description: 'Sample temperature', ...about,
      metadata: { warning: { low: 0, high: 300 }, alarm: { low: -20, high: 400 } },
    });
    const setpoint = addNumber(context, {
      name: 'SIM:TEMP1:SP', description: 'Temperature setpoint', ...about,
      onWrite: (value) => {
        this.setpoint = value;
        setpoint.set(value);
      },
    });
    this.workingPv = addNumber(context, { name: 'SIM:TEMP1:WSP', description: 'Working setpoint of the ramp', ...about });
    const rate = addNumber(context, {
      name: 'SIM:TEMP1:RAMP', description: 'Ramp rate', units: '°C/min', precision: 1, low: 0.1, high: 6000, initial: this.rate,
      onWrite: (value) => {
        this.rate = value;
        rate.set(value);
      },
    });
    this.heater = addNumber(context, { name: 'SIM:TEMP1:HEATER', description: 'Heater power', units: '%', precision: 1, low: 0, high: 100, initial: 0 });
    context.clock.every(updatePeriod, () => this.step(updatePeriod));
  }

  private step(seconds: number): void {
    const reach = (this.rate / 60) * seconds;
    this.working += Math.min(Math.max(this.setpoint - this.working, -reach), reach);
    this.sample += (this.working - this.sample) * (1 - Math.exp(-seconds / lag));
    this.workingPv.set(this.working);
    this.readback.set(this.sample + noise * this.context.random.normal());
    const power = (this.working - room) * 0.15 + (this.working - this.sample) * 8;
    this.heater.set(Math.min(Math.max(power, 0), 100));
  }
}
