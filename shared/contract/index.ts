// The one contract between the window and the services: every call and every stream, over a MessagePort or a WebSocket.
// A new call is added here, and handled in the room that owns it; both ends follow by type.
import * as v from 'valibot';
import type { AppInfo, AppStatus } from '../app';
import type { LeftSetting } from '../changedSettings';
import type { PeakStatistics } from '../compute';
import type { ShownInput } from '../computeResults';
import { jobNames } from '../computeSchemas';
import type { PeakFit } from '../computeSignals';
import type { ComputeActivity, ComputeTask, JobDescription } from '../computeTasks';
import type { ListedArray } from '../storedNumbers';
import type { RunData, RunDocument, RunSummary } from '../documents';
import type { RunFrame } from '../frames';
import type { LabEvent, LabImport, LabOverview, LabSetup } from '../lab';
import { planRequestSchema } from '../plans';
import type { ProfileSummary, Settings } from '../profile';
import type { PvFrame, PvInfo, PvState, WriteRecord } from '../pv';
import type { QueueCheck, QueueState } from '../queue';
import type { AbandonedRun, ResumeSheet } from '../resume';
import type { DeviceDescription, EngineStatus, Preflight } from '../scan';
import type { ScriptCheck, ScriptFile, ScriptLibrary, ScriptPrint } from '../scripts';
import { command, query, stream } from './define';

const none = v.strictObject({});
const pv = v.pipe(v.string(), v.trim(), v.minLength(1, 'Enter the name of a PV.'), v.maxLength(500, 'A PV name has at most 500 characters.'));
const pvs = v.pipe(v.array(pv), v.maxLength(20_000));
const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const uid = v.pipe(v.string(), v.regex(/^[0-9a-f-]{8,40}$/, 'A run is named by its uid.'));
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/, 'A day is written YYYY-MM-DD.'));
const task = v.pipe(v.string(), v.uuid());
const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

/** Typed arrays are what MessagePort and msgpack both carry; anything else of that size goes as one. */
const numericArray = v.custom<Float64Array>((value) => value instanceof Float64Array, 'Numbers in a Float64Array.');
const writable = v.union([
  v.number(), text(1_000_000), v.boolean(), v.pipe(v.array(v.number()), v.maxLength(2_000_000)), v.pipe(v.array(text(1000)), v.maxLength(100_000)), numericArray,
]);

const deviceNames = v.pipe(v.array(pv), v.maxLength(200));
const metadata = v.optional(v.record(text(200), v.union([text(10_000), v.number(), v.boolean()])), {});

