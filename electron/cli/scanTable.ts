// A scan as people read it in a terminal: a row a point.
import type { Descriptor, RunDocument } from '@shared/documents';

const width = 14;

function cell(value: unknown): string {
  const text = typeof value === 'number' ? String(Number(value.toPrecision(8))) : Array.isArray(value) ? `[${value.length}]` : String(value ?? '');
  return text.padStart(width);
}

/** Prints documents as a table. */
export function tablePrinter(line: (text: string) => void): (document: RunDocument) => void {
  let primary: Descriptor | null = null;
  let keys: string[] = [];
  return ({ name, doc }) => {
    if (name === 'start') line(`Run ${doc.scan_id}  ${doc.plan_name}  ${doc.uid}`);
    else if (name === 'descriptor' && doc.name === 'primary') {
      primary = doc;
      keys = Object.keys(doc.data_keys).filter((key) => !key.endsWith('_setpoint'));
      line(['point'.padStart(6), ...keys.map((key) => key.padStart(width))].join('  '));
      line([''.padStart(6), ...keys.map((key) => (doc.data_keys[key]?.units ?? '').padStart(width))].join('  '));
    } else if (name === 'event' && doc.descriptor === primary?.uid) {
      line([String(doc.seq_num).padStart(6), ...keys.map((key) => cell(doc.data[key]))].join('  '));
    } else if (name === 'stop') line(`${doc.exit_status}${doc.reason ? `: ${doc.reason}` : ''}, ${doc.num_events['primary'] ?? 0} ${doc.num_events['primary'] === 1 ? 'point' : 'points'}`);
  };
}
