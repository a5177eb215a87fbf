// A simulated motor record: moves with acceleration, refuses what lies beyond its soft limits, completes puts when it rests.
import type { PvValue } from 'epics-ioc-connection';
import { Axis } from '../motion/axis';
import { numberWithin } from '../records/pvKinds';
import { noAlarm } from '../records/simRecord';
import type { SimContext } from '../simContext';
import { MotorFields, type MotorField, type MotorOptions } from './motorFields';

/** Values of SPMG. */
const spmg = { stop: 0, pause: 1, move: 2, go: 3 } as const;
/** The hardware's limit switches stand this share of the travel outside the first soft limits. */
const switchMargin = 0.02;

export class MotorRecord {
  private readonly fields: MotorFields;
  private readonly axis: Axis;
  private readonly switches: { low: number; high: number };
  private paused = false;
  private stopping = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly context: SimContext, options: MotorOptions) {
    const margin = switchMargin * (options.high - options.low);
    this.switches = { low: options.low - margin, high: options.high + margin };
    this.axis = new Axis({
      clock: context.clock, position: options.position, speed: options.speed, accelerationTime: options.accelerationTime,
      onMove: () => this.publishPosition(),
      onRest: () => this.rest(),
    });
    this.fields = new MotorFields(context.records, options, {
      VAL: (value) => this.write(this.number('VAL', value)),
      DVAL: (value) => this.write(this.number('DVAL', value)),
      TWF: (value) => this.tweak('TWF', value, 1),
      TWR: (value) => this.tweak('TWR', value, -1),
      HOMF: (value) => this.home('HOMF', value),
      HOMR: (value) => this.home('HOMR', value),
      STOP: (value) => (value === 0 ? undefined : this.stop()),
      SPMG: (value) => this.setMode(numberWithin(`${options.name}.SPMG`, value, 0, 3, '')),
      HLM: (value) => this.setLimit('HLM', 'DHLM', value),
      LLM: (value) => this.setLimit('LLM', 'DLLM', value),
      VELO: (value) => {
        this.axis.speed = this.setNumber('VELO', value, options.speed * 1e-4, this.fields.get('VMAX'));
      },
      ACCL: (value) => {
        this.axis.accelerationTime = this.setNumber('ACCL', value, 0.001, 60);
      },
      TWV: (value) => void this.setNumber('TWV', value, 0, 1e9),
      RDBD: (value) => void this.setNumber('RDBD', value, 0, 1e9),
      PREC: (value) => {
        this.setNumber('PREC', value, 0, 15);
        this.fields.refreshMetadata();
      },
      EGU: (value) => {
        this.fields.set('EGU', value);
        this.fields.refreshMetadata();
      },
      DESC: (value) => this.fields.set('DESC', value),
    });
  }

  get position(): number {
    return this.axis.position;
  }

  /** Resolves when the motor rests. What lies beyond a soft limit changes nothing but LVIO and the alarm, as the real record does. */
  private write(target: number): Promise<void> | void {
    const { fields } = this;
    const [low, high] = [fields.get('LLM'), fields.get('HLM')];
    // Equal limits mean none.
    if (low !== high && (target > high || target < low)) {
      this.publishTarget(fields.get('VAL'));
      fields.set('LVIO', 1);
      fields.setAlarm({ severity: 'MAJOR', status: target > high ? 'HIGH' : 'LOW' });
      return;
    }
    this.publishTarget(target);
    fields.set('LVIO', 0);
    const mode = fields.get('SPMG');
    if (mode === spmg.stop || mode === spmg.pause) return;
    return this.move();
  }

  /** Goes to VAL, or to the limit switch that stands before it. */
  private move(): Promise<void> {
    const { fields } = this;
    const target = Math.min(Math.max(fields.get('VAL'), this.switches.low), this.switches.high);
    this.paused = false;
    this.stopping = false;
    fields.setAlarm(noAlarm);
    fields.set('HLS', 0);
    fields.set('LLS', 0);
    fields.set('TDIR', target >= this.position ? 1 : 0);
    fields.set('DMOV', 0);
    fields.set('MOVN', 1);
    const done = new Promise<void>((resolve) => void this.waiting.push(resolve));
    void this.axis.moveTo(target);
    return done;
  }

  private rest(): void {
    this.publishPosition();
    this.fields.set('MOVN', 0);
    // A paused move is not done: its put-callback waits until it went on and ended, so that no scan measures halfway.
    if (this.paused) {
      this.context.settled();
      return;
    }
    this.finish();
  }

  private finish(): void {
    const { fields, switches, position } = this;
    if (this.stopping) this.publishTarget(position);
    const target = fields.get('VAL');
    if (position >= switches.high && target > position) {
      fields.set('HLS', 1);
      fields.setAlarm({ severity: 'MAJOR', status: 'HIGH' });
    } else if (position <= switches.low && target < position) {
      fields.set('LLS', 1);
      fields.setAlarm({ severity: 'MAJOR', status: 'LOW' });
    }
    this.context.settled();
    fields.set('DMOV', 1);
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Brakes; VAL becomes where it rests. */
  private async stop(): Promise<void> {
    const wasPaused = this.paused && !this.axis.moving;
    this.paused = false;
    this.stopping = true;
    if (wasPaused) this.finish();
    else await this.axis.stop();
  }

  private async setMode(mode: number): Promise<void> {
    const { fields } = this;
    fields.set('SPMG', mode);
    if (mode === spmg.stop) await this.stop();
    else if (mode === spmg.pause) {
      this.paused = fields.get('DMOV') === 0;
      await this.axis.stop();
    } else if (fields.get('VAL') !== this.position || this.paused) await this.move();
  }

  private tweak(field: 'TWF' | 'TWR', value: PvValue, sign: number): Promise<void> | void {
    if (value === 0) return;
    this.fields.set(field, 0);
    return this.write(this.fields.get('VAL') + sign * this.fields.get('TWV'));
  }

  private home(field: 'HOMF' | 'HOMR', value: PvValue): Promise<void> | void {
    if (value === 0) return;
    this.fields.set(field, 0);
    return this.write(0);
  }

  private setLimit(field: 'HLM' | 'LLM', dial: 'DHLM' | 'DLLM', value: PvValue): void {
    const limit = this.number(field, value);
    this.fields.set(field, limit);
    this.fields.set(dial, limit);
    this.fields.refreshMetadata();
  }

  private setNumber(field: MotorField, value: PvValue, low: number, high: number): number {
    const number = numberWithin(`${this.fields.name}.${field}`, value, low, high, '');
    this.fields.set(field, number);
    return number;
  }

  private number(field: MotorField, value: PvValue): number {
    return numberWithin(`${this.fields.name}.${field}`, value, -Infinity, Infinity, '');
  }

  private publishTarget(target: number): void {
    this.fields.set('VAL', target);
    this.fields.set('DVAL', target);
  }

  private publishPosition(): void {
    this.fields.set('RBV', this.position);
    this.fields.set('DRBV', this.position);
  }
}
