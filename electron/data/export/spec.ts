// A run as a SPEC data file (https://certif.com/spec_manual/user_1_4_1.html), as silx, spec2nexus and PyMca read it.
import type { RunTable } from '../runTable';

/** SPEC's own date, e.g. `Sun Nov 22 20:15:00 2026`. */
function specDate(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const [day, month, number, year] = date.toDateString().split(' ');
  return `${day} ${month} ${number} ${date.toTimeString().slice(0, 8)} ${year}`;
}

/** Labels are separated by two blanks, so they may hold single ones only. */
function label(key: string): string {
  return key.replace(/\s+/g, ' ').trim();
}

/** Lines without their ends: file header and the scan. Text and arrays have no place among SPEC's columns. */
export function* specLines(table: RunTable): Generator<string, void, undefined> {
  const start = table.checkedStart;
  const epoch = Math.floor(start.time);
  yield `#F ${start.uid}`;
  yield `#E ${epoch}`;
  yield `#D ${specDate(start.time)}`;
  yield `#C Endstation  User = ${String(start['user'] ?? '')}`;
  yield '';
  yield `#S ${start.scan_id}  ${start.plan_name} ${JSON.stringify(start.plan_args)}`;
  yield `#D ${specDate(start.time)}`;
  const motors = new Set(start.hints.dimensions.flatMap(([fields]) => fields));
  const numeric = [...table.columns].flatMap(([key, column]) => column.kind === 'number' ? [{ key, values: column.values }] : []);
  // SPEC's convention: the scanned motors first, the main counter last.
  const ordered = [...numeric.filter(({ key }) => motors.has(key)), ...numeric.filter(({ key }) => !motors.has(key))];
  const main = table.descriptor?.hints[start.detectors[0] ?? '']?.fields[0];
  const columns = [...ordered.filter(({ key }) => key !== main), ...ordered.filter(({ key }) => key === main)];
  const scanned = columns.filter(({ key }) => motors.has(key)).length;
  const rows = [
    ...columns.slice(0, scanned).map(({ key, values }) => ({ name: label(key), at: (index: number) => values[index] ?? Number.NaN })),
    { name: 'Epoch', at: (index: number) => (table.time[index] ?? 0) - epoch },
    ...columns.slice(scanned).map(({ key, values }) => ({ name: label(key), at: (index: number) => values[index] ?? Number.NaN })),
  ];
  yield `#N ${rows.length}`;
  yield `#L ${rows.map(({ name }) => name).join('  ')}`;
  for (let index = 0; index < table.points; index++) yield rows.map(({ at }) => String(at(index))).join(' ');
  if (table.stop) yield `#C ${specDate(table.stop.time)}.  Run ended: ${table.stop.exit_status}${table.stop.reason ? ` (${table.stop.reason})` : ''}.`;
  yield '';
}
