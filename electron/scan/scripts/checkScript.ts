// Checks a script in a worker of its own, without carrying anything of it out.
import { EndstationError } from '@shared/errors';
import type { ScriptCheck } from '@shared/scripts';
import type { FromScript } from './scriptMessages';
import { startScriptWorker } from './scriptPlan';

/** Milliseconds; a script of the longest kind is read in much less. */
const limit = 5000;

export function checkScript(workers: string, source: string, name: string): Promise<ScriptCheck> {
  return new Promise((resolve, reject) => {
    const worker = startScriptWorker(workers, { source, name, plans: [], checkOnly: true });
    const end = (act: () => void): void => {
      clearTimeout(timer);
      void worker.terminate();
      act();
    };
    const fail = (why: string) => (): void => end(() => reject(new EndstationError('SCRIPT', `The script ${name} could not be checked: ${why}.`)));
    const timer = setTimeout(fail('it takes too long'), limit);
    worker.on('message', (message: FromScript) => end(() => resolve({ ok: message.kind === 'checked' && message.problems.length === 0, problems: message.kind === 'checked' ? message.problems : [] })));
    worker.on('error', (error) => fail(error.message)());
    worker.on('exit', fail('its worker ended'));
  });
}
