// Fields of the motor record that move it other than by VAL: what a write to one means, as positions in user units (synApps motorRecord).
import type { Limits, WritableValue } from '@shared/pv';

const fields = {
  DVAL: ['DIR', 'OFF'], RVAL: ['MRES', 'DIR', 'OFF'], RLV: ['VAL'], TWF: ['VAL', 'TWV'], TWR: ['VAL', 'TWV'],
  JOGF: ['HLM', 'LLM'], JOGR: ['HLM', 'LLM'], HOMF: ['HLM', 'LLM'], HOMR: ['HLM', 'LLM'],
} as const;
type Field = keyof typeof fields;

export interface MotorField {
  /** The record, as it was named. */
  readonly record: string;
  readonly field: Field;
  /** Fields of the record that say what the write means. */
  readonly needs: readonly string[];
}

/** null: no such field, by its name. */
export function motorFieldOf(pv: string): MotorField | null {
  const [, record = '', field = ''] = /^(.+)\.([A-Z]+)$/.exec(pv) ?? [];
  return Object.hasOwn(fields, field) ? { record, field: field as Field, needs: fields[field as Field] } : null;
}

/** Where the motor may come to; NaN where that can't be known, none where it stays. `of`: the value of a needed field. */
export function reachOf({ field }: MotorField, value: WritableValue, of: (field: string) => number): readonly number[] {
  const number = typeof value === 'object' ? Number(value[0]) : Number(value);
  const fromDial = (dial: number): number => (of('DIR') === 1 ? -dial : dial) + of('OFF');
  switch (field) {
    case 'DVAL': return [fromDial(number)];
    case 'RVAL': return [fromDial(number * of('MRES'))];
    case 'RLV': return [of('VAL') + number];
    case 'TWF': return number === 0 ? [] : [of('VAL') + of('TWV')];
    case 'TWR': return number === 0 ? [] : [of('VAL') - of('TWV')];
    default: {
      if (number === 0) return [];
      // Until somebody stops it, or as far as its switch: the record's own soft limits are all that holds it.
      const [high, low] = [of('HLM'), of('LLM')];
      return high === low ? [Number.NaN] : field === 'JOGF' ? [high] : field === 'JOGR' ? [low] : [low, high];
    }
  }
}

/** Why it is refused, as the end of a sentence; null where it stays within the limits. */
export function beyondLimits(motor: MotorField, value: WritableValue, limits: Limits, of: (field: string) => number): string | null {
  const outside = reachOf(motor, value, of).find((position) => !(position >= limits.low && position <= limits.high));
  if (outside === undefined) return null;
  const where = Number.isNaN(outside) ? 'it can not be known where the motor would come to' : `the motor could come to ${Number(outside.toPrecision(9))}`;
  return `${where}, and the profile allows ${limits.low} to ${limits.high}. Move it by its position, or change the profile's limits`;
}
