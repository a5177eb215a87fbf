// Numbers that were pasted or read from a text file.

/** Every value, or those of one column (from 1). Lines with `#` and a first line of words are left out. Throws with the line that can't be read. */
export function pastedNumbers(text: string, column: number | null): Float64Array {
  const values: number[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const words = line.replace(/#.*/, '').split(/[\s,;[\]]+/).filter((word) => word !== '');
    if (words.length === 0) return;
    const numbers = words.map(Number);
    // "NaN" is a number that a program wrote; what else is none can only be the head of a table.
    const bad = words.findIndex((word, at) => Number.isNaN(numbers[at]) && !/^[+-]?nan$/i.test(word));
    if (bad >= 0 && values.length === 0) return;
    if (bad >= 0) throw new Error(`Line ${index + 1}: "${words[bad] ?? ''}" is not a number.`);
    if (column === null) values.push(...numbers);
    else if (column > numbers.length) throw new Error(`Line ${index + 1} has ${numbers.length} columns; column ${column} was asked for.`);
    else values.push(numbers[column - 1] ?? NaN);
  });
  return Float64Array.from(values);
}
