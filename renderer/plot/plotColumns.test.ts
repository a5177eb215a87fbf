import type { RunDocument } from '@shared/documents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultChoice, derivative, elapsedTime, extendedOrder, fitChoice, nearestPoint, plotData, PlotColumns, pointNumber } from './plotColumns';
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
    const data = plotData(table(event(1, 10, 4), event(2, 20, 5), event(3, 1, 0)), { x: 'M1', ys: ['I1'], divideBy: 'I0', derivative: false, logY: false });
    expect(data.ys[0]).toMatchObject({ name: 'I1 / I0', units: '' });
    expect([...data.ys[0]!.values]).toEqual([2.5, 4, NaN]);
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

  it('orders any x, what is no number last, and the same whether it came at once or bit by bit', () => {
    const numbers = fc.oneof({ arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }), weight: 5 }, fc.constantFrom(NaN, 0, 1));
    fc.assert(fc.property(fc.array(fc.array(numbers, { maxLength: 20 }), { maxLength: 6 }), (parts) => {
      const x = Float64Array.from(parts.flat());
      const order = extendedOrder(new Uint32Array(0), x);
      expect([...order].sort((a, b) => a - b)).toEqual([...x.keys()]);
      const sorted = [...order].map((index) => x[index]!).filter((value) => !Number.isNaN(value));
      for (let index = 1; index < sorted.length; index++) expect(sorted[index]! >= sorted[index - 1]!).toBe(true);
      let grown = new Uint32Array(0);
      let length = 0;
      for (const part of parts) grown = extendedOrder(grown, x.subarray(0, length += part.length)) as Uint32Array<ArrayBuffer>;
      expect(grown).toEqual(order);
    }));
  });

  it('of a run that goes on are those of the whole run, whatever was asked for before', () => {
    const points = fc.array(fc.tuple(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant(NaN)), fc.integer({ min: -5, max: 5 }), fc.integer({ min: -2, max: 2 })), { maxLength: 25 });
    const choices = fc.record({ x: fc.constantFrom('M1', pointNumber, elapsedTime), ys: fc.constantFrom(['I1'], ['I1', 'I0'], []), divideBy: fc.constantFrom('', 'I0'), derivative: fc.boolean(), logY: fc.constant(false) });
    fc.assert(fc.property(fc.array(fc.tuple(points, choices, fc.boolean()), { maxLength: 6 }), (steps) => {
      const [own, columns] = [table(), new PlotColumns()];
      let seq = 0;
      for (const [all, choice, isAscending] of steps) {
        for (const [m1, i1, i0] of all) own.apply(event(isAscending ? ++seq * 100 : m1, i1, i0, 'd', ++seq));
        expect(columns.of(own, choice)).toEqual(plotData(own, choice));
      }
    }));
  });

  it('keeps the memory of what grows, and tells what of it is settled', () => {
    const [own, columns] = [table(event(1, 1, 1, 'd', 1), event(2, 3, 1, 'd', 2)), new PlotColumns()];
    const choice = { x: elapsedTime, ys: ['I1'], divideBy: 'I0', derivative: true, logY: false };
    const before = columns.of(own, choice);
    own.apply(event(3, 10, 1, 'd', 3));
    const after = columns.of(own, choice);
    expect(after.x.values.buffer).toBe(before.x.values.buffer);
    expect(after.ys[0]!.values.buffer).toBe(before.ys[0]!.values.buffer);
    expect(before.ys[0]!.settled).toBe(1);
    expect([...after.ys[0]!.values]).toEqual([2, 4.5, 7]);
  });

  it('finds the point next to a place', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 30 }), fc.integer({ min: -60, max: 60 }), (all, at) => {
      const x = Float64Array.from(all).sort();
      const found = nearestPoint(x, at);
      if (all.length === 0) expect(found).toBe(-1);
      else expect(Math.abs(x[found]! - at)).toBe(Math.min(...all.map((one) => Math.abs(one - at))));
    }));
  });
});
