import { expect, it } from 'vitest';
import { firstProblem, placeOf } from './firstProblem';
import { checkForm, descriptionOf, initialValues } from './formModel';

const plan = (name: string) => {
  const found = descriptionOf(name);
  if (!found) throw new Error(name);
  return found;
};

it('names the place of a problem as the form does', () => {
  const values = initialValues(plan('scan'));
  expect(placeOf(plan('scan'), values, 'axes.1.start')).toBe('Axis 2, Start');
  expect(placeOf(plan('scan'), values, 'num')).toBe('Points');
  expect(placeOf(plan('scan'), values, 'axes')).toBe(plan('scan').fields.find(({ name }) => name === 'axes')?.label);
  const sequence = initialValues(plan('sequence'));
  expect(placeOf(plan('sequence'), sequence, 'plans.0.axes.0.motor')).toBe('Plan 1, Axis 1, Motor');
  expect(placeOf(plan('xanes'), initialValues(plan('xanes')), 'regions.2.step')).toMatch(/, row 3, Step/);
});

it('says the first of all', () => {
  const values = initialValues(plan('count'));
  expect(firstProblem(plan('count'), values, checkForm(plan('count'), values).problems)).toBe('Detectors: Choose at least one detector.');
  expect(firstProblem(plan('count'), values, {})).toBe('');
});
