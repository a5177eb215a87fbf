// `endstation put`: one write through the gate; with --wait it ends when the IOC says that it is done.
import type { WritableValue } from '@shared/pv';
import { readArguments } from './arguments';
import { UsageError, type CliCommand } from './command';
import { pvLine, pvText } from './pvLine';

export const command: CliCommand = {
  name: 'put',
  summary: 'Writes a PV. An array is a JSON array, an enum goes by its state\'s name or index.',
  usage: ['endstation put PV VALUE [--wait] [--timeout 10]'],
  async run(args, io) {
    const { positionals, options } = readArguments(args, { wait: 'flag', timeout: 'seconds' });
    const [pv, text, ...more] = positionals;
    if (pv === undefined || text === undefined) throw new UsageError('Name a PV and the value to write.');
    if (more.length > 0) throw new UsageError('One value is written at a time: put a text with blanks in quotation marks, and an array in [ ].');
    const value = readValue(text);
    const access = await io.openPvs();
    const timeout = options.timeout ?? 10;
    const record = await access.write(pv, value, { source: 'cli', user: io.user }, { wait: options.wait, timeout, signal: io.signal });
    // An answer by the same circuit: the write has been taken before this process leaves.
    const after = await access.read(pv, { timeout: 3, signal: io.signal }).catch(() => null);
    if (io.json) {
      const { outcome, old, time } = record;
      io.outJson({ pv, outcome, old, written: record.value, time: new Date(time).toISOString(), ...(after ? { now: pvLine(after, 'native') } : {}) });
    } else {
      io.out(`${pv}  ${record.old ?? 'unknown'} -> ${record.value}  ${record.outcome}`);
      if (after) io.out(pvText(after, 'native'));
    }
    return 0;
  },
};

/** A JSON array is an array (of numbers, "NaN" and "Infinity" among them, or of texts); everything else is as it stands. */
export function readValue(text: string): WritableValue {
  if (!text.trim().startsWith('[')) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`"${text.slice(0, 80)}" is not a JSON array. Write [1, 2.5, 3] or ["a", "b"].`);
  }
  if (!Array.isArray(parsed)) return text;
  const items: unknown[] = parsed;
  const number = (item: unknown): number | null => {
    if (typeof item === 'number') return item;
    return item === 'NaN' || item === 'Infinity' || item === '-Infinity' ? Number(item) : null;
  };
  const numbers = items.map(number);
  if (numbers.every((item): item is number => item !== null)) return Float64Array.from(numbers);
  if (items.every((item): item is string => typeof item === 'string')) return items;
  throw new UsageError('An array holds numbers only or texts only.');
}
