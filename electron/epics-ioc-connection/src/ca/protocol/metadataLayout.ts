// Units, precision, limits and states in GR and CTRL payloads (EPICS base db_access.h, struct dbr_gr_* and dbr_ctrl_*).
import { decodeText, encodeTextUpTo } from '../../bytes/text';
import type { Limits, Metadata, NativeType } from '../../value';
import type { DbrType } from './dbrTypes';

type NumericBase = Exclude<NativeType, 'STRING' | 'ENUM'>;

const unitsSize = 8;
const stateSize = 26;
/** Most states of an enum. */
export const maxStates = 16;
const statesOffset = 6;

const readers: Readonly<Record<NumericBase, (view: DataView, at: number) => number>> = {
  SHORT: (view, at) => view.getInt16(at),
  FLOAT: (view, at) => view.getFloat32(at),
  CHAR: (view, at) => view.getUint8(at),
  LONG: (view, at) => view.getInt32(at),
  DOUBLE: (view, at) => view.getFloat64(at),
};
const writers: Readonly<Record<NumericBase, (view: DataView, at: number, value: number) => void>> = {
  SHORT: (view, at, value) => view.setInt16(at, value),
  FLOAT: (view, at, value) => view.setFloat32(at, value),
  CHAR: (view, at, value) => view.setUint8(at, value),
  LONG: (view, at, value) => view.setInt32(at, value),
  DOUBLE: (view, at, value) => view.setFloat64(at, value),
};

/** In wire order. The control pair is in CTRL only. */
const limitOrder: readonly { readonly pair: 'display' | 'alarm' | 'warning' | 'control'; readonly end: keyof Limits }[] = [
  { pair: 'display', end: 'high' }, { pair: 'display', end: 'low' },
  { pair: 'alarm', end: 'high' }, { pair: 'warning', end: 'high' }, { pair: 'warning', end: 'low' }, { pair: 'alarm', end: 'low' },
  { pair: 'control', end: 'high' }, { pair: 'control', end: 'low' },
];

const isFloating = (base: NativeType): boolean => base === 'FLOAT' || base === 'DOUBLE';

export function readMetadata(type: DbrType, bytes: Uint8Array, view: DataView, start: number): Metadata {
  if (type.base === 'STRING') return {};
  if (type.base === 'ENUM') return { states: readStates(bytes, view, start) };
  const floating = isFloating(type.base);
  const unitsAt = start + (floating ? 8 : 4);
  const units = decodeText(bytes, unitsAt, unitsAt + unitsSize);
  const read = readers[type.base];
  const size = type.elementSize;
  const at = unitsAt + unitsSize;
  const limits = {
    display: { high: read(view, at), low: read(view, at + size) },
    alarm: { high: read(view, at + 2 * size), low: read(view, at + 5 * size) },
    warning: { high: read(view, at + 3 * size), low: read(view, at + 4 * size) },
  };
  return {
    units,
    ...(floating ? { precision: view.getInt16(start + 4) } : {}),
    ...limits,
    ...(type.form === 'ctrl' ? { control: { high: read(view, at + 6 * size), low: read(view, at + 7 * size) } } : {}),
  };
}

export function writeMetadata(type: DbrType, metadata: Metadata, bytes: Uint8Array, view: DataView, start: number): void {
  if (type.base === 'STRING') return;
  if (type.base === 'ENUM') return writeStates(metadata.states ?? [], bytes, view, start);
  const floating = isFloating(type.base);
  if (floating) view.setInt16(start + 4, metadata.precision ?? 0);
  const unitsAt = start + (floating ? 8 : 4);
  bytes.set(encodeTextUpTo(metadata.units ?? '', unitsSize - 1), unitsAt);
  const write = writers[type.base];
  const unsetAlarm = floating ? NaN : 0;
  let at = unitsAt + unitsSize;
  for (const { pair, end } of limitOrder) {
    if (pair === 'control' && type.form !== 'ctrl') continue;
    const unset = pair === 'alarm' || pair === 'warning' ? unsetAlarm : 0;
    write(view, at, metadata[pair]?.[end] ?? unset);
    at += type.elementSize;
  }
}

function readStates(bytes: Uint8Array, view: DataView, start: number): string[] {
  const count = Math.min(Math.max(view.getInt16(start + 4), 0), maxStates);
  const states: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const at = start + statesOffset + i * stateSize;
    states.push(decodeText(bytes, at, at + stateSize));
  }
  return states;
}

function writeStates(states: readonly string[], bytes: Uint8Array, view: DataView, start: number): void {
  const count = Math.min(states.length, maxStates);
  view.setInt16(start + 4, count);
  for (let i = 0; i < count; i += 1) {
    bytes.set(encodeTextUpTo(states[i] as string, stateSize - 1), start + statesOffset + i * stateSize);
  }
}
