// A server PV's type and state as NTScalar, NTScalarArray or NTEnum (EPICS V4 Normative Types). PURE.
import type { ServerPvState } from '../../../api';
import type { Metadata, NativeType, PvValue } from '../../../value';
import { array, scalar, structure } from '../../protocol';
import type { Field, ScalarType, StructureField } from '../../protocol';
import type { PvaData, PvaStructure } from '../../protocol';
import { alarmType, alarmValue, controlType, displayForms, displayType, enumType, textDisplayType, timeType, timeValue, valueAlarmType } from './parts';

/** CHAR holds 0 to 255; an array of ENUM has no choices to say, so its numbers are sent. */
const scalarTypes: Readonly<Record<NativeType, ScalarType>> = {
  STRING: 'string', SHORT: 'short', FLOAT: 'float', ENUM: 'ushort', CHAR: 'ubyte', LONG: 'int', DOUBLE: 'double',
};
const known = new Map<string, StructureField>();

/** What a normative type is made of: `count` 1 is a scalar. */
export interface ScalarShape { readonly type: NativeType; readonly count: number; readonly description: string }

/** The same object for the same shape, so that a connection describes it once. */
export function normativeType({ type, count }: Pick<ScalarShape, 'type' | 'count'>): StructureField {
  const key = `${type} ${count > 1}`;
  const found = known.get(key);
  if (found) return found;
  const made = makeType(type, count > 1);
  known.set(key, made);
  return made;
}

function makeType(type: NativeType, many: boolean): StructureField {
  const common = { alarm: alarmType, timeStamp: timeType };
  if (type === 'ENUM' && !many) return structure('epics:nt/NTEnum:1.0', { value: enumType, ...common, display: textDisplayType });
  const value: Field = many ? array(scalarTypes[type]) : scalar(scalarTypes[type]);
  const metadata: Record<string, Field> = type === 'STRING'
    ? { display: textDisplayType }
    : { display: displayType, control: controlType, valueAlarm: valueAlarmType };
  return structure(many ? 'epics:nt/NTScalarArray:1.0' : 'epics:nt/NTScalar:1.0', { value, ...common, ...metadata });
}

/** The whole structure. */
export function normativeValue(shape: ScalarShape, state: ServerPvState): PvaStructure {
  return {
    value: valuePart(shape, state.value, state.metadata),
    alarm: alarmValue(state.severity, state.status),
    timeStamp: timeValue(state.timestamp ?? { seconds: 0, nanoseconds: 0 }),
    ...metadataParts(shape, state.metadata),
  };
}

export function valuePart({ type, count }: ScalarShape, value: PvValue, { states }: Metadata): PvaData {
  if (count > 1) return typeof value === 'number' || typeof value === 'string' ? [value] as unknown as PvaData : value;
  const single = typeof value === 'number' || typeof value === 'string' ? value : value[0] ?? (type === 'STRING' ? '' : 0);
  return type === 'ENUM' ? { index: single, choices: states ?? [] } : single;
}

/** display, control and valueAlarm, as far as the type has them. Limits that there are none of are 0, alarm limits NaN. */
export function metadataParts({ type, count, description }: ScalarShape, metadata: Metadata): PvaStructure {
  const units = metadata.units ?? '';
  if (type === 'STRING' || (type === 'ENUM' && count === 1)) return { display: { description, units } };
  const { display, control, warning, alarm } = metadata;
  return {
    display: {
      limitLow: display?.low ?? 0, limitHigh: display?.high ?? 0, description, units, precision: metadata.precision ?? 0,
      form: { index: 0, choices: displayForms },
    },
    control: { limitLow: control?.low ?? 0, limitHigh: control?.high ?? 0, minStep: 0 },
    valueAlarm: {
      active: warning !== undefined || alarm !== undefined,
      lowAlarmLimit: alarm?.low ?? NaN, lowWarningLimit: warning?.low ?? NaN, highWarningLimit: warning?.high ?? NaN, highAlarmLimit: alarm?.high ?? NaN,
      lowAlarmSeverity: alarm ? 2 : 0, lowWarningSeverity: warning ? 1 : 0, highWarningSeverity: warning ? 1 : 0, highAlarmSeverity: alarm ? 2 : 0,
      hysteresis: 0,
    },
  };
}
