// A run as a SPEC data file (https://certif.com/spec_manual/user_1_4_1.html), as silx, spec2nexus and PyMca read it.
import { dataKeyName } from '@shared/dataKeyName';
import type { ArrayPlace } from '../arrays/arrayRecord';
import type { ArraysReader } from '../arrays/arraysReader';
import type { RunTable, StreamTable } from '../runTable';
import { numberText, specDate, specLabel, wrapped } from './specText';

/** Motors of a line of names, as SPEC has them. */
const motorsALine = 8;

interface NumberColumn { readonly name: string; readonly at: (index: number) => number }
interface Spectrum { readonly name: string; readonly places: readonly (ArrayPlace | null)[]; readonly channels: number }

/** Lines without their ends: file header and the scan. Text and images have no place in SPEC's files. */
export async function* specLines(table: RunTable, arrays: ArraysReader): AsyncGenerator<string, void, undefined> {
  const start = table.checkedStart;
  const positions = positionsAtStart(table);
  const columns = columnsOf(table);
  const spectra = spectraOf(table);
  yield `#F ${start.uid}`;
  yield `#E ${Math.floor(start.time)}`;
  yield `#D ${specDate(start.time)}`;
  yield `#C Endstation  User = ${String(start['user'] ?? '')}`;
  for (const [row, part] of rowsOf(positions)) yield `#O${row} ${part.map(([name]) => name).join('  ')}`;
  yield '';
  yield `#S ${start.scan_id}  ${start.plan_name} ${JSON.stringify(start.plan_args)}`;
  yield `#D ${specDate(start.time)}`;
  for (const [row, part] of rowsOf(positions)) yield `#P${row} ${part.map(([, value]) => numberText(value)).join(' ')}`;
  for (const key of ['sample', 'proposal', 'user']) if (typeof start[key] === 'string') yield `#C ${key} = ${oneLine(start[key])}`;
  if (spectra.length > 0) yield '#@MCA %16C';
  for (const { name, channels } of spectra) {
    yield `#@CHANN ${channels} 0 ${channels - 1} 1`;
    yield `#C spectrum ${specLabel(name)}`;
  }
  if (columns.some(({ at }) => hasGap(at, table.points))) yield '#C What is not a number is written as 1e999, which is read as infinity.';
  yield `#N ${columns.length}`;
  yield `#L ${columns.map(({ name }) => name).join('  ')}`;
  for (let index = 0; index < table.points; index++) {
    for (const [number, { places, channels }] of spectra.entries()) yield* spectrumLines(`@A${number === 0 ? '' : number}`, await channelsOf(places[index] ?? null, channels, arrays));
    yield columns.map(({ at }) => numberText(at(index))).join(' ');
  }
  if (table.stop) yield `#C ${specDate(table.stop.time)}.  Run ended: ${table.stop.exit_status}${table.stop.reason ? ` (${oneLine(table.stop.reason)})` : ''}.`;
  yield '';
}

function hasGap(at: NumberColumn['at'], points: number): boolean {
  for (let index = 0; index < points; index++) if (Number.isNaN(at(index))) return true;
  return false;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** The scanned motors first, the main counter last, as SPEC's readers expect. */
function columnsOf(table: RunTable): NumberColumn[] {
  const start = table.checkedStart;
  const epoch = Math.floor(start.time);
  const motors = new Set(start.hints.dimensions.flatMap(([fields]) => fields));
  const numeric = [...table.columns].flatMap(([key, column]) => column.kind === 'number' ? [{ key, values: column.values }] : []);
  const main = table.descriptor?.hints[dataKeyName(start.detectors[0] ?? '')]?.fields[0];
  const numbers = (part: typeof numeric): NumberColumn[] => part.map(({ key, values }) => ({ name: specLabel(key), at: (index) => values[index] ?? Number.NaN }));
  return [
    ...numbers(numeric.filter(({ key }) => motors.has(key))),
    { name: 'Epoch', at: (index) => (table.time[index] ?? 0) - epoch },
    ...numbers(numeric.filter(({ key }) => !motors.has(key) && key !== main)),
    ...numbers(numeric.filter(({ key }) => !motors.has(key) && key === main)),
  ];
}

/** What is known of the start: the baseline, and where the scanned motors were at the first point. */
function positionsAtStart(table: RunTable): (readonly [string, number])[] {
  const positions = new Map<string, number>();
  const take = (stream: StreamTable | null | undefined, keys: readonly string[]): void => {
    for (const key of keys) {
      const column = stream?.columns.get(key);
      const value = column?.kind === 'number' ? column.values[0] : undefined;
      if (value !== undefined && !positions.has(specLabel(key))) positions.set(specLabel(key), value);
    }
  };
  const baseline = table.streams.get('baseline');
  take(baseline, [...baseline?.columns.keys() ?? []]);
  take(table.primary, table.checkedStart.motors.flatMap((motor) => table.descriptor?.object_keys[dataKeyName(motor)] ?? []));
  return [...positions];
}

function* rowsOf<T>(all: readonly T[]): Generator<readonly [number, readonly T[]], void, undefined> {
  for (let row = 0; row * motorsALine < all.length; row++) yield [row, all.slice(row * motorsALine, (row + 1) * motorsALine)];
}

function spectraOf(table: RunTable): Spectrum[] {
  return [...table.columns].flatMap(([name, column]) => {
    if (column.kind !== 'stored' || !column.values.every((place) => place === null || place.shape.length === 1)) return [];
    const channels = Math.max(0, ...column.values.map((place) => place?.shape[0] ?? 0));
    return channels > 0 ? [{ name, places: column.values, channels }] : [];
  });
}

/** All of one length, as SPEC has it; what was not measured is zero. */
async function channelsOf(place: ArrayPlace | null, channels: number, arrays: ArraysReader): Promise<readonly number[]> {
  const counts = place && await arrays.read(place);
  return Array.from({ length: channels }, (_, channel) => counts?.[channel] ?? 0);
}

function* spectrumLines(name: string, counts: readonly number[]): Generator<string, void, undefined> {
  const lines = wrapped(counts.map(numberText), 16);
  for (const [index, line] of lines.entries()) yield `${index === 0 ? name : ''} ${line}${index < lines.length - 1 ? '\\' : ''}`;
}
