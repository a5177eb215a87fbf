// Checks a request against the contract: the method exists and is of that kind, the session may make it, the arguments fit their schema.
import { contract } from '@shared/contract';
import type { ContractShape } from '@shared/contract/define';
import { EndstationError } from '@shared/errors';
import * as v from 'valibot';
import type { Session } from './handlers';

/** What the schema made of the arguments. Throws NO_SUCH_METHOD, OBSERVER or BAD_ARGUMENTS. */
export function checkRequest(kind: 'call' | 'stream', method: string, args: unknown, session: Session): unknown {
  const entry = Object.hasOwn(contract, method) ? (contract as ContractShape)[method] : undefined;
  if (entry?.kind !== kind) {
    throw new EndstationError('NO_SUCH_METHOD',
      `There is no ${kind} named "${method.slice(0, 80)}". The window and the services are of different versions: reload the window.`);
  }
  if (session.observer && !entry.observer) {
    throw new EndstationError('OBSERVER',
      `${method} was not done: this window only observes. Open Endstation without --observer to change something.`);
  }
  const checked = v.safeParse(entry.args, args ?? {});
  if (checked.success) return checked.output;
  throw new EndstationError('BAD_ARGUMENTS', `${method} was not done: ${checked.issues.slice(0, 3).map(readable).join(' ')}`);
}

function readable(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue);
  const what = /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`;
  return where === null ? what : `${where}: ${what}`;
}
