// A run as comma-separated values (RFC 4180): a row a point; arrays as JSON in one field.
import { isoTime } from '../runNames';
import type { RunTable } from '../runTable';

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Lines without their ends. */
export function* csvLines(table: RunTable): Generator<string, void, undefined> {
  const columns = [...table.columns];
  yield ['point', 'time', ...columns.map(([key]) => {
    const units = table.dataKeys[key]?.units;
    return units ? `${key} (${units})` : key;
  })].map(field).join(',');
  for (let index = 0; index < table.points; index++) {
    const values = columns.map(([, column]) => {
      const value = column.values[index];
      return Array.isArray(value) ? JSON.stringify(value) : String(value);
    });
    yield [String(index + 1), isoTime(table.time[index] ?? 0), ...values].map(field).join(',');
  }
}
