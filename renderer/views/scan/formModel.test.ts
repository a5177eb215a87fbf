import { planDescriptions, type PlanDescription } from '@shared/plans';
import { describe, expect, it } from 'vitest';
import { checkForm, initialValues, newRow, planArgs, valuesOf } from './formModel';

const plan = (name: string): PlanDescription => {
  const found = planDescriptions.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

function scanForm() {
  const values = initialValues(plan('scan'));
  values.detectors.push('SIM:I1');
  values.axes[0] = { motor: ' SIM:M1 ', start: '0', stop: '2.5' };
  return values;
}

describe('form of a plan', () => {
  it('begins with the initial values of the plan, a row of axes, two for a grid', () => {
    expect(initialValues(plan('scan'))).toEqual({ detectors: [], axes: [{ motor: '', start: '', stop: '' }], rows: {}, numbers: { num: '51' }, booleans: {}, nested: {} });
    expect(initialValues(plan('grid_scan')).axes).toHaveLength(2);
    expect(initialValues(plan('grid_scan')).axes[0]).toEqual({ motor: '', start: '', stop: '', num: '11', snake: 'false' });
    expect(initialValues(plan('count')).axes).toEqual([]);
  });

  it('makes the request', () => {
    expect(checkForm(plan('scan'), scanForm())).toEqual({
      request: { plan: 'scan', args: { detectors: ['SIM:I1'], num: 51, axes: [{ motor: 'SIM:M1', start: 0, stop: 2.5 }] } }, problems: {},
    });
  });

  it('says at each field what is wrong with it', () => {
    const values = scanForm();
    values.detectors = [];
    values.axes[0] = { motor: '', start: '1,5', stop: '' };
    values.numbers['num'] = '2.5';
    const { request, problems } = checkForm(plan('scan'), values);
    expect(request).toBeNull();
    expect(problems).toEqual({
      detectors: 'Choose at least one detector.', 'axes.0.motor': 'Name a device or a PV.', 'axes.0.start': 'Enter a number.', 'axes.0.stop': 'Enter a number.', num: 'Enter a whole number.',
    });
  });

  it('asks for a file by its name', () => {
    expect(checkForm(plan('include'), initialValues(plan('include'))).problems).toEqual({ file: 'Name a plan file.' });
  });

  it('does not let a motor be in two rows', () => {
    const values = scanForm();
    values.axes.push({ motor: 'SIM:M1', start: '0', stop: '1' });
    expect(checkForm(plan('scan'), values).problems).toEqual({ 'axes.1.motor': 'SIM:M1 is in another row already.' });
  });

  it('keeps detectors and axes when the plan changes, and adds what the new one needs', () => {
    const grid = initialValues(plan('grid_scan'), scanForm());
    expect(grid.detectors).toEqual(['SIM:I1']);
    expect(grid.axes).toEqual([{ motor: ' SIM:M1 ', start: '0', stop: '2.5', num: '11', snake: 'false' }, newRow(plan('grid_scan'))]);
    const move = initialValues(plan('move'), grid);
    expect(planArgs(plan('move'), move)['axes']).toEqual([{ motor: 'SIM:M1', position: undefined }, { motor: '', position: undefined }]);
  });

  it('is the inverse of making the arguments, for every plan', () => {
    for (const { name } of planDescriptions) {
      const values = initialValues(plan(name), scanForm());
      values.axes.forEach((row, index) => {
        for (const column of Object.keys(row)) row[column] = { motor: `SIM:M${index + 1}`, positions: '1, -2.5,3', range: '2', num: '5', snake: 'true' }[column] ?? '1';
      });
      for (const row of Object.values(values.rows).flat()) Object.assign(row, { start: '7100', stop: '7120', step: '0.5', dwell: '0.1' });
      for (const field of plan(name).fields) if (field.kind === 'number' && values.numbers[field.name] === '') values.numbers[field.name] = field.name === 'max_step' ? '0.5' : '0.1';
      const inner = { plan: 'sleep', args: { seconds: 1 } };
      const nested = () => valuesOf(plan('loop'), { plan: inner }).nested['plan'] ?? [];
      for (const field of plan(name).fields) if (field.kind === 'plan' || field.kind === 'plans') values.nested[field.name] = field.kind === 'plan' ? nested() : [...nested(), ...nested()];
      const texts: Record<string, string> = { file: 'mine.ts', source: 'export default function* plan() {\n}\n' };
      for (const field of plan(name).fields) if (texts[field.kind] !== undefined) values.numbers[field.name] = texts[field.kind]!;
      const { request, problems } = checkForm(plan(name), values);
      expect([name, problems]).toEqual([name, {}]);
      expect(checkForm(plan(name), valuesOf(plan(name), request!.args as unknown as Record<string, unknown>)).request).toEqual(request);
    }
  });

  it('takes lists, and one snake for each axis but the first', () => {
    const values = initialValues(plan('list_grid_scan'), scanForm());
    Object.assign(values.axes[0]!, { motor: 'A', positions: '1 2,3', snake: 'true' });
    Object.assign(values.axes[1]!, { motor: 'B', positions: '0; 1e-3', snake: 'true' });
    expect(checkForm(plan('list_grid_scan'), values).request?.args).toMatchObject({ axes: [{ motor: 'A', positions: [1, 2, 3], snake: false }, { motor: 'B', positions: [0, 0.001], snake: true }] });
    values.axes[1]!['positions'] = '1, x';
    expect(checkForm(plan('list_grid_scan'), values).problems).toEqual({ 'axes.1.positions.1': 'Enter a number.' });
    expect(valuesOf(plan('grid_scan'), { snake: true, axes: [{ motor: 'A' }, { motor: 'B' }] }).axes.map((row) => row['snake'])).toEqual(['false', 'true']);
  });

  it('makes the plan that was filled in the inner one of a loop, and keeps inner plans from a loop to a sequence', () => {
    const loop = initialValues(plan('loop'), scanForm(), 'scan');
    expect(checkForm(plan('loop'), loop).request).toEqual({
      plan: 'loop', args: { times: 2, delay: 0, plan: { plan: 'scan', args: { detectors: ['SIM:I1'], num: 51, axes: [{ motor: 'SIM:M1', start: 0, stop: 2.5 }] } } },
    });
    const sequence = initialValues(plan('sequence'), loop, 'loop');
    expect(sequence.nested['plans']?.map((inner) => inner.plan)).toEqual(['scan']);
    expect(checkForm(plan('scan'), initialValues(plan('scan'), sequence, 'sequence')).request).toEqual(checkForm(plan('scan'), scanForm()).request);
  });

  it('says what is wrong within a plan at its own fields, and once', () => {
    const sequence = initialValues(plan('sequence'));
    sequence.nested['plans'] = [{ plan: 'scan', values: scanForm() }, { plan: 'loop', values: initialValues(plan('loop')) }];
    const { request, problems } = checkForm(plan('sequence'), sequence);
    expect(request).toBeNull();
    expect(Object.keys(problems).sort()).toEqual(['axes.0.motor', 'axes.0.start', 'axes.0.stop', 'detectors'].map((field) => `plans.1.plan.${field}`));
    sequence.nested['plans'] = [];
    expect(checkForm(plan('sequence'), sequence).problems).toEqual({ plans: 'Add at least one plan.' });
  });

  it('refuses plans that stand too deep within one another', () => {
    let inner = { plan: 'scan', values: scanForm() };
    for (let depth = 0; depth < 9; depth++) inner = { plan: 'loop', values: { ...initialValues(plan('loop')), nested: { plan: [inner] } } };
    const { request, problems } = checkForm(plan('loop'), inner.values);
    expect(request).toBeNull();
    expect(Object.values(problems).join()).toContain('at most 8 deep');
  });
});
