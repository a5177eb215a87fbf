// The structures that normative types share (EPICS V4 Normative Types, "Property fields"), and alarms in pvAccess's own words.
import { alarmStatuses, severities } from '../../../value';
import type { AlarmStatus, Severity, Timestamp } from '../../../value';
import { array, scalar, structure } from '../../protocol';
import type { PvaStructure } from '../../protocol';

export const alarmType = structure('alarm_t', { severity: scalar('int'), status: scalar('int'), message: scalar('string') });
export const timeType = structure('time_t', { secondsPastEpoch: scalar('long'), nanoseconds: scalar('int'), userTag: scalar('int') });
export const enumType = structure('enum_t', { index: scalar('int'), choices: array('string') });
export const displayType = structure('display_t', {
  limitLow: scalar('double'), limitHigh: scalar('double'), description: scalar('string'), units: scalar('string'), precision: scalar('int'), form: enumType,
});
/** Of what is no number: a text, a choice. */
export const textDisplayType = structure('', { description: scalar('string'), units: scalar('string') });
export const controlType = structure('control_t', { limitLow: scalar('double'), limitHigh: scalar('double'), minStep: scalar('double') });
export const valueAlarmType = structure('valueAlarm_t', {
  active: scalar('boolean'), lowAlarmLimit: scalar('double'), lowWarningLimit: scalar('double'), highWarningLimit: scalar('double'),
  highAlarmLimit: scalar('double'), lowAlarmSeverity: scalar('int'), lowWarningSeverity: scalar('int'), highWarningSeverity: scalar('int'),
  highAlarmSeverity: scalar('int'), hysteresis: scalar('double'),
});

/** Choices of `display.form`, as QSRV offers them. */
export const displayForms = ['Default', 'String', 'Binary', 'Decimal', 'Hex', 'Exponential', 'Engineering'] as const;

/** Where in the system an alarm came from (Normative Types, "alarm_t"): none, device, driver, record, database. */
const device: readonly AlarmStatus[] = ['READ', 'WRITE', 'HIHI', 'HIGH', 'LOLO', 'LOW', 'STATE', 'COS', 'HWLIMIT'];
const driver: readonly AlarmStatus[] = ['COMM', 'TIMEOUT', 'UDF'];
const record: readonly AlarmStatus[] = ['CALC', 'SCAN', 'LINK', 'SOFT', 'BAD_SUB'];
const origins: readonly number[] = alarmStatuses.map((status) =>
  status === 'NO_ALARM' ? 0 : device.includes(status) ? 1 : driver.includes(status) ? 2 : record.includes(status) ? 3 : 4);

/** The record's status travels as the message, as QSRV does it: `status` has no numbers for it. */
export function alarmValue(severity: Severity, status: AlarmStatus): PvaStructure {
  return { severity: severities.indexOf(severity), status: origins[alarmStatuses.indexOf(status)] ?? 6, message: status };
}

export function timeValue(timestamp: Timestamp): PvaStructure {
  return { secondsPastEpoch: timestamp.seconds, nanoseconds: timestamp.nanoseconds, userTag: 0 };
}
