// NTScalar, NTScalarArray and NTEnum, to serve or to write (EPICS V4 Normative Types). Pure.
import { array, scalar, structure } from '../pva/protocol';
import type { AnyValue, Field, PvaInput, PvaStructure, ScalarType } from '../pva/protocol';
import { alarmType, controlType, displayType, enumType, timeType, valueAlarmType } from '../pva/server/normative/parts';

/** Which optional parts the type has. */
export interface NtParts { readonly alarm?: boolean; readonly timeStamp?: boolean; readonly display?: boolean; readonly control?: boolean; readonly valueAlarm?: boolean; readonly descriptor?: boolean }

function parts({ alarm = true, timeStamp = true, ...wanted }: NtParts): Record<string, Field> {
  return {
    ...(wanted.descriptor ? { descriptor: scalar('string') } : {}), ...(alarm ? { alarm: alarmType } : {}), ...(timeStamp ? { timeStamp: timeType } : {}),
    ...(wanted.display ? { display: displayType } : {}), ...(wanted.control ? { control: controlType } : {}), ...(wanted.valueAlarm ? { valueAlarm: valueAlarmType } : {}),
  };
}

/** Alarm and time stamp are part of it unless said otherwise. */
export function ntScalar(type: ScalarType, value: PvaInput, wanted: NtParts = {}): AnyValue {
  return { field: structure('epics:nt/NTScalar:1.0', { value: scalar(type), ...parts(wanted) }), value: { value } as PvaStructure };
}

export function ntScalarArray(type: ScalarType, value: PvaInput, wanted: NtParts = {}): AnyValue {
  return { field: structure('epics:nt/NTScalarArray:1.0', { value: array(type), ...parts(wanted) }), value: { value } as PvaStructure };
}

export function ntEnum(choices: readonly string[], index = 0, wanted: Pick<NtParts, 'alarm' | 'timeStamp' | 'descriptor'> = {}): AnyValue {
  return { field: structure('epics:nt/NTEnum:1.0', { value: enumType, ...parts(wanted) }), value: { value: { index, choices } } };
}
