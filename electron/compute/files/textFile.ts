// Numbers in a text file: columns between commas, semicolons, tabs or blanks; lines with # are comments, a first line of words names the columns.
import { readFileSync } from 'node:fs';
import type { StoredNumbers } from '@shared/storedNumbers';
import { ComputeError } from '../computeError';

interface Table { readonly names: readonly string[] | null; readonly rows: readonly (readonly string[])[] }

const words: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity, infinity: Infinity, '-infinity': -Infinity, '': NaN };
function numberOf(cell: string): number {
  const plain = Number(cell);
  return cell !== '' && !Number.isNaN(plain) ? plain : words[cell.toLowerCase()] ?? NaN;
}
const isNumber = (cell: string): boolean => !Number.isNaN(Number(cell)) || Object.hasOwn(words, cell.toLowerCase());

function tableOf(path: string): Table {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const separator = [',', ';', '\t'].find((one) => lines[0]?.includes(one)) ?? /\s+/;
  const rows = lines.map((line) => line.trim().split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  const isHead = rows[0]?.some((cell) => !isNumber(cell)) ?? false;
  return isHead ? { names: rows[0]!, rows: rows.slice(1) } : { names: null, rows };
}

/** `column`: its name or its number from 1; left out: all numbers, row after row. */
export function describeText(path: string, column: string | number | undefined): StoredNumbers {
  const { names, rows } = tableOf(path);
  const width = rows[0]?.length ?? 0;
  if (rows.length === 0) throw new ComputeError('JOB_FAILED', `${path} has no numbers in it.`);
  if (column === undefined) {
    const all: readonly number[] = width > 1 ? [rows.length, width] : [rows.length];
    return { stored: 'text', path, shape: all, first: 0, itemSize: 8 };
  }
  const index = typeof column === 'number' ? column - 1 : names?.indexOf(column) ?? -1;
  if (!(Number.isInteger(index) && index >= 0 && index < width)) {
    throw new ComputeError('JOB_FAILED', `${path} has no column ${String(column)}. It has ${width}${names ? `: ${names.join(', ')}` : ', without names'}.`);
  }
  return { stored: 'text', path, column: index, shape: [rows.length], first: 0, itemSize: 8 };
}

/** What is no number is NaN. */
export function readTextPart({ path, column, first, shape }: StoredNumbers): Float64Array {
  const rows = tableOf(path).rows.slice(first, first + shape[0]!);
  if (column !== undefined) return Float64Array.from(rows, (row) => numberOf(row[column] ?? ''));
  const width = shape[1] ?? 1;
  const values = new Float64Array(rows.length * width).fill(NaN);
  rows.forEach((row, i) => { for (let c = 0; c < width; c += 1) values[i * width + c] = numberOf(row[c] ?? ''); });
  return values;
}
