// SIM:MCA1, a 2048-channel fluorescence spectrum as the mca record offers it: erase, start, stop, preset real time.
import type { NativeType, PvValue } from 'epics-ioc-connection';
import type { Beam } from './beam';
import { kShellAbsorption } from './sample';
import { addEnum, numberWithin } from './records/pvKinds';
import type { SimRecord } from './records/simRecord';
import type { Scheduled } from './simClock';
import type { SimContext } from './simContext';

const name = 'SIM:MCA1';
const channels = 2048;
/** keV per channel. */
const channelWidth = 0.01;
const updatePeriod = 0.25;
/** Seconds; 0 counts until stopped. */
const initialPreset = 5;

interface Line { energy: number; /** Counts per second at full intensity. */ rate: number }

/** Lines for a beam of `energy` eV on `thickness` (0...1) of iron: argon of the air, calcium and iron, elastic and Compton scatter. */
function lines(energy: number, thickness: number): Line[] {
  const iron = thickness * kShellAbsorption(energy);
  const photon = energy / 1000;
  return [
    { energy: 2.957, rate: 900 }, { energy: 3.691, rate: 1200 * thickness },
    { energy: 6.404, rate: 40_000 * iron }, { energy: 7.058, rate: 5_400 * iron },
    { energy: photon, rate: 2_500 + 1_500 * thickness },
    { energy: photon / (1 + photon / 511), rate: 3_200 },
  ];
}

/** FWHM in keV at an energy in keV: electronic noise 90 eV and Fano statistics of silicon. */
function resolution(energy: number): number {
  return Math.sqrt(0.09 ** 2 + 2.355 ** 2 * 0.00365 * 0.115 * energy);
}

/** Mean counts a second and channel. */
export function spectrum(energy: number, thickness: number): Float64Array {
  const rates = new Float64Array(channels).fill(0.4);
  for (const line of lines(energy, thickness)) {
    const width = resolution(line.energy);
    const scale = (line.rate * channelWidth * 0.9394) / width;
    const reach = Math.ceil((3 * width) / channelWidth);
    const centre = Math.round(line.energy / channelWidth);
    for (let channel = Math.max(0, centre - reach); channel <= Math.min(channels - 1, centre + reach); channel++) {
      const offset = (channel * channelWidth - line.energy) / width;
      rates[channel]! += scale * Math.exp(-4 * Math.LN2 * offset ** 2);
    }
  }
  return rates;
}

export class Mca {
  private readonly counts = new Int32Array(channels);
  private preset = initialPreset;
  private elapsed = 0;
  private task: Scheduled | null = null;
  private waiting: (() => void)[] = [];
  private readonly data: SimRecord;
  private readonly acquiring: SimRecord;
  private readonly realTime: SimRecord;

  constructor(private readonly context: SimContext, private readonly beam: Beam) {
    const { records } = context;
    this.data = records.add({
      name: `${name}.VAL`, description: 'Fluorescence spectrum, 10 eV a channel', type: 'LONG', count: channels,
      metadata: { units: 'counts', display: { low: 0, high: 100_000 } }, initial: this.counts.slice(),
    });
    records.alias(name, `${name}.VAL`);
    this.acquiring = addEnum(context, { name: `${name}.ACQG`, description: 'Spectrum: acquiring', states: ['Done', 'Acquire'], initial: 0 });
    this.realTime = this.addField('ERTM', 'Spectrum: elapsed real time', 'DOUBLE', 0, undefined, 's');
    const preset = this.addField('PRTM', 'Spectrum: preset real time, 0: no end', 'DOUBLE', initialPreset, (value) => {
      this.preset = numberWithin(`${name}.PRTM`, value, 0, 86_400, 's');
      preset.set(this.preset);
    }, 's');
    this.addField('NUSE', 'Spectrum: channels used', 'LONG', channels);
    this.addField('CALO', 'Spectrum: energy of channel 0', 'DOUBLE', 0, undefined, 'keV');
    this.addField('CALS', 'Spectrum: energy per channel', 'DOUBLE', channelWidth, undefined, 'keV');
    this.addField('EGU', 'Spectrum: units of the energy scale', 'STRING', 'keV');
    this.addField('DESC', 'Spectrum: description', 'STRING', 'Fluorescence detector');
    this.addField('RTYP', 'Spectrum: record type', 'STRING', 'mca');
    this.addButton('ERST', 'EraseStart', 'erase and start', () => this.start(true));
    this.addButton('STRT', 'Start', 'start', () => this.start(false));
    this.addButton('STOP', 'Stop', 'stop', () => this.stop());
    this.addButton('ERAS', 'Erase', 'erase', () => this.erase());
    records.alias(`${name}:Acquiring`, `${name}.ACQG`);
    records.alias(`${name}:PresetReal`, `${name}.PRTM`);
    records.alias(`${name}:ElapsedReal`, `${name}.ERTM`);
    this.accumulate(initialPreset);
    this.publish();
  }

  private addField(field: string, description: string, type: NativeType, initial: PvValue,
    onWrite?: (value: PvValue) => void, units?: string): SimRecord {
    return this.context.records.add({
      name: `${name}.${field}`, description, type, initial,
      metadata: units === undefined ? {} : { units, precision: 3 }, ...(onWrite ? { onWrite } : {}),
    });
  }

  private addButton(field: string, alias: string, verb: string, press: () => void | Promise<void>): void {
    addEnum(this.context, {
      name: `${name}.${field}`, description: `Spectrum: ${verb}`, states: ['Done', 'Do'], initial: 0,
      onWrite: (index) => (index === 1 ? press() : undefined),
    });
    this.context.records.alias(`${name}:${alias}`, `${name}.${field}`);
  }

  /** Resolves when the preset time is over or somebody stopped it. */
  private start(erase: boolean): Promise<void> {
    if (erase) this.erase();
    if (!this.task) {
      this.acquiring.set(1);
      this.scheduleStep();
    }
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  private scheduleStep(): void {
    const left = this.preset > 0 ? this.preset - this.elapsed : Infinity;
    const step = Math.max(0, Math.min(updatePeriod, left));
    this.task = this.context.clock.after(step, () => {
      this.accumulate(step);
      this.publish();
      if (this.preset > 0 && this.elapsed >= this.preset - 1e-9) this.stop();
      else this.scheduleStep();
    });
  }

  private accumulate(seconds: number): void {
    const { beam, context: { random } } = this;
    const intensity = beam.intensity() * seconds;
    const rates = spectrum(beam.energy(), beam.thickness());
    for (let channel = 0; channel < channels; channel++) this.counts[channel]! += random.poisson(rates[channel]! * intensity);
    this.elapsed += seconds;
  }

  private publish(): void {
    this.data.set(this.counts.slice());
    this.realTime.set(this.elapsed);
  }

  private erase(): void {
    this.counts.fill(0);
    this.elapsed = 0;
    this.publish();
  }

  private stop(): void {
    this.task?.cancel();
    this.task = null;
    this.acquiring.set(0);
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
