// The area detector's settings: each an areaDetector pair, the setpoint and its `_RBV`.
import { addEnum, addNumber } from '../records/pvKinds';
import type { SimRecord } from '../records/simRecord';
import type { SimContext } from '../simContext';

export const camera = 'SIM:DET1:cam1:';
export const image = 'SIM:DET1:image1:';
export const statistics = 'SIM:DET1:stats1:';

export interface NumberSetting {
  description: string;
  units: string;
  precision?: number;
  low: number;
  high: number;
  initial: number;
}

export interface Setting { readonly value: number; set(value: number): void }

function pair(setpoint: SimRecord, readback: SimRecord): Setting {
  return {
    get value() {
      return setpoint.number;
    },
    set(value) {
      setpoint.set(value);
      readback.set(value);
    },
  };
}

/** A setting of the camera that is what one writes, at once. */
export function addSetting(context: SimContext, name: string, setting: NumberSetting, onChange?: () => void): Setting {
  const { description, precision } = setting;
  const about = { ...setting, precision: precision ?? 0, integer: precision === undefined };
  const readback = addNumber(context, { ...about, name: `${camera}${name}_RBV`, description: `${description}, readback` });
  const setpoint = addNumber(context, {
    ...about, name: `${camera}${name}`,
    onWrite: (value) => {
      both.set(value);
      onChange?.();
    },
  });
  const both = pair(setpoint, readback);
  return both;
}

export function addChoice(context: SimContext, name: string, description: string, states: readonly string[], initial: number): Setting {
  const readback = addEnum(context, { name: `${camera}${name}_RBV`, description: `${description}, readback`, states, initial });
  const setpoint = addEnum(context, { name: `${camera}${name}`, description, states, initial, onWrite: (index) => both.set(index) });
  const both = pair(setpoint, readback);
  return both;
}

/** A number that only the detector sets. */
export function addReadback(context: SimContext, name: string, description: string, initial = 0, units = '', precision?: number): SimRecord {
  return addNumber(context, {
    name, description, units, initial, precision: precision ?? 0, integer: precision === undefined, low: 0, high: precision === undefined ? 2 ** 31 - 1 : 1e9,
  });
}

export function addText(context: SimContext, name: string, text: string, description: string): SimRecord {
  return context.records.add({ name, type: 'STRING', description, initial: text });
}
