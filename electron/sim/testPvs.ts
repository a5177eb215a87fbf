// SIM:TEST:*, a PV for each thing that a client must cope with: types, severities, odd texts, odd numbers, odd sizes.
import { severities, type Metadata, type NativeType, type PvValue } from 'epics-ioc-connection';
import type { AlarmStatus } from 'epics-ioc-connection';
import type { SimRecord } from './records/simRecord';
import type { SimContext } from './simContext';

const prefix = 'SIM:TEST:';
const million = 1_000_000;
/** Seconds. */
const slowPut = 2;
const counterPeriod = 0.1;

export function createTestPvs(context: SimContext): void {
  addTypes(context);
  addAlarms(context);
  addEnums(context);
  addNumbers(context);
  addArrays(context);
  addBehaviours(context);
}

interface TestPv { name: string; description: string; type: NativeType; initial: PvValue; count?: number; metadata?: Metadata }

/** A PV that becomes what one writes. */
function addWritable({ records }: SimContext, pv: TestPv, delay?: () => Promise<void>): SimRecord {
  const record = records.add({
    ...pv, name: prefix + pv.name,
    onWrite: async (value) => {
      if (delay) await delay();
      record.set(value);
    },
  });
  return record;
}

function addReadOnly({ records }: SimContext, pv: TestPv): SimRecord {
  return records.add({ ...pv, name: prefix + pv.name });
}

function addTypes(context: SimContext): void {
  const range = (low: number, high: number): Metadata => ({ units: 'counts', display: { low, high }, control: { low, high } });
  addWritable(context, { name: 'STRING', description: 'A string', type: 'STRING', initial: 'Iron foil, 5 µm' });
  addWritable(context, { name: 'SHORT', description: 'A 16-bit integer', type: 'SHORT', initial: -12345, metadata: range(-32768, 32767) });
  addWritable(context, { name: 'FLOAT', description: 'A 32-bit real', type: 'FLOAT', initial: 1.5, metadata: { ...range(-1e6, 1e6), precision: 3 } });
  addWritable(context, { name: 'ENUM', description: 'An enumeration', type: 'ENUM', initial: 1, metadata: { states: ['Out', 'In', 'Moving'] } });
  addWritable(context, { name: 'CHAR', description: 'An 8-bit integer', type: 'CHAR', initial: 200, metadata: range(0, 255) });
  addWritable(context, { name: 'LONG', description: 'A 32-bit integer', type: 'LONG', initial: -1_234_567_890, metadata: range(-(2 ** 31), 2 ** 31 - 1) });
  addWritable(context, { name: 'DOUBLE', description: 'A 64-bit real', type: 'DOUBLE', initial: Math.PI, metadata: { ...range(-1e9, 1e9), precision: 6 } });
}

function addAlarms(context: SimContext): void {
  const statuses: readonly AlarmStatus[] = ['NO_ALARM', 'HIGH', 'HIHI', 'UDF'];
  severities.forEach((severity, index) => {
    context.records.add({
      name: prefix + severity, description: `Always ${severity}`, type: 'DOUBLE', initial: index,
      metadata: { units: 'V', precision: 2, display: { low: 0, high: 10 } }, alarm: { severity, status: statuses[index] ?? 'NO_ALARM' },
    });
  });
}

function addEnums(context: SimContext): void {
  const sixteen = Array.from({ length: 16 }, (_, index) => `Filter ${index}`);
  addWritable(context, { name: 'ENUM0', description: 'An enumeration without states', type: 'ENUM', initial: 3, metadata: { states: [] } });
  addWritable(context, { name: 'ENUM16', description: 'An enumeration of 16 states', type: 'ENUM', initial: 15, metadata: { states: sixteen } });
}

function addNumbers(context: SimContext): void {
  const about = (units: string): Metadata => ({ units, precision: 3, display: { low: -100, high: 100 }, control: { low: -100, high: 100 } });
  addWritable(context, { name: 'UM', description: 'A number in µm', type: 'DOUBLE', initial: 12.5, metadata: about('µm') });
  addWritable(context, { name: 'DEGC', description: 'A number in °C', type: 'DOUBLE', initial: 21.5, metadata: about('°C') });
  addReadOnly(context, { name: 'NAN', description: 'Not a number', type: 'DOUBLE', initial: NaN, metadata: about('V') });
  addReadOnly(context, { name: 'INF', description: 'Infinity', type: 'DOUBLE', initial: Infinity, metadata: about('V') });
  addReadOnly(context, { name: 'NINF', description: 'Minus infinity', type: 'DOUBLE', initial: -Infinity, metadata: about('V') });
  addReadOnly(context, { name: 'READONLY', description: 'Cannot be written', type: 'DOUBLE', initial: 42, metadata: about('V') });
}

function addArrays(context: SimContext): void {
  const sine = Float64Array.from({ length: 1000 }, (_, index) => Math.sin((2 * Math.PI * index) / 1000));
  const volts: Metadata = { units: 'V', precision: 4, display: { low: -1, high: 1 } };
  const text = 'A string longer than the forty bytes of DBR_STRING: Röntgenabsorption an der Fe-K-Kante bei 7112 eV, 20 °C';
  addWritable(context, { name: 'WAVE', description: 'A sine of 1000 points', type: 'DOUBLE', count: 1000, initial: sine, metadata: volts });
  addWritable(context, { name: 'WAVE_EMPTY', description: 'A waveform without elements', type: 'DOUBLE', count: 100, initial: new Float64Array(0), metadata: volts });
  addWritable(context, {
    name: 'WAVE_MILLION', description: 'A waveform of 1,000,000 doubles', type: 'DOUBLE', count: million, metadata: volts,
    initial: countUp(million),
  });
  addWritable(context, { name: 'WAVE_STRING', description: 'A waveform of strings', type: 'STRING', count: 8, initial: ['Fe', 'Co', 'Ni'] });
  addWritable(context, {
    name: 'LONG_STRING', description: 'A string in a CHAR waveform', type: 'CHAR', count: 1024, initial: new Uint8Array(Buffer.from(text, 'utf8')),
  });
}

function addBehaviours(context: SimContext): void {
  addWritable(context, {
    name: 'SLOW_PUT', description: 'A put completes after 2 s', type: 'DOUBLE', initial: 0, metadata: { units: 's', precision: 1 },
  }, () => context.clock.delay(slowPut));
  const counter = addReadOnly(context, { name: 'COUNTER', description: 'Counts up ten times a second', type: 'LONG', initial: 0, metadata: { units: 'counts' } });
  context.clock.every(counterPeriod, () => counter.set((counter.number + 1) | 0));
}

function countUp(length: number): Float64Array {
  const values = new Float64Array(length);
  for (let index = 0; index < length; index++) values[index] = index;
  return values;
}
