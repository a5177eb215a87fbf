// The compute room: the pool, the jobs that users start, and the contract's `compute.*` calls.
import { jobDescriptions } from '@shared/computeForms';
import { EndstationError } from '@shared/errors';
import type { Room } from '../room';
import { ComputePool } from './computePool';
import { ComputeTasks } from './computeTasks';
import type { InputReaders } from './namedInput';
import type { RemoteOptions } from './remote/runRemote';
import { Runners } from './runners';
import { taskFile } from './taskFile';

type Calls = 'compute.peakStatistics' | 'compute.peakFit' | 'compute.jobs' | 'compute.run' | 'compute.cancel' | 'compute.forget' | 'compute.changed' | 'compute.result' | 'compute.save' | 'compute.chooseFile';
interface ComputeRoom extends Room<Calls> {
  readonly pool: ComputePool;
}
interface ComputeRoomOptions extends RemoteOptions {
  /** Folder of the built worker files. */
  readonly workers: string;
  /** Threads; by default the cores of the machine. */
  readonly size?: number;
  /** Writes a file beside a run (its uid), or into the data folder; returns its path. */
  readonly save: (run: string | null, name: string, contents: string) => Promise<string>;
  readonly readers: Pick<InputReaders, 'run' | 'pv'>;
  /** Lets the user choose a data file with the system's dialog; null: cancelled, or there is no dialog. */
  readonly choose?: (() => Promise<string | null>) | undefined;
}

export function createComputeRoom({ python, environment, labPython, save, readers, choose, ...options }: ComputeRoomOptions): ComputeRoom {
  const pool = new ComputePool(options);
  // A window names only files that its user has chosen: it can't look around on the disk.
  const chosen = new Set<string>();
  const file = (path: string): string => {
    if (chosen.has(path)) return path;
    throw new EndstationError('JOB_INPUT', `${path} is not read: choose the file first.`);
  };
  const tasks = new ComputeTasks(new Runners(pool, { python, environment, labPython }), { ...readers, file });
  return {
    pool,
    handlers: {
      'compute.peakStatistics': (input) => pool.run('peakStatistics', input, { priority: 'interactive' }),
      'compute.peakFit': (input) => pool.run('peakFit', input, { priority: 'interactive' }),
      'compute.jobs': () => jobDescriptions,
      'compute.run': async (request) => ({ id: await tasks.start(request) }),
      'compute.cancel': ({ id }) => tasks.cancel(id),
      'compute.forget': ({ id }) => tasks.forget(id),
      'compute.changed': (_args, emit) => tasks.listen(emit),
      'compute.result': ({ id }) => tasks.result(id),
      'compute.chooseFile': async () => {
        const path = await choose?.() ?? null;
        if (path === null) return null;
        const arrays = await pool.run('listFile', { path }, { priority: 'interactive' });
        chosen.add(path);
        return { path, arrays };
      },
      'compute.save': async ({ id, format }) => {
        const { task, output, input } = tasks.result(id);
        const { name, contents } = taskFile(task, output, input, format);
        return { path: await save(task.run, name, contents) };
      },
    },
    async dispose() {
      await tasks.dispose();
      await pool.dispose();
    },
  };
}
