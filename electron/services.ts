// The composition root of both hosts: makes every room, joins them, and ends them in order. It decides nothing else.
import { join } from 'node:path';
import { CaClient, PvaClient } from 'epics-ioc-connection';
import type { AppInfo } from '@shared/app';
import { EndstationError, toErrorData } from '@shared/errors';
import type { Settings } from '@shared/profile';
import { createAppRoom, NoticeBoard } from './app';
import { createComputeRoom } from './compute/computeRoom';
import { readPvNumbers } from './readPvNumbers';
import { openRun } from './data/runColumn';
import { ControlSystem } from './controlSystem';
import { createRunsRoom } from './data/runsRoom';
import { createRunStore } from './data/runStore';
import { saveBeside } from './data/saveBeside';
import { createDevices } from './devices';
import { createDisplaysRoom, displayRoots } from './displays';
import type { Handlers, Session } from './ipc/handlers';
import { serve } from './ipc/serve';
import type { Connection, Peer } from './ipc/serve';
import { createLabRoom } from './parallelism/labRoom';
import { createPvRoom } from './pv';
import type { Paths } from './room';
import { createScanRoom } from './scan/scanRoom';
import { PlanFiles } from './scan/scripts/scriptLibrary';
import { createSettingsRoom } from './settings';
import { listSimulatedPvs, startSimulation } from './sim';

export interface ServiceOptions {
  readonly paths: Paths;
  readonly host: AppInfo['host'];
  readonly version: string;
  /** e.g. `Electron 22.3.25 (Node 16.17.1, Chromium 108)`. */
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `--profile NAME|FILE`, for this start only. */
  readonly profile?: string;
  /** The system's dialog for a display file; left out where the host has none. */
  readonly chooseDisplay?: () => Promise<string | null>;
  /** Lets the user choose a file of numbers. */
  readonly chooseData?: () => Promise<string | null>;
  /** Shows a file in the system's file manager; false where it could not. */
  readonly reveal?: (path: string) => Promise<boolean>;
}

export interface Services {
  readonly handlers: Handlers;
  /** A window comes; disposing of the connection lets everything that it holds go. */
  connect(peer: Peer): Connection;
  /** The user named a display outside the window: it may be read, and windows are asked to show it. */
  openDisplay(path: string): void;
  readonly settings: Settings;
  onSettings(listener: (settings: Settings) => void): void;
  /** An error that no room caught: logged, and told to the user; the application goes on. */
  unexpected(error: unknown): void;
  /** Stops scans' watchers, workers and the simulation; closes journals and sockets. */
  dispose(): Promise<void>;
}

/** For what the services themselves listen to. */
const ownSession: Session = { id: 'services', observer: false, user: 'services', scope: { add: (member) => member } };

/** Errors: of a `profile` that can't be used. Anything else that is wrong becomes a notice, and the application goes on. */
export function startServices(options: ServiceOptions): Services {
  const { paths, environment } = options;
  const notices = new NoticeBoard();
  const warn = (id: string, message: string): void => notices.post({ id, level: 'warning', message });

  const settings = createSettingsRoom({ paths, environment, onProblem: warn, ...(options.profile === undefined ? {} : { profile: options.profile }) });
  const pv = createPvRoom({
    createClient: (client) => new CaClient(client),
    createPvaClient: (client) => new PvaClient(client),
    writesFolder: join(paths.user, 'writes'),
    onNotice: (id, notice) => (notice === null ? notices.clear(id) : notices.post(notice)),
  });
  const control = new ControlSystem({
    environment,
    configure: (network) => pv.configure(network),
    startSimulation: (failed) => startSimulation({ workerFile: join(paths.workers, 'simWorker.cjs'), onFailure: failed }),
    simulatedNames: () => listSimulatedPvs().map((known) => ({ pv: known.pv, description: known.description })),
    notice: (id, notice) => (notice === null ? notices.clear(id) : notices.post(notice)),
  });
  const profile = () => settings.active.profile;
  const store = createRunStore({ folder: () => settings.dataFolder, filePattern: () => settings.filePattern, workers: paths.workers, version: options.version, onProblem: warn });
  const scan = createScanRoom({ pv: pv.access, devices: createDevices({ pv: pv.access, profile }), profile, sink: store, workers: paths.workers, plans: new PlanFiles(join(paths.user, 'plans')), switching: () => control.switching, queueFile: join(paths.user, 'queue.json'), overheadsFile: join(paths.user, 'overheads.json'), onProblem: warn });
  const runs = createRunsRoom({ store, onMended: (id, message) => notices.post({ id, level: 'info', message }), ...(options.reveal === undefined ? {} : { reveal: options.reveal }) });
  const lab = createLabRoom({ paths, environment });
  const compute = createComputeRoom({
    workers: paths.workers, python: join(paths.resources, 'python'), environment, labPython: () => lab.python(), choose: options.chooseData,
    save: (run, name, contents) => saveBeside(store, run, name, contents), readers: { run: (run) => openRun(store, run), pv: (name) => readPvNumbers(pv.access, name) },
  });
  const displays = createDisplaysRoom({ roots: () => displayRoots(join(paths.resources, 'displays'), settings.active), choose: options.chooseDisplay, openedFile: join(paths.user, 'displays.json') });
  const app = createAppRoom({
    info: { version: options.version, host: options.host, runtime: options.runtime, platform: `${process.platform} ${process.arch}` },
    notices, counts: () => pv.statistics,
    profile: () => ({ name: profile().name, simulation: settings.active.kind === 'simulation' }),
  });

  settings.onProfile(async (active) => {
    if (scan.busy) throw new EndstationError('SCAN_RUNNING', 'The profile was not changed: a scan or the queue runs with it. Stop it first.');
    await control.use(active);
    app.refresh();
  });
  void control.begin(settings.active);

  const handlers: Handlers = {
    ...app.handlers, ...pv.handlers, ...scan.handlers, ...runs.handlers, ...lab.handlers, ...compute.handlers, ...displays.handlers, ...settings.handlers,
  };
  const connections = new Set<Connection>();
  const report = (where: string, error: unknown): void => {
    process.stderr.write(`${where}: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  };

  let ending: Promise<void> | null = null;
  async function end(): Promise<void> {
    for (const connection of connections) connection.dispose();
    // The scan first, while its motors and its journal are still there; the control system last.
    for (const room of [scan, runs, lab, compute, displays, settings, app]) await room.dispose();
    await pv.dispose();
    await control.dispose();
  }

  return {
    handlers,
    connect(peer) {
      const connection = serve(handlers, peer, report);
      connections.add(connection);
      return {
        session: connection.session,
        receive: (data) => connection.receive(data),
        dispose() {
          connections.delete(connection);
          connection.dispose();
        },
      };
    },
    openDisplay: (path) => displays.request(path),
    unexpected(error) {
      report('unexpected', error);
      notices.post({
        id: 'unexpected', level: 'error',
        message: `Something inside Endstation failed: ${toErrorData(error).message} What you do goes on; start Endstation again when it suits you, and report this.`,
      });
    },
    get settings() { return settings.settings; },
    onSettings(listener) { settings.handlers['settings.changed']({}, listener, ownSession); },
    dispose: () => (ending ??= end()),
  };
}
