// What the engine may do when: states x commands -> next state, as a table.
import { EndstationError } from '@shared/errors';
import type { EngineState } from '@shared/scan';

/** `rest` and `end` come from the engine itself: it has come to rest, the plan has ended. */
export type EngineCommand = 'start' | 'pause' | 'resume' | 'stop' | 'abort' | 'rest' | 'end';

export const transitions: Readonly<Record<EngineState, Readonly<Partial<Record<EngineCommand, EngineState>>>>> = {
  idle: { start: 'running' },
  running: { pause: 'pausing', rest: 'paused', stop: 'stopping', abort: 'aborting', end: 'idle' },
  pausing: { pause: 'pausing', resume: 'running', rest: 'paused', stop: 'stopping', abort: 'aborting', end: 'idle' },
  paused: { pause: 'paused', resume: 'running', stop: 'stopping', abort: 'aborting', end: 'idle' },
  stopping: { abort: 'aborting', end: 'idle' },
  aborting: { abort: 'aborting', end: 'idle' },
};

const refusals: Readonly<Record<EngineCommand, string>> = {
  start: 'A scan is running already. Wait for its end, or stop it first.',
  pause: 'Nothing was paused: no scan is running.',
  resume: 'Nothing was resumed: no scan is paused.',
  stop: 'Nothing was stopped: no scan is running.',
  abort: 'Nothing was aborted: no scan is running.',
  rest: 'The engine can not rest now.',
  end: 'The engine can not end now.',
};

/** Errors: `BUSY` for a second start, `NOT_NOW` for whatever else the state does not allow. */
export function nextState(state: EngineState, command: EngineCommand): EngineState {
  const next = transitions[state][command];
  if (next === undefined) throw new EndstationError(command === 'start' ? 'BUSY' : 'NOT_NOW', refusals[command]);
  return next;
}
