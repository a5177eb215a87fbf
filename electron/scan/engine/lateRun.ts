// A run whose file was made when its scan was over already: an abort does not wait for a slow disk.
import type { RunStart } from '@shared/documents';
import { InterruptedError } from '../../devices/device';
import { Bundler } from './bundler';
import type { Ending } from './cleanUp';
import type { RunFile } from './runSink';

/** Milliseconds for its end to get to the disk. */
const closingTime = 10_000;

/** Closed as what ended the scan: no run is left open, and none that looks as if it still ran. */
export async function closeLate(file: RunFile, start: RunStart, ending: Ending | null): Promise<never> {
  new Bundler(start, (document) => file.append(document), () => Date.now() / 1000).stop(ending?.status ?? 'abort', ending?.reason ?? 'Aborted by the user.');
  await file.close(closingTime);
  throw new InterruptedError('Opening the run');
}

/** One that was to go on stays interrupted: it can be resumed again. */
export async function leaveLate(file: RunFile): Promise<never> {
  await file.close(closingTime);
  throw new InterruptedError('Opening the run');
}
