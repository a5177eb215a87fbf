// What the scan room and the command line both do: check a request, start it, follow it.
import { Emitter, type Disposable } from '@shared/disposable';
import type { RunDocument } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import type { PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { Preflight } from '@shared/scan';
import type { Devices } from '../devices/device';
import type { PvAccess } from '../pv/pvAccess';
import { Engine, type Outcome } from './engine/engine';
import type { RunSink } from './engine/runSink';
import { pathOf, planOf } from './plans/plans';
import { preflight } from './preflight';

export interface ScanServiceOptions {
  readonly pv: PvAccess;
  readonly devices: Devices;
  /** The profile in use now. */
  readonly profile: () => Profile;
  readonly sink: RunSink;
}

export class ScanService implements Disposable {
  readonly engine: Engine;
  readonly #replayed = new Emitter<readonly RunDocument[]>();

  constructor(private readonly options: ScanServiceOptions) {
    const { pv, devices, profile, sink } = options;
    this.engine = new Engine({ devices, sink, watchPv: (name, listener) => pv.watch(name, listener), suspenders: () => profile().suspenders });
  }

  preflight(request: PlanRequest): Promise<Preflight> {
    const { pv, devices, profile, sink } = this.options;
    return preflight(request, {
      devices, profile: profile(), folder: sink.folder, folderProblem: () => sink.problem(),
      pvNow: (name) => pv.ready(name, { timeout: 2 }).catch(() => null),
    });
  }

  /** Errors: `BUSY`, `PREFLIGHT` with all that stands in the way, `PROFILE_CHANGED` where what was checked is another control system's. */
  async start(request: PlanRequest, metadata: Readonly<Record<string, unknown>>, user: string): Promise<{ uid: string; outcome: Promise<Outcome> }> {
    if (this.engine.state !== 'idle') throw new EndstationError('BUSY', 'A scan is running already. Wait for its end, or stop it first.');
    const checked = this.options.profile();
    const { ok, findings } = await this.preflight(request);
    if (this.options.profile() !== checked) throw new EndstationError('PROFILE_CHANGED', 'The scan was not started: the profile changed while it was checked. Look at the plan again, then start it.');
    if (!ok) {
      const errors = findings.filter((finding) => finding.level === 'error');
      throw new EndstationError('PREFLIGHT', errors.map((finding) => finding.message).join('\n'));
    }
    const { motors, points, recordsNothing } = pathOf(request);
    return this.engine.start({
      plan: planOf(request), planName: request.plan, title: [request.plan, ...motors].join(' '), points: recordsNothing ? null : points, user,
      metadata: { profile: checked.name, ...metadata },
    });
  }

  /** Those of the run that is under way from its start, then new ones as they get to the disk. */
  documents(listener: (documents: readonly RunDocument[]) => void): Disposable {
    const { file } = this.engine;
    const before = this.#replayed.on(listener);
    if (!file) return both(before, this.engine.onDocuments(listener));
    let waiting: RunDocument[] | null = [];
    let over = false;
    const live = this.engine.onDocuments((documents) => {
      if (waiting) waiting.push(...documents);
      else listener(documents);
    });
    // The length of the journal is taken now: what comes later comes live.
    file.replay().catch(() => []).then((documents) => {
      if (over) return;
      const later = waiting ?? [];
      waiting = null;
      if (documents.length + later.length > 0) listener([...documents, ...later]);
    }).catch(() => undefined);
    return { dispose: () => { over = true; both(before, live).dispose(); } };
  }

  /** Documents of before, of a run that is about to go on. */
  replayed(documents: readonly RunDocument[]): void {
    this.#replayed.emit(documents);
  }

  dispose(): void {
    this.engine.dispose();
  }
}

function both(one: Disposable, other: Disposable): Disposable {
  return { dispose: () => { one.dispose(); other.dispose(); } };
}
