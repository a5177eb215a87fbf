// Updates of a Channel Access channel as samples: each value with the metadata of its time.
import type { Channel, Disposable, MonitorOptions } from '../api';
import type { Clock } from '../transport/transport';
import type { Reading } from '../value';
import type { CaMetadata } from './caMetadata';
import { caSample } from './sample';
import type { Sample } from './sample';

/** Milliseconds that a first value waits for its metadata, which comes with it unless the IOC refuses it. */
const patience = 1000;

/** `metadata` null: not asked for. A change of the metadata alone is a sample too. */
export function followCa(channel: Channel, metadata: CaMetadata | null, options: MonitorOptions, clock: Clock, emit: (sample: Sample) => void): Disposable {
  let last: Reading | null = null;
  let complete = metadata === null;
  const tell = (): void => {
    if (last) emit(caSample(channel.name, last, metadata?.known ?? null, channel.info?.type === 'ENUM'));
  };
  // Before the values, so that its answer comes first.
  const following = metadata?.follow(() => {
    complete = true;
    tell();
  });
  if (metadata?.known) complete = true;
  const timer = complete ? null : clock.after(patience, () => {
    if (complete) return;
    complete = true;
    tell();
  });
  const end = (): void => {
    timer?.cancel();
    following?.dispose();
  };
  let monitor: Disposable;
  try {
    monitor = channel.monitor(options, (reading) => {
      last = reading;
      if (complete) tell();
    });
  } catch (error) {
    end();
    throw error;
  }
  // What was read before is not current any more: metadata that comes first must not bring it back.
  const state = channel.onState((now) => { if (now !== 'connected') last = null; });
  return {
    dispose: () => {
      end();
      for (const each of [monitor, state]) each.dispose();
    },
  };
}
