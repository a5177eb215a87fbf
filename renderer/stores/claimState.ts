// What is known of one of the article's claims: from the newest result that judges it.
import type { Claim, LabResult, Verdict } from '@shared/lab';

export interface ClaimState {
  readonly state: Verdict | 'measuring' | 'not measured' | 'no experiment';
  readonly reason: string;
}

/** `results`: the newest first. `running`: id of the experiment that runs now. */
export function claimStateOf(claim: Claim, results: readonly LabResult[], running: string | null): ClaimState {
  if (claim.experiments.length === 0) return { state: 'no experiment', reason: 'This version has no experiment for it.' };
  if (running !== null && claim.experiments.includes(running)) return { state: 'measuring', reason: 'It is being measured.' };
  const spoken = results.flatMap((result) => (claim.experiments.includes(result.id) ? result.claims?.filter((verdict) => verdict.claim === claim.number) ?? [] : []));
  // One that could not judge, on a busy hour say, takes nothing away from one that could.
  const own = spoken.find(({ verdict }) => verdict !== 'not measurable here') ?? spoken[0];
  if (own) return { state: own.verdict, reason: own.reason };
  return { state: 'not measured', reason: 'It was not measured on this machine yet.' };
}
