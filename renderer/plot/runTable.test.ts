import type { DataKey, RunData, RunDocument } from '@shared/documents';
import { describe, expect, it } from 'vitest';
import { RunTable } from './runTable';

const key = (name: string, dtype: DataKey['dtype'] = 'number'): DataKey => ({ source: 'x', dtype, shape: [], object_name: name });
const dataKeys = {
  M1: key('M1'), M1_setpoint: key('M1'), det_total: key('det'), det_mean: key('det'), det_image: key('det', 'array'), scaler_clock: key('scaler'), scaler_I0: key('scaler'), scaler_I1: key('scaler'), plain: { ...key(''), object_name: undefined },
} as unknown as Readonly<Record<string, DataKey>>;
const start = { uid: 'r', time: 0, scan_id: 1, plan_name: 'scan', plan_args: {}, detectors: ['det', 'scaler', 'plain'], motors: ['M1'], hints: { dimensions: [[['M1'], 'primary']] } } as const;
const roles = (table: RunTable): string[] => table.fields.map(({ name, role }) => `${name} ${role}`);

describe('what a run is there for', () => {
  const told = ['M1 motor', 'M1_setpoint motor', 'det_total detector', 'det_mean besides', 'scaler_clock besides', 'scaler_I0 detector', 'scaler_I1 detector', 'plain detector'];
  const hints = { det: { fields: ['det_total'] }, scaler: { fields: ['scaler_I0', 'scaler_I1'] }, M1: { fields: ['M1'] } };

  it('are the hints of its devices, as it is measured and as it is read again', () => {
    const live = new RunTable();
    const documents: RunDocument[] = [{ name: 'start', doc: start }, { name: 'descriptor', doc: { uid: 'd', run_start: 'r', time: 0, name: 'primary', data_keys: dataKeys, object_keys: {}, configuration: {}, hints } }];
    for (const document of documents) live.apply(document);
    expect(roles(live)).toEqual(told);
    const columns = Object.fromEntries(Object.keys(dataKeys).filter((name) => name !== 'det_image').map((name) => [name, Float64Array.of(1)]));
    expect(roles(RunTable.of({ summary: {} as RunData['summary'], start, dataKeys, hints, columns, time: Float64Array.of(1) }))).toEqual(told);
  });

  it('is the first number of a device that hints at none', () => {
    const columns = Object.fromEntries(Object.keys(dataKeys).map((name) => [name, Float64Array.of(1)]));
    const table = RunTable.of({ summary: {} as RunData['summary'], start, dataKeys: dataKeys, columns, time: Float64Array.of(1) });
    expect(roles(table).filter((role) => role.endsWith('detector'))).toEqual(['det_total detector', 'scaler_clock detector', 'plain detector']);
  });
});
