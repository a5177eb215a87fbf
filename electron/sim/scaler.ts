// The scaler record SIM:SCALER1: counts all channels for a preset time; its put-callback completes when counting ended.
import type { Beam } from './beam';
import type { NativeType, PvValue } from 'epics-ioc-connection';
import { addEnum, numberWithin } from './records/pvKinds';
import type { SimRecord } from './records/simRecord';
import type { Scheduled } from './simClock';
import type { SimContext } from './simContext';

const name = 'SIM:SCALER1';
/** Hz; S1 counts this clock, as on the real scaler. */
const clockFrequency = 1e7;
const channelNames = ['clock', 'I0', 'I1', 'I2', '', '', '', ''] as const;
const updatePeriod = 0.1;
const longestPreset = 86_400;
/** Seconds that automatic counting (CONT) counts for when nobody else does. */
const autoPreset = 1;

type Mode = 'idle' | 'counting' | 'auto';

export class Scaler {
  private mode: Mode = 'idle';
  private preset = 1;
  private elapsed = 0;
  private readonly counts = new Array<number>(channelNames.length).fill(0);
  private task: Scheduled | null = null;
  private waiting: (() => void)[] = [];
  private readonly time: SimRecord;
  private readonly count: SimRecord;
  private readonly continuous: SimRecord;
  private readonly channels: SimRecord[];

  constructor(private readonly context: SimContext, private readonly beam: Beam) {
    const { records } = context;
    this.count = addEnum(context, {
      name: `${name}.CNT`, description: 'Scaler: count', states: ['Done', 'Count'], initial: 0,
      onWrite: (index) => (index === 1 ? this.start() : this.finish()),
    });
    const preset = this.addField('TP', 'Scaler: preset time', 'DOUBLE', this.preset, (value) => {
      this.preset = numberWithin(`${name}.TP`, value, 0.001, longestPreset, 's');
      preset.set(this.preset);
    }, 's');
    this.time = this.addField('T', 'Scaler: elapsed time', 'DOUBLE', 0, undefined, 's');
    records.alias(name, `${name}.T`);
    records.alias(`${name}.VAL`, `${name}.T`);
    this.continuous = addEnum(context, {
      name: `${name}.CONT`, description: 'Scaler: one shot or automatic', states: ['OneShot', 'AutoCount'], initial: 0,
      onWrite: (index) => {
        this.continuous.set(index);
        if (index === 1 && this.mode === 'idle') this.begin('auto');
        if (index === 0 && this.mode === 'auto') this.halt();
      },
    });
    this.addField('FREQ', 'Scaler: clock frequency', 'DOUBLE', clockFrequency, undefined, 'Hz');
    this.addField('NCH', 'Scaler: number of channels', 'SHORT', channelNames.length);
    this.addField('DESC', 'Scaler: description', 'STRING', 'Counters at the sample');
    this.addField('RTYP', 'Scaler: record type', 'STRING', 'scaler');
    channelNames.forEach((channel, index) => {
      const label = this.addField(`NM${index + 1}`, `Scaler: name of channel ${index + 1}`, 'STRING', channel, (value) => label.set(value));
    });
    this.channels = channelNames.map((channel, index) =>
      this.addField(`S${index + 1}`, `Scaler: counts of channel ${index + 1}${channel ? ` (${channel})` : ''}`, 'DOUBLE', 0, undefined, 'counts'));
  }

  private addField(field: string, description: string, type: NativeType, initial: PvValue,
    onWrite?: (value: PvValue) => void, units?: string): SimRecord {
    return this.context.records.add({
      name: `${name}.${field}`, description, type, initial, postsAlways: units === 'counts',
      metadata: units === undefined ? {} : { units, precision: units === 's' ? 3 : 0, display: { low: 0, high: units === 's' ? longestPreset : 0 } },
      ...(onWrite ? { onWrite } : {}),
    });
  }

  /** Resolves when counting ended; a count that runs already goes on. */
  private start(): Promise<void> {
    if (this.mode !== 'counting') {
      this.halt();
      this.begin('counting');
      this.count.set(1);
    }
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  private begin(mode: Mode): void {
    this.mode = mode;
    this.elapsed = 0;
    this.counts.fill(0);
    this.publish();
    this.scheduleStep();
  }

  private scheduleStep(): void {
    const preset = this.mode === 'auto' ? autoPreset : this.preset;
    const step = Math.min(updatePeriod, preset - this.elapsed);
    this.task = this.context.clock.after(step, () => {
      this.accumulate(step);
      if (this.elapsed < preset - 1e-9) {
        this.publish();
        this.scheduleStep();
      } else this.finish();
    });
  }

  private accumulate(seconds: number): void {
    const { random } = this.context;
    const { i0, i1, i2 } = this.beam.rates();
    this.elapsed += seconds;
    [clockFrequency, i0, i1, i2].forEach((rate, index) => {
      this.counts[index] = (this.counts[index] ?? 0) + (index === 0 ? Math.round(rate * seconds) : random.poisson(rate * seconds));
    });
  }

  private publish(): void {
    this.time.set(this.elapsed);
    this.channels.forEach((record, index) => record.set(this.counts[index] ?? 0));
  }

  private finish(): void {
    const ended = this.mode;
    this.halt();
    if (ended !== 'idle') this.publish();
    if (ended === 'counting') {
      this.count.set(0);
      const waiting = this.waiting;
      this.waiting = [];
      for (const resolve of waiting) resolve();
    }
    if (this.continuous.number === 1) this.begin('auto');
  }

  private halt(): void {
    this.task?.cancel();
    this.task = null;
    this.mode = 'idle';
  }
}
