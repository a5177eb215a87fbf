// One plan while it runs: its devices, its open run, what it moved and staged.
import type { ChangedSetting } from '@shared/changedSettings';
import { DisposableStore, type Disposable } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import type { OpenRunMessage } from '@shared/messages';
import type { PlanReading } from '@shared/resume';
import { InterruptedError, isReadable, isStageable, isStoppable, type ActionContext, type Device, type Devices, type Stageable, type Stoppable } from '../../devices/device';
import { Actions } from './actions';
import type { Bundler } from './bundler';
import { ChangedSettings } from './changedSettings';
import type { Flight } from './flight';
import type { RunFile } from './runSink';

export interface OpenRun { readonly bundler: Bundler; readonly file: RunFile; stopped: boolean }

export class Session {
  readonly actions = new Actions();
  /** What ends with the plan. */
  readonly scope = new DisposableStore();
  /** Where the plan sent what it moved. */
  readonly targets = new Map<string, number | string>();
  readonly staged = new Set<Device & Stageable>();
  /** Those of them whose staging was not cut off. */
  readonly #ready = new Set<Device>();
  run: OpenRun | null = null;
  /** What the plan read before it opened its run. */
  readonly readings: PlanReading[] = [];
  readonly monitors = new Map<string, Disposable>();
  flight: Flight | null = null;
  /** What is put back at the end of the run, whatever ends it. */
  readonly settings = new ChangedSettings();
  /** What is recorded besides at the start of a run, and at its end. Set by the engine. */
  opened: () => Promise<void> = () => Promise.resolve();
  closing: () => Promise<void> = () => Promise.resolve();
  /** Milliseconds, monotonic. */
  checkpointAt = performance.now();
  readonly #devices = new Map<string, Device>();

  constructor(
    readonly uid: string,
    private readonly devices: Devices,
    /** Renewed after every interruption. */
    public context: ActionContext,
    private readonly makeRun: (message: OpenRunMessage, session: Session) => Promise<OpenRun>,
  ) {}

  /** At once where it was used before. Errors: those of `Devices.resolve`; `InterruptedError` where it was found too late. */
  device(name: string): Device | Promise<Device> {
    const known = this.#devices.get(name);
    if (known) return known;
    const { signal } = this.context;
    return this.devices.resolve(name, { signal }).then((device) => {
      this.#devices.set(name, device);
      // Nobody waits for it any more: it must not be set in motion now.
      if (signal.aborted) throw new InterruptedError(`Connecting to ${name}`);
      return device;
    });
  }

  /** One that was used before. */
  known(name: string): Device | undefined {
    return this.#devices.get(name);
  }

  with<T>(name: string, use: (device: Device) => T | Promise<T>): T | Promise<T> {
    const device = this.device(name);
    return device instanceof Promise ? device.then(use) : use(device);
  }

  #opening: { readonly message: OpenRunMessage; readonly run: Promise<OpenRun> } | null = null;

  /** Repeated after an interruption, it goes on with what it began: a run never has two files. Errors: of `makeRun`, and then it may be tried again. */
  async openRun(message: OpenRunMessage): Promise<void> {
    if (this.#opening?.message !== message) this.#opening = { message, run: this.makeRun(message, this) };
    try {
      this.run = await this.#opening.run;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  /** `what`: the message that needs it. Errors: `PLAN`. */
  requireRun(what: string): OpenRun {
    if (!this.run) throw new EndstationError('PLAN', `The plan asked for \`${what}\` outside a run. Yield \`open_run\` first.`);
    return this.run;
  }

  stopRun(exitStatus: 'success' | 'abort' | 'fail', reason: string): void {
    if (!this.run || this.run.stopped) return;
    this.endStreams();
    this.#opening = null;
    this.run.stopped = true;
    this.run.bundler.stop(exitStatus, reason);
  }

  endStreams(): void {
    for (const monitor of this.monitors.values()) monitor.dispose();
    this.monitors.clear();
    this.flight?.dispose();
    this.flight = null;
  }

  /** The fields of a device that a plot would show on an axis. */
  fields(name: string): readonly string[] {
    const device = this.#devices.get(name);
    return device && isReadable(device) ? device.hints.slice(0, 1) : [name];
  }

  async stage(device: Device): Promise<void> {
    if (!isStageable(device) || this.#ready.has(device)) return;
    this.staged.add(device);
    await device.stage(this.context);
    this.#ready.add(device);
    this.tellStaged();
  }

  /** What staging changed and nobody has put back. */
  get changedByStaging(): readonly ChangedSetting[] {
    return [...this.staged].flatMap((device) => (device.changed ?? []).map((change) => ({ device: device.name, ...change })));
  }

  /** The run tells what staging changed; what it told already, not again. */
  tellStaged(): void {
    for (const change of this.changedByStaging) this.settings.tell(change, this.run);
  }

  async unstage(device: Device): Promise<void> {
    if (!isStageable(device) || !this.staged.has(device)) return;
    this.#ready.delete(device);
    await device.unstage(this.context);
    this.staged.delete(device);
  }

  /** What may move or count because of this plan. */
  get stoppable(): readonly Stoppable[] {
    const moved = [...this.targets.keys()].flatMap((name) => this.#devices.get(name) ?? []);
    return [...new Set([...moved, ...this.actions.busy])].filter(isStoppable);
  }
}
