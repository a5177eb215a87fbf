// The scan room's part of the contract: devices, preflight, the engine's commands, its status and documents.
import type { Room } from '../room';
import type { RunStore } from '../data/runStore';
import { createQueue, type QueueCalls } from './queue/queueHandlers';
import { resumeHandlers, type ResumeCalls } from './resume/resumeHandlers';
import { Resumer } from './resume/resumeRun';
import { scriptDeclarations } from './scripts/scriptApi';
import type { PlanFiles } from './scripts/scriptLibrary';
import { ScanService, type ScanServiceOptions } from './scanService';

export interface ScanRoomOptions extends ScanServiceOptions {
  readonly sink: RunStore;
  readonly plans: PlanFiles;
  /** JSON file that keeps the queue. */
  readonly queueFile: string;
  /** What the user is to know of the queue's file. */
  readonly onProblem: (id: string, message: string) => void;
}

export interface ScanRoom extends Room<ScanCalls | QueueCalls | ResumeCalls> {
  /** A scan runs, an interrupted one is being closed, or the queue is between two: the profile is not to be changed. */
  readonly busy: boolean;
}

type ScanCalls = 'scan.devices' | 'scan.preflight' | 'scan.start' | 'scan.pause' | 'scan.resume' | 'scan.stop' | 'scan.abort'
  | 'scan.stopAll' | 'scan.status' | 'scan.documents' | 'scan.halt' | 'scan.edit' | ScriptCalls;
type ScriptCalls = 'scan.checkScript' | 'scan.scripts' | 'scan.saveScript' | 'scan.scriptApi' | 'scan.printed';

/** Milliseconds that the end of a running scan gets when the application closes. */
const closingTime = 1500;

export function createScanRoom(options: ScanRoomOptions): ScanRoom {
  const service = new ScanService(options);
  const { engine } = service;
  let running: Promise<unknown> = Promise.resolve();
  const { queue, handlers } = createQueue({ service, file: options.queueFile, onProblem: options.onProblem, onRun: (outcome) => { running = outcome; } });
  const resumer = new Resumer({ ...options, engine, store: options.sink, replayed: (documents) => service.replayed(documents), partsOf: (request, from) => service.partsOf(request, from) });
  return {
    get busy() { return !engine.reservation.free || queue.active; },
    handlers: {
      ...handlers,
      ...resumeHandlers(resumer, (outcome) => { running = outcome; }),
      'scan.devices': () => options.devices.describe(),
      'scan.preflight': ({ request, metadata }, session) => service.preflight(request, metadata, session.user),
      'scan.start': async ({ request, metadata, baseline, monitors }, session) => {
        const { uid, outcome } = await service.start(request, metadata, session.user, { baseline, monitors });
        running = outcome;
        return { uid };
      },
      'scan.pause': ({ when }) => engine.pause(when),
      'scan.resume': () => engine.resume(),
      'scan.stop': () => engine.stop(),
      'scan.abort': ({ reason }) => engine.abort(reason),
      'scan.halt': () => engine.halt(),
      'scan.edit': ({ request, skip }, session) => service.edit(request, skip, session.user),
      'scan.checkScript': ({ source, name }) => service.checkScript(source, name),
      'scan.scripts': () => options.plans.list(),
      'scan.saveScript': ({ name, source }) => options.plans.save(name, source),
      'scan.scriptApi': () => ({ declarations: scriptDeclarations() }),
      'scan.printed': (_args, emit) => service.onPrint(emit),
      'scan.stopAll': (_args, session) => engine.stopAll(session.user),
      'scan.status': (_args, emit) => {
        emit(engine.status);
        return engine.onStatus(emit);
      },
      'scan.documents': (_args, emit) => service.documents(emit),
    },
    async dispose() {
      queue.dispose();
      service.dispose();
      await Promise.race([running.then(() => service.settled), new Promise((resolve) => { setTimeout(resolve, closingTime).unref(); })]);
      options.devices.dispose();
    },
  };
}
