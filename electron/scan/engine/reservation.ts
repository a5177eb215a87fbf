// Who has the engine: a scan, or something else that no scan may come between.
import type { Disposable } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import type { EngineState } from '@shared/scan';
import { nextState } from './states';

export class Reservation {
  #why = '';

  constructor(private readonly state: () => EngineState, private readonly changed: () => void) {}

  /** A scan may start. */
  get free(): boolean { return this.#why === '' && this.state() === 'idle'; }

  /** Errors: `BUSY` with what it is busy with. */
  require(): void {
    nextState(this.state(), 'start');
    if (this.#why !== '') throw new EndstationError('BUSY', this.#why);
  }

  /** No scan starts until it is disposed of. `why`: sentences, with what to do. Errors: `BUSY`. */
  take(why: string): Disposable {
    this.require();
    this.#why = why;
    return {
      dispose: () => {
        this.#why = '';
        this.changed();
      },
    };
  }
}
