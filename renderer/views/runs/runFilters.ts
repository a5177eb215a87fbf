// What the list of runs is narrowed by, as it stands in its fields, and the query that is made of it.
import type { ExitStatus } from '@shared/documents';

export interface RunFilters {
  /** Words; `#12` is the run of that number. */
  text: string;
  plan: string;
  motor: string;
  sample: string;
  /** Days of local time, `YYYY-MM-DD`. */
  from: string;
  to: string;
  status: ExitStatus[];
}

export const exitStatuses: readonly ExitStatus[] = ['success', 'abort', 'fail', 'interrupted', 'running'];
/** As many runs as the window lists. */
const mostListed = 50_000;

export function noFilters(): RunFilters { return { text: '', plan: '', motor: '', sample: '', from: '', to: '', status: [] }; }

/** How many fields narrow the list, the words aside. */
export function countFilters({ plan, motor, sample, from, to, status }: RunFilters): number {
  return [plan, motor, sample.trim(), from, to].filter(Boolean).length + (status.length > 0 ? 1 : 0);
}

/** A search looks at the start document as JSON: a number is meant as the scan's where it has a # before it. */
function wordsOf(text: string): string { return text.trim().replace(/(^|\s)#(\d+)(?=\s|$)/g, '$1"scan_id":$2,'); }

/** The query of the contract; what is empty asks for nothing. */
export function queryOf(filters: RunFilters) {
  const { text, plan, motor, sample, from, to, status } = filters;
  return {
    text: wordsOf(text), limit: mostListed, ...(plan ? { plan } : {}), ...(motor ? { motor } : {}), ...(sample.trim() ? { sample: sample.trim() } : {}),
    ...(from ? { from } : {}), ...(to ? { to } : {}), ...(status.length > 0 ? { status: [...status] } : {}),
  };
}
