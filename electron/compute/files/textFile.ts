// Numbers in a text file: columns between commas, semicolons, tabs or blanks; lines with # are comments, a first line of words names the columns.
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { StoredNumbers } from '@shared/storedNumbers';
import { ComputeError } from '../computeError';

const words: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity, infinity: Infinity, '-infinity': -Infinity, '': NaN };
function numberOf(cell: string): number {
  const plain = Number(cell);
  return cell !== '' && !Number.isNaN(plain) ? plain : words[cell.toLowerCase()] ?? NaN;
}
const isNumber = (cell: string): boolean => !Number.isNaN(Number(cell)) || Object.hasOwn(words, cell.toLowerCase());

/** Characters of one line; a text of numbers has none that long. */
const longestLine = 16e6;

/** Lines with something in them, read a part of the file at a time: of a large one only its numbers are kept. */
function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  const decoder = new StringDecoder('utf8');
  const bytes = Buffer.alloc(1 << 20);
  try {
    for (let [rest, ended] = ['', false]; !ended;) {
      const length = readSync(file, bytes, 0, bytes.length, null);
      ended = length === 0;
      const lines = (rest + (ended ? decoder.end() : decoder.write(bytes.subarray(0, length)))).split('\n');
      rest = ended ? '' : lines.pop() ?? '';
      if (rest.length > longestLine) throw new ComputeError('JOB_FAILED', `${path} can't be read as text: it has a line of more than ${longestLine / 1e6} million characters.`);
      for (const line of lines) {
        const text = line.trim();
        if (text !== '' && !text.startsWith('#')) yield text;
      }
    }
  } finally {
    closeSync(file);
  }
}

type Split = (line: string) => string[];
/** How lines are divided, as the first one is. */
function splitLike(first: string): Split {
  const separator = [',', ';', '\t'].find((one) => first.includes(one)) ?? /\s+/;
  return (line) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}
const namesOf = (cells: readonly string[]): readonly string[] | null => (cells.some((cell) => !isNumber(cell)) ? cells : null);

/** `column`: its name or its number from 1; left out: all numbers, row after row. */
export function describeText(path: string, column: string | number | undefined): StoredNumbers {
  let [lines, width] = [0, 0];
  let names: readonly string[] | null = null;
  let split: Split | null = null;
  for (const line of linesOf(path)) {
    split ??= splitLike(line);
    if (lines === 0) names = namesOf(split(line));
    if (lines === (names ? 1 : 0)) width = split(line).length;
    lines += 1;
  }
  const rows = lines - (names ? 1 : 0);
  if (rows === 0) throw new ComputeError('JOB_FAILED', `${path} has no numbers in it.`);
  if (column === undefined) {
    const all: readonly number[] = width > 1 ? [rows, width] : [rows];
    return { stored: 'text', path, shape: all, first: 0, itemSize: 8 };
  }
  const index = typeof column === 'number' ? column - 1 : names?.indexOf(column) ?? -1;
  if (!(Number.isInteger(index) && index >= 0 && index < width)) {
    throw new ComputeError('JOB_FAILED', `${path} has no column ${String(column)}. It has ${width}${names ? `: ${names.join(', ')}` : ', without names'}.`);
  }
  return { stored: 'text', path, column: index, shape: [rows], first: 0, itemSize: 8 };
}

/** What is no number is NaN. */
export function readTextPart({ path, column, first, shape }: StoredNumbers): Float64Array {
  const width = column === undefined ? shape[1] ?? 1 : 1;
  const values = new Float64Array(shape[0]! * width).fill(NaN);
  let split: Split | null = null;
  // The first row that is wanted is row 0.
  let row = -first;
  for (const line of linesOf(path)) {
    if (!split) {
      split = splitLike(line);
      if (namesOf(split(line))) continue;
    }
    if (row >= 0) {
      const cells = split(line);
      for (let c = 0; c < width; c += 1) values[row * width + c] = numberOf(cells[(column ?? 0) + c] ?? '');
    }
    if (++row >= shape[0]!) break;
  }
  return row < shape[0]! ? values.slice(0, Math.max(0, row) * width) : values;
}
