// The sheet before an interrupted run goes on: do the devices answer, where do the motors stand, is the beam there. Moves nothing.
import type { LeftSetting } from '@shared/changedSettings';
import { dataKeyName } from '@shared/dataKeyName';
import type { DataKey } from '@shared/documents';
import { EndstationError, toErrorData } from '@shared/errors';
import type { PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { PvState } from '@shared/pv';
import { interruptionsStream, type ResumeFinding, type ResumeMotor, type ResumeSheet } from '@shared/resume';
import type { InterruptedRun } from '../../data/interruptedRun';
import { isoTime } from '../../data/runNames';
import { isMovable, isReadable, type Device, type Devices } from '../../devices/device';
import { quantity } from '../../devices/naming';
import { reasonToSuspend } from '../engine/suspenders';
import { pathOf } from '../plans/plans';
import type { Replay } from './replay';

export interface ResumeParts {
  readonly devices: Devices;
  readonly profile: Profile;
  /** Why nothing can be written, null where all is well. */
  readonly folderProblem: () => Promise<string | null>;
  readonly pvNow: (pv: string) => Promise<PvState | null>;
  /** Unix seconds. */
  readonly now: number;
}

/** Seconds that devices get to answer. */
const patience = 3;
/** Plans that choose their positions by what they measure. */
const followsSignal: ReadonlySet<PlanRequest['plan']> = new Set(['adaptive_scan', 'rel_adaptive_scan', 'tune_centroid']);
/** Relative change of a setting from which it is worth a word. */
const noticeable = 1e-6;

/** `replay`: the plan, followed through the journal; null where it could not be, `problems` say why. `left`: settings that were not put back. */
export async function resumeSheet(run: InterruptedRun, request: PlanRequest | null, replay: Replay | null, problems: readonly ResumeFinding[], left: readonly LeftSetting[], parts: ResumeParts): Promise<ResumeSheet> {
  const findings: ResumeFinding[] = [...problems];
  const { summary, start, first, last } = run;
  const names = new Set([...start.motors, ...start.detectors, ...replay?.devices ?? []]);
  const found = await findDevices([...names], parts.devices, findings);
  const motors = [...replay?.targets ?? []].map(([name, target]) => motorRow(name, target, found.get(name), findings));
  if (request && replay) checkRest(replay.editing?.request ?? request, run, replay, found, findings);
  for (const setting of left) findings.push(tellOfSetting(setting));
  comparePlace(run, found, parts.profile, findings);
  const problem = await parts.folderProblem();
  if (problem !== null) findings.push({ level: 'error', field: 'folder', message: problem });
  await checkBeam(parts, findings);
  if (run.shape.damaged > 0) findings.push({ level: 'warning', message: `${run.shape.damaged} lines of the journal are damaged, by the disk or by hand: what they had is not there. All other points are.` });
  if (run.shape.torn > 0) findings.push({ level: 'info', message: `The crash tore off a record (${run.shape.torn} bytes) that had not been shown to anybody. It is cut away.` });
  const points = run.streams.get('primary')?.events ?? 0;
  const of = replay?.points ?? start.num_points ?? null;
  const pace = first && last && points > 1 ? (last.time - first.time) / (points - 1) : null;
  return {
    run: summary, ok: findings.every(({ level }) => level !== 'error'), points, of, adaptive: request !== null && followsSignal.has(request.plan),
    interrupted: isoTime(run.lastTime), gap: Math.max(0, parts.now - run.lastTime), gaps: run.streams.get(interruptionsStream)?.events ?? 0,
    duration: pace === null || of === null ? null : Math.max(0, of - points) * pace, motors, findings,
  };
}

async function findDevices(names: readonly string[], devices: Devices, findings: ResumeFinding[]): Promise<Map<string, Device>> {
  const found = new Map<string, Device>();
  await Promise.all(names.map(async (name) => {
    try {
      found.set(name, await devices.resolve(name, { timeout: patience }));
    } catch (error) {
      findings.push({ level: 'error', field: name, message: `${toErrorData(error).message} The run needs it.` });
    }
  }));
  return found;
}

/** Where it was sent, where it is, and whether it may go there. */
function motorRow(name: string, journal: number | string, device: Device | undefined, findings: ResumeFinding[]): ResumeMotor {
  const none = { name, journal, units: '', now: null, low: null, high: null, moves: false };
  if (!device) return none;
  if (!isMovable(device)) {
    findings.push({ level: 'error', field: name, message: `${name} can not be moved now: it is a ${device.kind}. It could when the run began; look at the profile.` });
    return none;
  }
  const { units, position, low, high } = device.travel;
  const moves = !device.isAt(journal);
  if (moves) {
    try {
      device.check(journal);
    } catch (error) {
      findings.push({ level: 'error', field: name, message: toErrorData(error).message.replace(' was not moved:', ' can not be brought back to where it was:') });
    }
  }
  return { name, journal, units, now: position, low, high, moves };
}

function tellOfSetting({ device, stands, told }: LeftSetting): ResumeFinding {
  return stands ? { level: 'info', field: device, message: `${told} It is put back at the run's end.` } : { level: 'warning', field: device, message: told };
}

/** The positions that are left must be allowed. */
function checkRest(request: PlanRequest, run: InterruptedRun, replay: Replay, found: ReadonlyMap<string, Device>, findings: ResumeFinding[]): void {
  const path = pathOf(request);
  const points = path.points === null ? 0 : replay.behind(run.streams.get('primary')?.events ?? 0);
  const ranges = path.motors.map((): [number, number] => [Infinity, -Infinity]);
  let index = 0;
  for (const row of path.positions()) {
    index += 1;
    if (index <= points) continue;
    row.forEach((position, column) => {
      const range = ranges[column];
      const place = position + (path.relative ? replay.originOf(path.motors[column] ?? '') : 0);
      if (range) ranges[column] = [Math.min(range[0], place), Math.max(range[1], place)];
    });
  }
  path.motors.forEach((name, column) => {
    const device = found.get(name);
    const [from, to] = ranges[column] ?? [Infinity, -Infinity];
    if (!device || !isMovable(device) || from > to) return;
    for (const position of new Set([to, from])) {
      try {
        device.check(position);
      } catch (error) {
        const message = toErrorData(error).message.replace(' was not moved:', ' can not go where the rest of the run needs it:');
        if (!findings.some((finding) => finding.message === message)) findings.push({ level: 'error', field: name, message });
      }
    }
  });
}

/** What is measured must be what was measured: the same fields in the same units, and settings that did not change. */
function comparePlace(run: InterruptedRun, found: ReadonlyMap<string, Device>, profile: Profile, findings: ResumeFinding[]): void {
  const before = run.start['profile'];
  if (typeof before === 'string' && before !== profile.name) {
    findings.push({ level: 'error', field: 'profile', message: `The run was made with the profile "${before}", the one in use is "${profile.name}": its devices may be others. Choose the profile "${before}", then resume.` });
  }
  const primary = run.streams.get('primary')?.descriptor;
  if (!primary) return;
  const byKey = new Map([...found].map(([name, device]) => [dataKeyName(name), { name, device }]));
  for (const [own, keys] of Object.entries(primary.object_keys)) {
    const { name = own, device } = byKey.get(dataKeyName(own)) ?? {};
    if (!device || !isReadable(device)) continue;
    const now = device.describe();
    for (const key of keys) compareKey(name, key, primary.data_keys[key], now[key], findings);
    compareSettings(name, primary.configuration[own]?.data ?? {}, device.configuration?.().data ?? {}, primary.configuration[own]?.data_keys ?? {}, findings);
  }
}

function compareKey(name: string, key: string, before: DataKey | undefined, now: DataKey | undefined, findings: ResumeFinding[]): void {
  if (!before) return;
  if (!now) findings.push({ level: 'error', field: name, message: `${name} no longer gives ${key}, which the run records. Look at the device; or abandon the run and start anew.` });
  else if ((before.units ?? '') !== (now.units ?? '')) {
    findings.push({ level: 'error', field: name, message: `${key} is in "${now.units ?? ''}" now, the run has it in "${before.units ?? ''}". Set the units as they were, then resume.` });
  }
}

function compareSettings(name: string, before: Readonly<Record<string, unknown>>, now: Readonly<Record<string, { readonly value: unknown }>>, keys: Readonly<Record<string, DataKey>>, findings: ResumeFinding[]): void {
  for (const [key, old] of Object.entries(before)) {
    const value = now[key]?.value;
    if (value === undefined) continue;
    const isSame = typeof old === 'number' && typeof value === 'number' ? Math.abs(old - value) <= noticeable * Math.abs(old) : String(old) === String(value);
    const units = keys[key]?.units ?? '';
    const say = (what: unknown): string => typeof what === 'number' ? quantity(what, units) : String(what);
    if (!isSame) findings.push({ level: 'warning', field: name, message: `${key} was ${say(old)}, it is ${say(value)} now. Set it as it was, unless you changed it on purpose.` });
  }
}

async function checkBeam({ profile, pvNow }: ResumeParts, findings: ResumeFinding[]): Promise<void> {
  await Promise.all(profile.suspenders.map(async (suspender) => {
    const state = await pvNow(suspender.pv);
    const reason = state ? reasonToSuspend(suspender, state) : `${suspender.pv} is not connected.`;
    if (reason) findings.push({ level: 'warning', field: suspender.pv, message: `The run will wait before its next point: ${reason}` });
  }));
}

/** All that stands against it, as one error. */
export function refuse({ run, findings }: ResumeSheet): EndstationError {
  const errors = findings.filter(({ level }) => level === 'error').map(({ message }) => message);
  return new EndstationError('CANNOT_RESUME', `Run ${run.scanId} was not resumed. ${errors.join('\n')}`);
}
