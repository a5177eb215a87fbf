// Other runs whose curves are drawn over a plot: read from disk once, by their uid.
import { bridge } from '../bridge';
import { RunTable } from './runTable';

export type ComparedRuns = ReadonlyMap<string, RunTable>;
export const mostCompared = 12;

export async function readRunTable(uid: string): Promise<RunTable> { return RunTable.of(await bridge.call('runs.read', { uid })); }

/** With these runs and no others; those that are there already are not read again. */
export async function comparedWith(uids: readonly string[], before: ComparedRuns): Promise<ComparedRuns> {
  const all = await Promise.all(uids.slice(0, mostCompared).map(async (uid) => [uid, before.get(uid) ?? await readRunTable(uid)] as const));
  return new Map(all);
}
