// Where the numbers of a field come from: a run, a PV as it is at the start, a file of this machine, or what was pasted. All but the last are named, not sent.
import type { JobField } from '@shared/computeTasks';
import type { ListedArray, NumbersSource } from '@shared/storedNumbers';
import { pastedNumbers } from './pastedNumbers';

export interface NumbersChoice {
  from: 'run' | 'pv' | 'file' | 'text';
  /** uid */
  run: string;
  column: string;
  /** Of a run, or rows of a file: `3`, `2-10`; empty: all of them. */
  points: string;
  pv: string;
  /** A file that was chosen with the system's dialog. */
  path: string;
  arrays: readonly ListedArray[];
  dataset: string;
  text: string;
  /** Name of the file that the text was read from. */
  file: string;
  /** Column of the text, from 1; empty: every number. */
  textColumn: string;
}
/** Of numbers that are named, whoever reads them says the label and the units. */
export interface FoundNumbers { readonly values: Float64Array | NumbersSource; readonly label?: string }

export function emptyChoice(): NumbersChoice {
  return { from: 'run', run: '', column: '', points: '', pv: '', path: '', arrays: [], dataset: '', text: '', file: '', textColumn: '' };
}

/** null: the field was left empty and may be. Throws with what is missing or can't be understood. */
export function foundNumbers(field: JobField, choice: NumbersChoice): FoundNumbers | null {
  try {
    const found = readers[choice.from](choice);
    if (!found && field.needed) throw new Error('choose where its numbers come from.');
    return found;
  } catch (error) {
    throw new Error(`${field.label}: ${(error as Error).message}`, { cause: error });
  }
}

const readers: Readonly<Record<NumbersChoice['from'], (choice: NumbersChoice) => FoundNumbers | null>> = {
  run: ({ run, column, points }) => (run === '' || column === '' ? null : { values: { $run: run, column, ...extentOf(points) } }),
  pv: ({ pv }) => (pv.trim() === '' ? null : { values: { $pv: pv.trim() } }),
  file({ path, arrays, dataset, textColumn, points }) {
    if (path === '') return null;
    if (arrays.length > 0 && dataset === '') throw new Error(`choose one of the ${arrays.length} arrays of ${path}.`);
    const column = textColumn.trim();
    return { values: { $file: path, ...(dataset === '' ? {} : { dataset }), ...(column === '' || dataset !== '' ? {} : { column: /^\d+$/.test(column) ? Number(column) : column }), ...extentOf(points) } };
  },
  text({ text, textColumn, file }) {
    if (text.trim() === '') return null;
    const column = textColumn.trim() === '' ? null : Number(textColumn);
    if (column !== null && !(Number.isInteger(column) && column >= 1)) throw new Error('the column is a whole number from 1.');
    const values = pastedNumbers(text, column);
    if (values.length === 0) throw new Error('there are no numbers in this field. Paste numbers, or choose a text file of them.');
    return { values, label: file || `${values.length} pasted numbers` };
  },
};

/** `3` is the third alone, `2-10` the second to the tenth. Throws where it is neither. */
export function extentOf(points: string): { readonly first?: number; readonly count?: number } {
  if (points.trim() === '') return {};
  const [, from, to] = /^(\d+)(?:\s*(?:-|to)\s*(\d+))?$/.exec(points.trim()) ?? [];
  const [first, last] = [Number(from), Number(to ?? from)];
  if (from === undefined || first < 1 || last < first) throw new Error(`"${points}" are no points. Write one as 3, several as 2-10, or leave it empty for all.`);
  return { first: first - 1, count: last - first + 1 };
}
