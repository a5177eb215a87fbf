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
    expect(initialValues(plan('scan'))).toEqual({ detectors: [], axes: [{ motor: '', start: '', stop: '' }], numbers: { num: '51' }, booleans: {} });
    expect(initialValues(plan('grid_scan')).axes).toHaveLength(2);
    expect(initialValues(plan('grid_scan')).axes[0]).toEqual({ motor: '', start: '', stop: '', num: '11' });
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

  it('does not let a motor be in two rows', () => {
    const values = scanForm();
    values.axes.push({ motor: 'SIM:M1', start: '0', stop: '1' });
    expect(checkForm(plan('scan'), values).problems).toEqual({ 'axes.1.motor': 'SIM:M1 is in another row already.' });
  });

  it('keeps detectors and axes when the plan changes, and adds what the new one needs', () => {
    const grid = initialValues(plan('grid_scan'), scanForm());
    expect(grid.detectors).toEqual(['SIM:I1']);
    expect(grid.axes).toEqual([{ motor: ' SIM:M1 ', start: '0', stop: '2.5', num: '11' }, newRow(plan('grid_scan'))]);
    const move = initialValues(plan('move'), grid);
    expect(planArgs(plan('move'), move)['axes']).toEqual([{ motor: 'SIM:M1', position: undefined }, { motor: '', position: undefined }]);
  });

  it('is the inverse of making the arguments', () => {
    for (const name of ['count', 'scan', 'grid_scan']) {
      const values = initialValues(plan(name), scanForm());
      values.axes.forEach((row, index) => Object.assign(row, { motor: `SIM:M${index + 1}`, start: '0', stop: '1' }));
      const { request } = checkForm(plan(name), values);
      expect(request).not.toBeNull();
      expect(checkForm(plan(name), valuesOf(plan(name), request!.args as unknown as Record<string, unknown>)).request).toEqual(request);
    }
  });
});
