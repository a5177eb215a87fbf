// The start document of a run as rows to read: what one looks for first is first, long lists are cut.
import type { RunStart } from '@shared/documents';

export interface MetadataRow { readonly key: string; readonly text: string }

const first = ['sample', 'proposal', 'user', 'profile', 'plan_name', 'plan_args', 'detectors', 'motors', 'num_points', 'time', 'scan_id', 'uid'];
const mostItems = 24;

function valueText(key: string, value: unknown): string {
  if (key === 'time' && typeof value === 'number') return new Date(value * 1000).toLocaleString('sv-SE');
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
    const shown = value.slice(0, mostItems).map(String).join(', ');
    return value.length > mostItems ? `${shown}, … ${value.length} in all` : shown;
  }
  return JSON.stringify(value, (_key, inner: unknown) => (Array.isArray(inner) && inner.length > mostItems ? [...inner.slice(0, mostItems) as unknown[], `… ${inner.length} in all`] : inner), 1)
    .replace(/\n\s*/g, ' ');
}

/** Every key of the document, keys that were given by hand before those of the run itself. */
export function metadataRows(start: RunStart): MetadataRow[] {
  const own = new Set(['num_intervals', 'plan_type', 'shape', 'extents', 'snaking', 'hints', 'plan_readings']);
  const rank = (key: string) => {
    const at = first.indexOf(key);
    return at < 0 ? (own.has(key) ? first.length : 1.5) : at;
  };
  return Object.entries(start).sort(([a], [b]) => rank(a) - rank(b)).map(([key, value]) => ({ key, text: valueText(key, value) }));
}
