// How a job is getting on, in words: its state, how much is done, how long it took or still takes.
import type { ComputeTask } from '@shared/computeTasks';
import { formatDuration } from '../../composables/formatQuantity';

export const taskWords: Readonly<Record<ComputeTask['state'], string>> = { queued: 'waits', running: 'runs', done: 'done', failed: 'failed', cancelled: 'cancelled' };
export const isActive = ({ state }: ComputeTask): boolean => state === 'queued' || state === 'running';

/** Seconds: three decimals below one, one below ten, else minutes and seconds. */
export function secondsText(value: number): string { return value < 10 ? `${value.toFixed(value < 1 ? 3 : 1)} s` : formatDuration(value); }

/** Seconds that a running job took so far; that an ended one took; null while it waits. `now` in Unix milliseconds. */
export function spentSeconds({ seconds, startedAt }: ComputeTask, now: number): number | null {
  return seconds ?? (startedAt === null ? null : Math.max(0, (now - startedAt) / 1000));
}

/** From what is done already; null where it does not say, or too little is done to tell. */
export function secondsLeft(task: ComputeTask, now: number): number | null {
  const spent = spentSeconds(task, now);
  const { progress, state } = task;
  return state !== 'running' || spent === null || progress === null || progress < 0.02 ? null : (spent * (1 - progress)) / progress;
}

/** `runs · 40 % · 3.0 s · 00:05 left`; a waiting one says how many come before it. */
export function taskDetail(task: ComputeTask, tasks: readonly ComputeTask[], now: number): string {
  const spent = spentSeconds(task, now);
  const left = secondsLeft(task, now);
  const before = tasks.filter((other) => other.state === 'queued' && other.queuedAt < task.queuedAt).length;
  return [
    taskWords[task.state],
    ...(task.state === 'queued' && before > 0 ? [`${before} before it`] : []),
    ...(task.progress !== null && task.state === 'running' ? [`${Math.round(100 * task.progress)} %`] : []),
    ...(spent === null ? [] : [secondsText(spent)]),
    ...(left === null ? [] : [`${formatDuration(left)} left`]),
    ...(task.on === 'threads' ? [] : [task.on]),
  ].join(' · ');
}

export interface TaskGroup { readonly title: string; readonly tasks: readonly ComputeTask[] }
/** Those that run, that wait (the next one first) and that have ended; empty groups are left out. */
export function taskGroups(tasks: readonly ComputeTask[]): TaskGroup[] {
  const of = (...states: ComputeTask['state'][]) => tasks.filter(({ state }) => states.includes(state));
  return [
    { title: 'Running', tasks: of('running') }, { title: 'Waiting', tasks: of('queued').reverse() }, { title: 'Done', tasks: of('done', 'failed', 'cancelled') },
  ].filter((group) => group.tasks.length > 0);
}
