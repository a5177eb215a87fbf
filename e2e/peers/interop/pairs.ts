// The interop table: who was tried with whom, and what they exchanged. README.md of the library shows it; the tests make it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const exchanges = ['get', 'put', 'put-callback', 'monitor', 'enum', 'string', 'array', 'alarm', 'reconnect'] as const;
export type Exchange = (typeof exchanges)[number];

const readme = fileURLToPath(new URL('../../../electron/epics-ioc-connection/README.md', import.meta.url));
const [start, end] = ['<!-- interop:start -->', '<!-- interop:end -->'];

export class Table {
  private readonly rows = new Map<string, Set<Exchange>>();

  /** `row`: the pair, as the table names it. */
  add(row: string): void { this.rows.set(row, new Set()); }
  worked(row: string, exchange: Exchange): void { this.rows.get(row)?.add(exchange); }

  get markdown(): string {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [
      line(['', ...exchanges]), line(['---', ...exchanges.map(() => ':-:')]),
      ...[...this.rows].map(([row, done]) => line([row, ...exchanges.map((exchange) => (done.has(exchange) ? '✓' : '✗'))])),
      '', 'epics-tca does not take a lost channel up again by itself, with a softIoc neither: its cell is a context made anew.',
    ].join('\n');
  }

  /** Writes the table into the README; gives what was there. */
  write(): string {
    const text = readFileSync(readme, 'utf8');
    const [from, to] = [text.indexOf(start) + start.length, text.indexOf(end)];
    if (from < start.length || to < from) throw new Error(`README.md has no lines ${start} and ${end}.`);
    const before = text.slice(from, to).trim();
    if (before !== this.markdown) writeFileSync(readme, `${text.slice(0, from)}\n${this.markdown}\n${text.slice(to)}`);
    return before;
  }
}
