// Updates of a pvAccess channel as samples. What did not change is not made anew.
import type { Disposable, MonitorOptions } from '../api';
import type { PvaChannel } from '../pva/channel';
import { isChanged } from '../pva/protocol';
import type { Status } from '../pva/protocol';
import { readingRequest } from '../pva/reading';
import type { Metadata } from '../value';
import { pvaSample } from './sample';
import type { Sample } from './sample';

const metadataPaths = ['display', 'control', 'valueAlarm', 'value.choices'] as const;
export const everything = 'field()';

export interface PvaFollowOptions extends MonitorOptions {
  readonly pipeline?: boolean;
  readonly queueSize?: number;
}

/** `ended`: the server sends no more until the channel connects anew. */
export function followPva(channel: PvaChannel, options: PvaFollowOptions, emit: (sample: Sample) => void, ended: (status: Status) => void): Disposable {
  const wanted = options.metadata !== false;
  const propertyOnly = options.mask?.length === 1 && options.mask[0] === 'property';
  let metadata: Metadata | null = null;
  return channel.monitorStructure({
    request: wanted || propertyOnly ? everything : readingRequest, ended,
    ...(options.pipeline === undefined ? {} : { pipeline: options.pipeline }), ...(options.queueSize === undefined ? {} : { queueSize: options.queueSize }),
  }, (update) => {
    const anew = metadataPaths.some((path) => isChanged(update.field, update.changed, path));
    if (propertyOnly && !anew) return;
    const reading = channel.readingOf(update, { asString: options.as === 'string', count: options.count ?? 0, metadata: wanted && (anew || metadata === null) });
    if (!reading) return;
    metadata = reading.metadata ?? metadata;
    emit(pvaSample(channel.name, reading, metadata, update.value));
  });
}