export const contract = {
  'app.info': query<AppInfo>()(none),
  'app.status': stream<AppStatus>()(none),

  /** Interest in PVs, counted per window; their values come by `pv.frames`. */
  'pv.attach': query<void>()(v.strictObject({ pvs })),
  'pv.detach': query<void>()(v.strictObject({ pvs })),
  /** At most 60 frames a second; only what changed; the latest value of each PV. */
  'pv.frames': stream<PvFrame>()(none),
  /** The window has worked off this many frames more: one that lags is then sent fewer, instead of a queue that grows. */
  'pv.seen': query<void>()(v.strictObject({ frames: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)) })),
  'pv.read': query<PvState>()(v.strictObject({ pv, timeout: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(60)), 3) })),
  'pv.info': query<PvInfo>()(v.strictObject({ pv })),
  /** Known names that contain the text: the simulation's, the profile's devices', and what was looked at. */
  'pv.names': query<readonly { pv: string; description?: string }[]>()(v.strictObject({ text: text(200), limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 50) })),
  'pv.write': command<WriteRecord>()(v.strictObject({
    pv, value: writable, wait: v.optional(v.boolean(), false),
    source: v.optional(v.picklist(['panel', 'pvs', 'scan']), 'panel'),
  })),
  'pv.writes': stream<readonly WriteRecord[]>()(none),

  'scan.devices': query<readonly DeviceDescription[]>()(none),
  /** `metadata`: names of files may be made of it. */
  'scan.preflight': query<Preflight>()(v.strictObject({ request: planRequestSchema, metadata: v.optional(metadata, {}) })),
  /** `baseline` and `monitors`: besides the profile's. */
  'scan.start': command<{ uid: string }>()(v.strictObject({ request: planRequestSchema, metadata, baseline: v.optional(deviceNames, []), monitors: v.optional(deviceNames, []) })),
  'scan.pause': command<void>()(v.strictObject({ when: v.optional(v.picklist(['now', 'checkpoint']), 'now') })),
  'scan.resume': command<void>()(none),
  'scan.stop': command<void>()(none),
  'scan.abort': command<void>()(v.strictObject({ reason: v.optional(text(1000), '') })),
  /** As abort, and nothing of the plan's own cleaning up is done: motors are stopped, the file is closed. */
  'scan.halt': command<void>()(none),
  /**
   * Replaces the remaining points of a paused scan by those of the same plan with other arguments. `skip`: points of the new path that
   * count as taken, as many as were taken unless told. Errors: `NOT_NOW`, `NOT_EDITABLE`, `PREFLIGHT`.
   */
  'scan.edit': command<{ points: number }>()(v.strictObject({ request: planRequestSchema, skip: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))) })),
  'scan.checkScript': query<ScriptCheck>()(v.strictObject({ source: text(1_000_000), name: v.optional(text(200), 'script.ts') })),
  'scan.scripts': query<ScriptLibrary>()(none),
  'scan.saveScript': command<ScriptFile>()(v.strictObject({ name: text(100), source: text(200_000) })),
  /** TypeScript declarations of all that a script may use, for completion in an editor. */
  'scan.scriptApi': query<{ declarations: string }>()(none),
  'scan.printed': stream<ScriptPrint>()(none),
  /** STOP: stops every motor of the profile and ends the scan. */
  'scan.stopAll': command<{ stopped: readonly string[]; failed: readonly string[] }>()(none),
  'scan.status': stream<EngineStatus>()(none),
  /** Documents of the running run from its start, then as they come; a new run begins with its start document. */
  'scan.documents': stream<readonly RunDocument[]>()(none),

  /** The queue's state now, and each change. */
  'queue.state': stream<QueueState>()(none),
  /** `at`: its place, from 0; left out: the end. */
  'queue.add': command<{ id: string }>()(v.strictObject({ request: planRequestSchema, metadata, at: v.optional(place) })),
  'queue.edit': command<void>()(v.strictObject({ id: task, request: planRequestSchema, metadata: v.optional(metadata) })),
  'queue.remove': command<void>()(v.strictObject({ ids: v.pipe(v.array(task), v.maxLength(1000)) })),
  'queue.move': command<void>()(v.strictObject({ id: task, to: place })),
  'queue.duplicate': command<{ id: string }>()(v.strictObject({ id: task })),
  'queue.start': command<void>()(none),
  /** What runs is the last. */
  'queue.finish': command<void>()(none),
  /** Runs as soon as the engine is free, before the next of the queue, which stays as it is. */
  'queue.runNow': command<{ id: string }>()(v.union([v.strictObject({ id: task }), v.strictObject({ request: planRequestSchema, metadata })])),
  'queue.loop': command<void>()(v.strictObject({ on: v.boolean() })),
  'queue.lock': command<void>()(v.strictObject({ note: v.optional(text(500), '') })),
  'queue.unlock': command<void>()(none),
  'queue.clearHistory': command<void>()(none),
  /** A preflight of each item that waits. */
  'queue.check': query<readonly QueueCheck[]>()(none),

  /** All that is given must hold. `from`, `to`: days of local time, both included. */
  'runs.list': query<readonly RunSummary[]>()(v.strictObject({
    text: v.optional(text(200), ''), plan: v.optional(text(100)), motor: v.optional(text(500)), sample: v.optional(text(500)), from: v.optional(day), to: v.optional(day),
    status: v.optional(v.array(v.picklist(['success', 'abort', 'fail', 'interrupted', 'running']))), limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)), 500),
  })),
  'runs.read': query<RunData>()(v.strictObject({ uid })),
  /** One image or spectrum of a run, by its data key; `point`: from 1. null: the point has none, or the file has lost it. */
  'runs.frame': query<RunFrame | null>()(v.strictObject({ uid, key: text(500), point: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000_000)) })),
  /** Shows the file in the system's file manager where the host has one; always says the path. */
  'runs.reveal': query<{ path: string; shown: boolean }>()(v.strictObject({ uid })),
  'runs.changed': stream<{ uid: string }>()(none),
  /** Of an interrupted run, before it goes on: what answers, what would move, what stands against it. Moves nothing. */
  'runs.resumeSheet': query<ResumeSheet>()(v.strictObject({ uid })),
  /** Goes on with an interrupted run after the same checks: one run, one file. */
  'runs.resume': command<{ uid: string }>()(v.strictObject({ uid })),
  /** Makes a file of the run beside it, anew where there is one; its path. */
  'runs.export': command<{ path: string }>()(v.strictObject({ uid, format: v.picklist(['nexus', 'spec', 'csv', 'jsonl']) })),
  /** Settings that an interrupted run changed and did not put back, e.g. the speed of a motor. */
  'runs.leftSettings': query<readonly LeftSetting[]>()(v.strictObject({ uid })),
  /** Closes an interrupted run, and puts back what it left changed. Errors: `NOT_INTERRUPTED`, `BUSY`. */
  'runs.abandon': command<AbandonedRun>()(v.strictObject({ uid })),

  'lab.overview': query<LabOverview>()(none),
  'lab.run': command<{ job: string }>()(v.strictObject({ experiments: v.array(text(60)), runtimes: v.optional(v.array(text(60)), []), quick: v.optional(v.boolean(), false) })),
  'lab.cancel': command<void>()(none),
  'lab.events': stream<LabEvent>()(none),
  /** The program that ran, to read beside its result. */
  'lab.source': query<{ file: string; language: string; text: string }>()(v.strictObject({ runtime: text(60), experiment: v.optional(text(60), 'speedup') })),
  /** Results that were exported on another machine: the text of a file (JSON, or a line each as `lab run --json` prints them). */
  'lab.import': command<LabImport>()(v.strictObject({ name: text(300), text: text(50_000_000) })),
  'lab.imports': query<readonly LabImport[]>()(none),
  'lab.forgetImport': command<void>()(v.strictObject({ id: task })),
  /** The lab's own Python environment: begins to make it (or makes it anew), and tells how that goes. */
  'lab.setup': command<void>()(none),
  'lab.setupCancel': command<void>()(none),
  'lab.setupState': stream<LabSetup>()(none),

  'compute.peakStatistics': query<PeakStatistics>()(v.strictObject({ x: numericArray, y: numericArray })),
  /** The curve is at each x, also where y is NaN: such points are not fitted. */
  'compute.peakFit': query<PeakFit>()(v.strictObject({ x: numericArray, y: numericArray, shape: v.picklist(['gauss', 'lorentz', 'pseudoVoigt', 'step']) })),
  'compute.jobs': query<readonly JobDescription[]>()(none),
  /** The input is checked by the job's own schema; an array may be named (NumbersSource) instead of sent. `on`: `threads`, `dask://HOST:PORT` or `mpi`; `sources`: by field, to be shown and saved with the result. */
  'compute.run': command<{ id: string }>()(v.strictObject({
    job: v.picklist(jobNames), input: v.unknown(), on: v.optional(text(300), 'threads'), workers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
    sources: v.optional(v.record(text(100), v.strictObject({ label: text(500), units: text(40) })), {}), run: v.optional(v.nullable(uid), null),
  })),
  /** Lets the user choose a data file with the system's dialog; null: cancelled. `arrays`: those of an HDF5 file, none of another. */
  'compute.chooseFile': command<{ path: string; arrays: readonly ListedArray[] } | null>()(none),
  'compute.cancel': command<void>()(v.strictObject({ id: task })),
  /** Takes a job that has ended off the list, with its result. */
  'compute.forget': command<void>()(v.strictObject({ id: task })),
  'compute.changed': stream<ComputeActivity>()(none),
  'compute.result': query<{ task: ComputeTask; output: unknown; input: ShownInput }>()(v.strictObject({ id: task })),
  /** Writes the result beside the run that its data came from, else into the data folder of the day. */
  'compute.save': command<{ path: string }>()(v.strictObject({ id: task, format: v.picklist(['json', 'csv']) })),

  'displays.list': query<readonly { path: string; name: string; origin: string }[]>()(none),
  /** A display file's text. `from`: the display that names it, so that a relative path can be resolved. */
  'displays.read': query<{ path: string; text: string }>()(v.strictObject({ path, from: v.optional(path) })),
  /** Lets the user choose a file with the system's dialog; null: cancelled. */
  'displays.choose': query<{ path: string } | null>()(none),
  /** Displays that something outside the window asks to open (the command line, a second start). */
  'displays.requested': stream<{ path: string }>()(none),

  'settings.get': query<Settings>()(none),
  'settings.change': command<Settings>()(v.strictObject({
    theme: v.optional(v.picklist(['dark', 'light', 'system'])),
    zoom: v.optional(v.pipe(v.number(), v.minValue(50), v.maxValue(300))),
    touch: v.optional(v.boolean()),
    dataFolder: v.optional(path),
    filePattern: v.optional(v.pipe(v.string(), v.maxLength(400))),
  })),
  'settings.changed': stream<Settings>()(none),
  'profiles.list': query<readonly ProfileSummary[]>()(none),
  'profiles.use': command<void>()(v.strictObject({ name: text(100) })),
  /** Checks a profile file and adds it to the list. */
  'profiles.add': command<ProfileSummary>()(v.strictObject({ path })),
} as const;

export type Contract = typeof contract;
export type { ArgsIn, ArgsOut, CallNames, EventOf, ResultOf, StreamNames } from './define';
