// The fields of a simulated motor record: names, types, metadata. Behaviour is in motorRecord.ts.
import type { Metadata, NativeType, PvValue } from 'epics-ioc-connection';
import type { RecordTable } from '../records/recordTable';
import { noAlarm, type Alarm, type SimRecord } from '../records/simRecord';

export interface MotorOptions {
  name: string;
  description: string;
  units: string;
  /** Digits after the point. */
  precision: number;
  position: number;
  low: number;
  high: number;
  /** Units per second. */
  speed: number;
  /** Seconds from rest to speed. */
  accelerationTime: number;
}

/** Fields that carry the motor's units, precision and limits. */
const positionFields = ['VAL', 'RBV', 'DVAL', 'DRBV', 'HLM', 'LLM', 'DHLM', 'DLLM'] as const;
const distanceFields = ['TWV', 'RDBD', 'MRES', 'OFF'] as const;
/** Their unit is EGU/sec, as the motor record has it. */
const speedFields = ['VELO', 'VBAS', 'VMAX'] as const;

const descriptions = {
  VAL: 'position', RBV: 'readback', DVAL: 'dial position', DRBV: 'dial readback', DMOV: 'done moving', MOVN: 'moving',
  STOP: 'stop', SPMG: 'Stop, Pause, Move or Go', HLM: 'high soft limit', LLM: 'low soft limit', DHLM: 'dial high limit',
  DLLM: 'dial low limit', VELO: 'speed, per second', VBAS: 'base speed, per second', VMAX: 'largest speed, per second',
  ACCL: 'time to speed', EGU: 'units', PREC: 'digits after the point', DESC: 'description', RTYP: 'record type', NAME: 'record name',
  TWV: 'tweak step', TWF: 'tweak forward', TWR: 'tweak back', HLS: 'at high limit switch', LLS: 'at low limit switch',
  LVIO: 'limit violation', RDBD: 'retry deadband', MRES: 'step size', OFF: 'user offset', DIR: 'user direction', TDIR: 'direction of travel',
  SET: 'use or set', FOFF: 'offset mode', HOMF: 'home forward', HOMR: 'home back',
} as const;
export type MotorField = keyof typeof descriptions;

export type FieldWriters = Partial<Record<MotorField, (value: PvValue) => void | Promise<void>>>;

function definitions(options: MotorOptions): Record<MotorField, [type: NativeType, initial: PvValue, states?: readonly string[]]> {
  const { position, high, low, speed } = options;
  return {
    VAL: ['DOUBLE', position], RBV: ['DOUBLE', position], DVAL: ['DOUBLE', position], DRBV: ['DOUBLE', position],
    DMOV: ['SHORT', 1], MOVN: ['SHORT', 0], STOP: ['SHORT', 0], SPMG: ['ENUM', 3, ['Stop', 'Pause', 'Move', 'Go']],
    HLM: ['DOUBLE', high], LLM: ['DOUBLE', low], DHLM: ['DOUBLE', high], DLLM: ['DOUBLE', low],
    VELO: ['DOUBLE', speed], VBAS: ['DOUBLE', 0], VMAX: ['DOUBLE', 4 * speed], ACCL: ['DOUBLE', options.accelerationTime],
    EGU: ['STRING', options.units], PREC: ['SHORT', options.precision], DESC: ['STRING', options.description],
    RTYP: ['STRING', 'motor'], NAME: ['STRING', options.name],
    TWV: ['DOUBLE', 10 ** (2 - options.precision)], TWF: ['SHORT', 0], TWR: ['SHORT', 0], HLS: ['SHORT', 0], LLS: ['SHORT', 0],
    LVIO: ['SHORT', 0], RDBD: ['DOUBLE', 10 ** -options.precision], MRES: ['DOUBLE', 10 ** (-options.precision - 1)],
    OFF: ['DOUBLE', 0], DIR: ['ENUM', 0, ['Pos', 'Neg']], TDIR: ['SHORT', 0],
    SET: ['ENUM', 0, ['Use', 'Set']], FOFF: ['ENUM', 0, ['Variable', 'Frozen']], HOMF: ['SHORT', 0], HOMR: ['SHORT', 0],
  };
}

export class MotorFields {
  private readonly records = new Map<MotorField, SimRecord>();
  private alarm = noAlarm;

  constructor(table: RecordTable, private readonly options: MotorOptions, writers: FieldWriters) {
    for (const [key, [type, initial, states]] of Object.entries(definitions(options))) {
      const field = key as MotorField;
      const onWrite = writers[field];
      this.records.set(field, table.add({
        name: `${options.name}.${field}`, type, initial, description: `${options.description}: ${descriptions[field]}`,
        metadata: states ? { states } : {}, ...(onWrite ? { onWrite } : {}),
      }));
    }
    table.alias(options.name, `${options.name}.VAL`);
    this.refreshMetadata();
  }

  get(field: MotorField): number {
    return this.record(field).number;
  }

  set(field: MotorField, value: PvValue): void {
    this.record(field).set(value);
  }

  /** A record has one alarm, which all its fields show. */
  setAlarm(alarm: Alarm): void {
    if (alarm.severity === this.alarm.severity && alarm.status === this.alarm.status) return;
    this.alarm = alarm;
    for (const record of this.records.values()) record.setAlarm(alarm);
  }

  /** Carries EGU, PREC, HLM and LLM into the metadata of the fields that show positions. */
  refreshMetadata(): void {
    const about = { units: this.record('EGU').value as string, precision: this.get('PREC') };
    const range = { low: this.get('LLM'), high: this.get('HLM') };
    for (const field of positionFields) {
      const limits: Metadata = field === 'VAL' || field === 'DVAL' ? { display: range, control: range } : { display: range };
      this.record(field).setMetadata({ ...about, ...limits });
    }
    for (const field of distanceFields) this.record(field).setMetadata({ ...about, display: { low: 0, high: Math.abs(range.high - range.low) } });
    const speed = { units: about.units && `${about.units}/sec`, precision: about.precision, display: { low: 0, high: this.get('VMAX') } };
    for (const field of speedFields) this.record(field).setMetadata(speed);
    this.record('ACCL').setMetadata({ units: 's', precision: 3, display: { low: 0, high: 10 } });
  }

  get name(): string {
    return this.options.name;
  }

  private record(field: MotorField): SimRecord {
    return this.records.get(field)!;
  }
}
