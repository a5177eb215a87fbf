// Resuming: reads the journal, follows the plan through it, checks the beamline, and lets the engine go on with the same run.
import type { RunDocument } from '@shared/documents';
import { EndstationError, toErrorData } from '@shared/errors';
import { checkPlan, type PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { ResumeFinding, ResumeSheet } from '@shared/resume';
import type { InterruptedRun } from '../../data/interruptedRun';
import { scanJournal } from '../../data/journal/reader';
import type { RunStore } from '../../data/runStore';
import type { Devices } from '../../devices/device';
import type { PvAccess } from '../../pv/pvAccess';
import type { Engine, Outcome } from '../engine/engine';
import { planOf } from '../plans/plans';
import { Replay } from './replay';
import { refuse, resumeSheet } from './resumeSheet';

export interface ResumeOptions {
  readonly engine: Engine;
  readonly store: RunStore;
  readonly pv: PvAccess;
  readonly devices: Devices;
  readonly profile: () => Profile;
  /** Gets what the run has already, for those who look on. */
  readonly replayed?: (documents: readonly RunDocument[]) => void;
}

interface Prepared { readonly sheet: ResumeSheet; readonly run: InterruptedRun; readonly request: PlanRequest | null; readonly replay: Replay | null }

export class Resumer {
  constructor(private readonly options: ResumeOptions) {}

  /** What would happen; moves nothing. Errors: `NO_RUN`, `NOT_INTERRUPTED`, `NO_START`. */
  async sheet(uid: string): Promise<ResumeSheet> {
    return (await this.#prepare(uid)).sheet;
  }

  /** Errors: those of `sheet`; `BUSY`; `CANNOT_RESUME` with all that stands against it. */
  async resume(uid: string, user: string): Promise<{ uid: string; sheet: ResumeSheet; outcome: Promise<Outcome> }> {
    const { engine, store } = this.options;
    const busy = (): void => {
      if (engine.state !== 'idle') throw new EndstationError('BUSY', 'A scan is running already. Wait for its end, or stop it first.');
    };
    busy();
    const { sheet, run, request, replay } = await this.#prepare(uid);
    if (!sheet.ok || !request || !replay) throw refuse(sheet);
    const plan = await replay.rest();
    busy();
    const { replayed } = this.options;
    if (replayed) await scanJournal(run.summary.journal, replayed);
    busy();
    const { start } = run;
    const started = engine.start({
      plan, planName: start.plan_name, title: [start.plan_name, ...start.motors].join(' '), points: sheet.of, user, metadata: {},
      continues: { start, points: sheet.points, targets: replay.targets, open: () => store.reopen(run) },
    });
    return { ...started, sheet };
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
          request = requestOf(document.doc.plan_name, document.doc.plan_args);
          replay = new Replay(planOf(request), document.doc);
        }
        await replay?.take(document);
      } catch (error) {
        replay = stand(error);
      }
    });
    // Up to the run's opening, for one that was interrupted before its first point.
    if (replay !== null) replay = await (replay as Replay).reachRun().then(() => replay, stand);
    const sheet = await resumeSheet(run, request, replay, problems, {
      devices, profile: profile(), folderProblem: () => store.problem(), pvNow: (name) => pv.ready(name, { timeout: 2 }).catch(() => null), now: Date.now() / 1000,
    });
    return { sheet, run, request, replay };
  }
}

/** Errors: `PLAN` where this program can not make the run's plan. */
function requestOf(plan: string, args: unknown): PlanRequest {
  const checked = checkPlan(plan, args);
  if (checked.ok) return checked.request;
  throw new EndstationError('PLAN', `The run's plan can not be made again: ${checked.problems.map(({ field, message }) => `${field}: ${message}`).join(' ')} Abandon the run, and start the scan anew.`);
}
