// Ends for PVs that no source feeds: before a profile is in use, and where a name can't be used.
import { PvError } from './pvError';
import type { OpenPv, PvSink, PvSource } from './pvSource';

/** Never connects; requests fail with `error`. Told to the sink as `invalid` where the name itself is at fault. */
export function silentPv(sink: PvSink, error: PvError, connection: 'connecting' | 'invalid'): OpenPv {
  const fail = () => Promise.reject(error);
  return {
    fresh: false, capacity: 1,
    start() {
      if (connection === 'invalid') sink.change({ connection, error: { code: error.code, message: error.message } });
    },
    read: fail, present: fail, write: fail, info: fail,
    dispose() { /* holds nothing */ },
  };
}

/** Stands in for the control system until a profile is in use. */
export class WaitingSource implements PvSource {
  open(name: string, sink: PvSink): OpenPv {
    return silentPv(sink, new PvError('DISCONNECTED', `${name} can not be reached: no profile is in use yet. Choose one in Settings.`), 'connecting');
  }
  dispose(): void { /* holds nothing */ }
}
