import type { RunDocument } from '@shared/documents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascending, defaultChoice, derivative, elapsedTime, fitChoice, plotData, pointNumber, ratio } from './plotColumns';
import { RunTable } from './runTable';

const start: RunDocument = {
  name: 'start',
  doc: { uid: 'r', time: 1000, scan_id: 1, plan_name: 'scan', plan_args: {}, detectors: ['I1', 'I0'], motors: ['M1'], num_points: 3, hints: { dimensions: [[['M1'], 'primary']] } },
};
const descriptor = (uid: string, name: string): RunDocument => ({
  name: 'descriptor',
  doc: {
    uid, run_start: 'r', time: 1000, name, object_keys: { M1: ['M1'], I1: ['I1'], I0: ['I0'], note: ['note'], image: ['image'] }, configuration: {}, hints: {},
    data_keys: {
      M1: { source: 'ca://M1', dtype: 'number', shape: [], units: 'mm', precision: 4 }, I1: { source: 'ca://I1', dtype: 'number', shape: [], units: 'counts' },
      I0: { source: 'ca://I0', dtype: 'integer', shape: [], units: 'counts' }, note: { source: 'x', dtype: 'string', shape: [] }, image: { source: 'x', dtype: 'array', shape: [4, 4] },
    },
  },
});
const event = (m1: number, i1: number, i0: number, descriptorUid = 'd', seq = 1): RunDocument => ({
  name: 'event', doc: { uid: 'e', descriptor: descriptorUid, time: 1000 + seq, seq_num: seq, data: { M1: m1, I1: i1, I0: i0, note: 'a' }, timestamps: {} },
});

function table(...documents: RunDocument[]): RunTable {
  const own = new RunTable();
  for (const document of [start, descriptor('d', 'primary'), ...documents]) own.apply(document);
  return own;
}

describe('RunTable', () => {
  it('makes columns of the primary stream only', () => {
    const own = table(descriptor('b', 'baseline'), event(1, 10, 2), event(9, 9, 9, 'b'));
    expect(own.rows).toBe(1);
    expect([...own.numbers('I1')!]).toEqual([10]);
    expect(own.texts('note')).toEqual(['a']);
    expect(own.fields.map((field) => `${field.name} ${field.role}`)).toEqual(['M1 motor', 'I1 detector', 'I0 detector', 'note detector']);
  });

  it('keeps every point when a column grows, and has NaN where a point lacks a value', () => {
    const own = table();
    for (let index = 0; index < 1000; index++) own.apply(event(index, index * 2, 1));
    own.apply({ name: 'event', doc: { uid: 'e', descriptor: 'd', time: 1, seq_num: 1001, data: { M1: 5 }, timestamps: {} } });
    expect(own.rows).toBe(1001);
    expect(own.numbers('I1')![999]).toBe(1998);
    expect(own.numbers('I1')![1000]).toBeNaN();
  });
});

describe('plot columns', () => {
  it('shows the detectors against the scanned motor at first, against time where nothing moves', () => {
    expect(defaultChoice(table())).toMatchObject({ x: 'M1', ys: ['I1', 'I0'] });
    const still = new RunTable();
    still.apply({ name: 'start', doc: { ...(start.doc as Extract<RunDocument, { name: 'start' }>['doc']), motors: [], hints: { dimensions: [] } } });
    still.apply(descriptor('d', 'primary'));
    expect(defaultChoice(still).x).toBe(elapsedTime);
  });

  it('keeps of an earlier choice what the next run has too', () => {
    const before = { x: pointNumber, ys: ['I0', 'gone'], divideBy: 'gone', derivative: true, logY: true };
    expect(fitChoice(before, table())).toEqual({ x: pointNumber, ys: ['I0'], divideBy: '', derivative: true, logY: true });
    expect(fitChoice({ ...before, x: 'gone', ys: ['gone'] }, table())).toMatchObject({ x: 'M1', ys: ['I1', 'I0'] });
  });

  it('draws a scan from high to low with x ascending and each y still at its x', () => {
    const data = plotData(table(event(3, 30, 3), event(2, 20, 2), event(1, 10, 1)), { x: 'M1', ys: ['I1'], divideBy: '', derivative: false, logY: false });
    expect([[...data.x.values], [...data.ys[0]!.values]]).toEqual([[1, 2, 3], [10, 20, 30]]);
    expect(data.x.units).toBe('mm');
    expect(data.newest).toBe(0);
  });

  it('divides point by point, has no number where the divisor is 0', () => {
    expect([...ratio(Float64Array.of(4, 9, 1), Float64Array.of(2, 3, 0))]).toEqual([2, 3, NaN]);
    const data = plotData(table(event(1, 10, 4), event(2, 20, 5)), { x: 'M1', ys: ['I1'], divideBy: 'I0', derivative: false, logY: false });
    expect(data.ys[0]).toMatchObject({ name: 'I1 / I0', units: '' });
    expect([...data.ys[0]!.values]).toEqual([2.5, 4]);
  });

  it('derives in the unit of y over the unit of x', () => {
    const data = plotData(table(event(0, 0, 1), event(1, 2, 1), event(3, 6, 1)), { x: 'M1', ys: ['I1'], divideBy: '', derivative: true, logY: false });
    expect([...data.ys[0]!.values]).toEqual([2, 2, 2]);
    expect(data.ys[0]!.units).toBe('counts/mm');
    expect(derivative(Float64Array.of(1), Float64Array.of(5))[0]).toBeNaN();
  });

  it('counts points from 1 and time from the start of the run', () => {
    const own = table(event(1, 1, 1, 'd', 1), event(2, 1, 1, 'd', 2));
    const x = (name: string) => [...plotData(own, { x: name, ys: [], divideBy: '', derivative: false, logY: false }).x.values];
    expect(x(pointNumber)).toEqual([1, 2]);
    expect(x(elapsedTime)).toEqual([1, 2]);
  });

  it('orders any x', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true })), (values) => {
      const x = Float64Array.from(values);
      const order = ascending(x);
      const sorted = order ? Float64Array.from(order, (index) => x[index]!) : x;
      for (let index = 1; index < sorted.length; index++) expect(sorted[index]! >= sorted[index - 1]!).toBe(true);
      if (order) expect(new Set(order).size).toBe(x.length);
    }));
  });
});
