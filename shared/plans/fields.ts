// What plans' parameters are made of: pieces of schemas, and how a field is shown in the form.
import * as v from 'valibot';

export const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'Name a device or a PV.'), v.maxLength(120, 'A name has at most 120 characters.'));
export const finite = v.pipe(v.number('Enter a number.'), v.finite('Enter a finite number.'));
export const positive = v.pipe(finite, v.check((value) => value > 0, 'Enter a number above 0.'));
export const points = v.pipe(v.number('Enter a whole number.'), v.integer('Enter a whole number.'), v.minValue(1, 'At least 1 point.'), v.maxValue(10_000_000, 'At most 10,000,000 points.'));
export const detectors = v.pipe(v.array(name), v.minLength(1, 'Choose at least one detector.'), v.maxLength(64, 'At most 64 detectors.'));
export const seconds = v.pipe(finite, v.minValue(0, 'A time can not be negative.'));
export const list = v.pipe(v.array(finite, 'Enter numbers, with commas between them.'), v.minLength(1, 'Enter at least one number.'), v.maxLength(100_000, 'At most 100,000 numbers.'));

/** Between `least` and `most` rows of axes. */
export function rows<const S extends v.GenericSchema<object>>(row: S, least: number, most: number) {
  const few = least === 1 ? 'Choose at least one motor.' : `This plan has ${least === most ? '' : 'at least '}${least} motors.`;
  return v.pipe(v.array(row), v.minLength(least, few), v.maxLength(most, `At most ${most} ${most === 1 ? 'motor' : 'motors'}.`));
}

/** What a form field is: `motorUnit` fields show the unit and limits of the motor in their row; one beside the rows, the unit of the first motor. */
export interface PlanField {
  readonly name: string;
  readonly label: string;
  /**
   * `list`: numbers with commas between them. `axes`: a row a motor; `rows`: of numbers only. `plan`, `plans`: other plans with
   * their arguments, `{plan, args}`. `file`: the name of a plan file. `source`: the text of a script.
   */
  readonly kind: 'detectors' | 'motor' | 'number' | 'integer' | 'boolean' | 'text' | 'list' | 'axes' | 'rows' | 'plan' | 'plans' | 'file' | 'source';
  readonly doc: string;
  readonly unit?: 's' | 'motorUnit' | 'motorOffset' | 'motorSpeed' | 'rad' | 'points';
  readonly initial?: number | boolean;
  /** May be left empty. */
  readonly optional?: boolean;
  /** A column that the first row has not. */
  readonly notFirst?: boolean;
  /** Columns of `axes` and `rows`; of `axes` the first row is the slowest. */
  readonly columns?: readonly PlanField[];
  /** Rows of `axes` and `rows`; 1 and no end unless told. */
  readonly least?: number;
  readonly most?: number;
}

export interface Description<N extends string = string> { readonly name: N; readonly title: string; readonly doc: string; readonly fields: readonly PlanField[] }

export const detectorField: PlanField = { name: 'detectors', label: 'Detectors', kind: 'detectors', doc: 'Read at every point, all of them triggered at once.' };
export const motorField: PlanField = { name: 'motor', label: 'Motor', kind: 'motor', doc: 'A motor of the profile, or any PV that can be written.' };
export const startField: PlanField = { name: 'start', label: 'Start', kind: 'number', unit: 'motorUnit', doc: 'First position.' };
export const stopField: PlanField = { name: 'stop', label: 'Stop', kind: 'number', unit: 'motorUnit', doc: 'Last position, included.' };
export const fromField: PlanField = { name: 'start', label: 'From', kind: 'number', unit: 'motorOffset', doc: 'First position, from where the motor stands.' };
export const toField: PlanField = { name: 'stop', label: 'To', kind: 'number', unit: 'motorOffset', doc: 'Last position, from where the motor stands, included.' };
export const pointsField: PlanField = { name: 'num', label: 'Points', kind: 'integer', unit: 'points', initial: 51, doc: 'Number of points, both ends included.' };
export const signalField: PlanField = {
  name: 'signal', label: 'Signal', kind: 'text', optional: true, doc: 'The reading that is followed, by its name in the data; the first detector when empty.',
};
/** Said of every relative plan. */
export const andBack = 'Positions count from where the motors stand, and they go back there at the end.';
