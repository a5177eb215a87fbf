// A PV's name as typed: its scheme, its name within the scheme, and one spelling that all viewers share.
import type { PvInfo } from '@shared/pv';

export type Scheme = PvInfo['protocol'];
export interface PvName {
  readonly scheme: Scheme;
  /** Without the scheme. */
  readonly name: string;
  /** One spelling for one PV: `ca://X` and `X` share a subscription. */
  readonly key: string;
}

const schemes: readonly Scheme[] = ['ca', 'pva', 'sim', 'loc', 'eq'];

/** Null where the scheme is unknown or the name is empty or has characters that no PV name has. */
export function parsePvName(text: string): PvName | null {
  const trimmed = text.trim();
  const formula = /^=(?!=)/.test(trimmed);
  const [, scheme = formula ? 'eq' : 'ca', rest = ''] = /^(?:([a-z]+):\/\/)?([\s\S]*)$/.exec(trimmed) ?? [];
  const known = schemes.find((candidate) => candidate === scheme);
  if (known === undefined || rest === '') return null;
  const network = known === 'ca' || known === 'pva';
  // Names are printable and have no blanks (EPICS Application Developer's Guide, "Record names").
  if (network && /[\s\u0000-\u001f"']/.test(rest)) return null;
  return { scheme: known, name: rest, key: known === 'ca' ? rest : `${known}://${rest}` };
}
