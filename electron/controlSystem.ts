// Which control system is in use: a change of profile starts or stops the simulated beamline and moves all PVs over, without a restart.
import { toErrorData } from '@shared/errors';
import type { AppNotice } from '@shared/app';
import type { KnownName, PvNetwork, SimulationPorts } from './pv';
import { networkOf } from './pv';
import type { ActiveProfile } from './settings/activeProfile';

export interface RunningSimulation extends SimulationPorts { stop(): Promise<void> }

export interface ControlSystemOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  configure(network: PvNetwork): Promise<void>;
  /** `failed` is called when it ends by itself. */
  startSimulation(failed: (error: Error) => void): Promise<RunningSimulation>;
  /** Names of the simulated PVs, to be offered. */
  simulatedNames(): readonly KnownName[];
  notice(id: string, notice: AppNotice | null): void;
  /** Milliseconds before a simulation that ended is started again. */
  readonly restartDelay?: number;
}

const noticeId = 'control-system';

export class ControlSystem {
  #options: ControlSystemOptions;
  #wanted: ActiveProfile | null = null;
  #simulation: RunningSimulation | null = null;
  /** Changes one after the other, in the order in which they were asked for. */
  #work: Promise<void> = Promise.resolve();
  #restart: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #changes = 0;

  constructor(options: ControlSystemOptions) { this.#options = options; }

  /** PVs are being moved over to another profile. */
  get switching(): boolean { return this.#changes > 0; }

  /** Resolves when PVs of that profile are searched for; fails where its simulation can't start or its addresses can't be used. */
  use(active: ActiveProfile): Promise<void> {
    this.#wanted = active;
    return this.#enqueue(async () => {
      // A later wish overtook this one.
      if (this.#wanted !== active || this.#closed) return;
      await this.#change(active);
      this.#options.notice(noticeId, null);
    });
  }

  /** As `use`, where nobody waits for it: what goes wrong becomes a notice. */
  async begin(active: ActiveProfile): Promise<void> {
    try {
      await this.use(active);
    } catch (error) {
      this.#options.notice(noticeId, { id: noticeId, level: 'error', message: toErrorData(error).message });
    }
  }

  async #change(active: ActiveProfile): Promise<void> {
    const { configure, environment } = this.#options;
    if (active.kind === 'simulation') {
      this.#simulation ??= await this.#options.startSimulation((error) => this.#failed(error));
      await configure(networkOf(active, environment, { ...this.#simulation, names: this.#options.simulatedNames() }));
      return;
    }
    await configure(networkOf(active, environment));
    await this.#stopSimulation();
  }

  /** The simulation ended by itself: its PVs are disconnected already; it comes back by itself too. */
  #failed(error: Error): void {
    this.#simulation = null;
    const wanted = this.#wanted;
    if (this.#closed || wanted?.kind !== 'simulation') return;
    this.#options.notice(noticeId, { id: noticeId, level: 'error', message: `${error.message} It is started again.` });
    this.#restart = setTimeout(() => {
      if (this.#wanted === wanted) void this.begin(wanted);
    }, this.#options.restartDelay ?? 1000);
  }

  async #stopSimulation(): Promise<void> {
    const simulation = this.#simulation;
    this.#simulation = null;
    await simulation?.stop();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#changes += 1;
    const turn = this.#work.then(step).finally(() => { this.#changes -= 1; });
    this.#work = turn.catch(() => undefined);
    return turn;
  }

  /** Stops the simulation. */
  async dispose(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await this.#enqueue(() => this.#stopSimulation());
  }
}
