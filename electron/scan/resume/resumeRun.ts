// Resuming: reads the journal, follows the plan through it, checks the beamline, and lets the engine go on with the same run.
import type { LeftSetting } from '@shared/changedSettings';
import type { RunDocument } from '@shared/documents';
import { EndstationError, toErrorData } from '@shared/errors';
import type { Message, MessageResult, Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { AbandonedRun, ResumeFinding, ResumeSheet } from '@shared/resume';
import type { InterruptedRun } from '../../data/interruptedRun';
import { scanJournal } from '../../data/journal/reader';
import type { RunStore } from '../../data/runStore';
import type { Devices } from '../../devices/device';
import type { PvAccess } from '../../pv/pvAccess';
import type { Engine, Outcome } from '../engine/engine';
import type { Extras } from '../engine/extras';
import { metadataOf } from '../engine/startDocument';
import { composed, pathOf, planWith } from '../plans/plans';
import { Replay } from './replay';
import { leftSettings, putLeftBack } from './leftSettings';
import { refuse, resumeSheet } from './resumeSheet';
import { afterwards, requestOf, type Afterwards } from './wholePlan';

export interface ResumeOptions {
  readonly engine: Engine;
  readonly store: RunStore;
  readonly pv: PvAccess;
  readonly devices: Devices;
  readonly profile: () => Profile;
  /** Gets what the run has already, for those who look on. */
  readonly replayed?: (documents: readonly RunDocument[]) => void;
  /** Makes the parts of a plan of plans from number `from` on; without it those with scripts can't be made. */
  readonly partsOf?: (request: PlanRequest, from: number) => Plan;
  /** The profile is being changed: a run would go on with neither. */
  readonly switching?: () => boolean;
}

interface Prepared { readonly sheet: ResumeSheet; readonly run: InterruptedRun; readonly replay: Replay | null; readonly after: Afterwards | null; readonly left: readonly LeftSetting[] }

/** What the run recorded besides its points it records further, and at its going on once more; so do the runs after it. */
function extrasOf({ streams }: InterruptedRun, { baseline = [], monitors = [] }: Profile): Extras {
  const devices = (holds: (name: string) => boolean): string[] => [...streams].flatMap(([name, { descriptor }]) => holds(name) ? Object.values(descriptor.data_keys).flatMap((key) => key.object_name ?? []) : []);
  return {
    baseline: [...new Set([...devices((name) => name === 'baseline'), ...baseline])],
    monitors: [...new Set([...devices((name) => name.endsWith('_monitor')), ...monitors])],
  };
}

/** One plan, then the other. */
async function* inTurn(first: Plan, then: Plan): AsyncGenerator<Message, void, MessageResult> {
  yield* first;
  yield* then;
}

export class Resumer {
  constructor(private readonly options: ResumeOptions) {}

  /** What would happen; moves nothing. Errors: `NO_RUN`, `NOT_INTERRUPTED`, `NO_START`. */
  async sheet(uid: string): Promise<ResumeSheet> {
    return (await this.#prepare(uid)).sheet;
  }

  /** Errors: those of `sheet`; `BUSY`; `PROFILE_CHANGED`; `CANNOT_RESUME` with all that stands against it. */
  async resume(uid: string, user: string): Promise<{ uid: string; sheet: ResumeSheet; outcome: Promise<Outcome> }> {
    const { engine, store, profile, switching = () => false } = this.options;
    const checked = profile();
    const busy = (): void => {
      engine.reservation.require();
      if (switching() || profile() !== checked) throw new EndstationError('PROFILE_CHANGED', 'The run was not resumed: the profile is being changed. Look at its sheet again, then resume.');
    };
    busy();
    const { sheet, run, replay, after, left } = await this.#prepare(uid);
    if (!sheet.ok || !replay) throw refuse(sheet);
    const rest = await replay.rest();
    const { partsOf = composed } = this.options;
    const plan = after ? inTurn(rest, partsOf(after.request, after.from)) : rest;
    busy();
    const { replayed } = this.options;
    if (replayed) await scanJournal(run.summary.journal, replayed);
    busy();
    const { start } = run;
    const started = engine.start({
      plan, planName: start.plan_name, title: after ? [after.request.plan, ...pathOf(after.request).motors].join(' ') : [start.plan_name, ...start.motors].join(' '),
      points: sheet.of, user, metadata: metadataOf(start), extras: extrasOf(run, this.options.profile()), editing: after ? null : replay.editing,
      continues: { start, points: sheet.points, targets: replay.targets, settings: left.filter(({ stands }) => stands), open: () => store.reopen(run) },
    });
    return { ...started, sheet };
  }

  /** What an interrupted run left changed. Errors: those of `sheet`. */
  async left(uid: string): Promise<readonly LeftSetting[]> {
    const { store, devices, profile } = this.options;
    return leftSettings(await store.interrupted(uid), devices, profile());
  }

  /** Closes an interrupted run; what it left changed is put back before. Errors: those of `sheet`; `BUSY` where a scan runs with what is to be put back. */
  async abandon(uid: string, user: string): Promise<AbandonedRun> {
    const { engine } = this.options;
    const left = await this.left(uid);
    const standing = left.filter(({ stands }) => stands);
    if (standing.length === 0) return this.#close(uid, left, user);
    if (engine.state !== 'idle') throw new EndstationError('BUSY', 'The run was not abandoned: it left settings of devices changed, and a scan is running. Wait for its end, then abandon the run.');
    const reservation = engine.reservation.take('An interrupted run is being closed, and settings of devices are put back. Wait a moment, then start again.');
    try {
      await this.#requireUnused(standing);
      return await this.#close(uid, left, user);
    } finally {
      reservation.dispose();
    }
  }

  /** By another program. Errors: `BUSY`. */
  async #requireUnused(standing: readonly LeftSetting[]): Promise<void> {
    for (const { scanId, motors, detectors } of await this.options.store.list({ status: ['running'] })) {
      const used = standing.find(({ device }) => motors.includes(device) || detectors.includes(device));
      if (used) throw new EndstationError('BUSY', `The run was not abandoned: it left a setting of ${used.device} changed, and run ${scanId} is running with that device. Wait for its end, then abandon the run.`);
    }
  }

  /** Nothing is put back where somebody else has the run. */
  async #close(uid: string, left: readonly LeftSetting[], user: string): Promise<AbandonedRun> {
    const { store, devices } = this.options;
    let result: Pick<AbandonedRun, 'done' | 'problems'> = { done: [], problems: left.map(({ told }) => told) };
    try {
      const run = await store.abandon(uid, async () => {
        result = await putLeftBack(left, devices, user);
        return [...result.done, ...result.problems];
      });
      return { run, ...result };
    } catch (error) {
      const { code, message } = toErrorData(error);
      throw result.problems.length === 0 ? error : new EndstationError(code, [message, ...result.problems].join('\n'), { cause: error });
    }
  }

  async #prepare(uid: string): Promise<Prepared> {
    const { store, pv, devices, profile } = this.options;
    const problems: ResumeFinding[] = [];
    const stand = (error: unknown): null => {
      problems.push({ level: 'error', message: toErrorData(error).message });
      return null;
    };
    let request: PlanRequest | null = null;
    let replay: Replay | null = null;
    const run = await store.interrupted(uid, async (document: RunDocument) => {
      try {
        if (document.name === 'start') {
          request = requestOf(document.doc);
          const { steps, editing } = planWith(request);
          replay = new Replay(steps, document.doc, editing);
        }
        await replay?.take(document);
      } catch (error) {
        replay = stand(error);
      }
    });
    // Up to the run's opening, for one that was interrupted before its first point.
    if (replay !== null) replay = await (replay as Replay).reachRun().then(() => replay, stand);
    const parts = { devices, profile: profile(), folderProblem: () => store.problem(), pvNow: (name: string) => pv.ready(name, { timeout: 2 }).catch(() => null), now: Date.now() / 1000 };
    const after = request === null ? null : await afterwards(run.start, request, { ...parts, folder: store.folder }, problems);
    const left = await leftSettings(run, devices, profile());
    return { sheet: await resumeSheet(run, request, replay, problems, left, parts), run, replay, after, left };
  }
}
