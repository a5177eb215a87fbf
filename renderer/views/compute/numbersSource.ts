// Where the numbers of a field come from: a column of a run, a PV as it is now, or what was pasted.
import type { JobField } from '@shared/computeTasks';
import { bridge } from '../../bridge';
import { pastedNumbers } from './pastedNumbers';

export interface NumbersChoice {
  from: 'run' | 'pv' | 'text';
  /** uid */
  run: string;
  column: string;
  pv: string;
  text: string;
  /** Name of the file that the text was read from. */
  file: string;
  /** Column of the text, from 1; empty: every number. */
  textColumn: string;
}
export interface FoundNumbers { readonly values: Float64Array; readonly label: string; readonly units: string; readonly run: string | null }

export function emptyChoice(): NumbersChoice { return { from: 'run', run: '', column: '', pv: '', text: '', file: '', textColumn: '' }; }

/** null: the field was left empty and may be. Rejects with what is missing or can't be read. */
export async function readNumbers(field: JobField, choice: NumbersChoice): Promise<FoundNumbers | null> {
  const found = await readers[choice.from](field, choice);
  if (!found && field.needed) throw new Error(`${field.label}: choose where its numbers come from.`);
  return found;
}

const readers: Readonly<Record<NumbersChoice['from'], (field: JobField, choice: NumbersChoice) => Promise<FoundNumbers | null>>> = {
  async run(field, { run, column }) {
    if (run === '' || column === '') return null;
    const { columns, dataKeys, summary } = await bridge.call('runs.read', { uid: run });
    const values = columns[column];
    if (!(values instanceof Float64Array)) throw new Error(`${field.label}: run #${summary.scanId} has no numbers named ${column}.`);
    return { values, label: `run #${summary.scanId}, ${column}`, units: dataKeys[column]?.units ?? '', run };
  },
  async pv(field, { pv }) {
    if (pv.trim() === '') return null;
    const { value, units } = await bridge.call('pv.read', { pv: pv.trim() });
    if (typeof value === 'number') return { values: Float64Array.of(value), label: pv.trim(), units: units ?? '', run: null };
    if (!ArrayBuffer.isView(value)) throw new Error(`${field.label}: ${pv.trim()} holds no numbers.`);
    return { values: Float64Array.from(value as Float64Array), label: pv.trim(), units: units ?? '', run: null };
  },
  text(field, { text, textColumn, file }) {
    if (text.trim() === '') return Promise.resolve(null);
    const column = textColumn.trim() === '' ? null : Number(textColumn);
    if (column !== null && !(Number.isInteger(column) && column >= 1)) return Promise.reject(new Error(`${field.label}: the column is a whole number from 1.`));
    try {
      const values = pastedNumbers(text, column);
      return Promise.resolve({ values, label: file || `${values.length} pasted numbers`, units: '', run: null });
    } catch (error) {
      return Promise.reject(new Error(`${field.label}: ${(error as Error).message}`, { cause: error }));
    }
  },
};
