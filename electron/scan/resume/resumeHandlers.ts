// The contract's calls about resuming a run.
import type { Room } from '../../room';
import type { Outcome } from '../engine/engine';
import type { Resumer } from './resumeRun';

export type ResumeCalls = 'runs.resumeSheet' | 'runs.resume' | 'runs.leftSettings' | 'runs.abandon';

/** `onRun` gets the outcome of a run that goes on. */
export function resumeHandlers(resumer: Resumer, onRun: (outcome: Promise<Outcome>) => void): Room<ResumeCalls>['handlers'] {
  return {
    'runs.resumeSheet': ({ uid }) => resumer.sheet(uid),
    'runs.leftSettings': ({ uid }) => resumer.left(uid),
    'runs.abandon': ({ uid }, session) => resumer.abandon(uid, session.user),
    'runs.resume': async ({ uid }, session) => {
      const resumed = await resumer.resume(uid, session.user);
      onRun(resumed.outcome);
      return { uid: resumed.uid };
    },
  };
}
