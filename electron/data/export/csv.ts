// A run as comma-separated values (RFC 4180): a row a point; spectra as JSON in one field, images by their place in the arrays file.
import { basename } from 'node:path';
import type { ArrayPlace } from '../arrays/arrayRecord';
import type { ArraysReader } from '../arrays/arraysReader';
import { isoTime } from '../runNames';
import type { Column, RunTable } from '../runTable';

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

async function storedText(place: ArrayPlace | null, arrays: ArraysReader): Promise<string> {
  if (!place) return '';
  if (place.shape.length > 1) return `${basename(arrays.path)} offset ${place.offset} ${place.dtype} ${place.shape.join('x')}`;
  const values = await arrays.read(place);
  return values ? JSON.stringify(Array.from(values)) : '';
}

function textOf(column: Column, index: number, arrays: ArraysReader): string | Promise<string> {
  if (column.kind === 'stored') return storedText(column.values[index] ?? null, arrays);
  const value = column.values[index];
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** Lines without their ends. */
export async function* csvLines(table: RunTable, arrays: ArraysReader): AsyncGenerator<string, void, undefined> {
  const columns = [...table.columns];
  yield ['point', 'time', ...columns.map(([key]) => {
    const units = table.dataKeys[key]?.units;
    return units ? `${key} (${units})` : key;
  })].map(field).join(',');
  for (let index = 0; index < table.points; index++) {
    const values: string[] = [];
    for (const [, column] of columns) values.push(await textOf(column, index, arrays));
    yield [String(index + 1), isoTime(table.time[index] ?? 0), ...values].map(field).join(',');
  }
}
