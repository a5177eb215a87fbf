// The sheet before a scan: points, duration, bytes, path, limits, what is missing. Looks at devices, moves nothing.
import type { PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { Preflight } from '@shared/scan';
import type { PvState } from '@shared/pv';
import type { ScriptCheck } from '@shared/scripts';
import { isMovable, isReadable, type Device, type Devices, type Movable, type Travel } from '../devices/device';
import { quantity } from '../devices/naming';
import { reasonToSuspend } from './engine/suspenders';
import { isComposition, summaryOf } from './plans/compositions';
import { pathOf, type PlanPath } from './plans/plans';
import { problemText } from './scripts/scriptPlan';

export interface PreflightParts {
  readonly devices: Devices;
  readonly profile: Profile;
  /** Absolute folder of the runs. */
  readonly folder: string;
  /** Why nothing can be written there, null where all is well. */
  readonly folderProblem: () => Promise<string | null>;
  readonly pvNow: (pv: string) => Promise<PvState | null>;
  /** Seconds a point for reading and recording with these detectors, as measured before; null: not measured. */
  readonly overhead?: (detectors: readonly string[]) => number | null;
  /** What is wrong with a script, before it runs. */
  readonly checkScript?: (source: string, name: string) => Promise<ScriptCheck>;
}

type Finding = Preflight['findings'][number];

/** Rows of the path that the sheet carries. */
const mostRows = 1000;
/** Positions that are timed one by one; a longer path is taken to go on like its beginning. */
const mostTimed = 100_000;
/** Seconds a point for reading and recording, on top of moves and pace, where none was measured. */
const usualOverhead = 0.02;
/** Seconds that devices get to answer. */
const patience = 2;

export async function preflight(request: PlanRequest, parts: PreflightParts): Promise<Preflight> {
  if (isComposition(request)) return composedPreflight(request, parts);
  const path = pathOf(request);
  const findings: Finding[] = [];
  const found = await findDevices([...path.motors, ...path.detectors, ...path.others ?? []], parts.devices, findings);
  const movers = path.motors.map((name) => {
    const device = found.get(name);
    if (device && !isMovable(device)) findings.push({ level: 'error', field: name, message: `${name} can not be moved: it is a ${device.kind}. Choose a motor, or a PV that can be written.` });
    return device && isMovable(device) ? device : null;
  });
  for (const name of path.detectors) {
    const device = found.get(name);
    if (device && !isReadable(device)) findings.push({ level: 'error', field: name, message: `${name} can not be read.` });
  }
  for (const [index, name] of path.motors.entries()) {
    if (path.motors.indexOf(name) !== index) findings.push({ level: 'error', field: name, message: `${name} is named twice: a motor can follow one axis only.` });
  }
  if (request.plan === 'fly' && request.args.axes.some(({ start, stop }) => start === stop)) findings.push({ level: 'error', field: 'axes', message: 'Start and stop are one place: there is no way to fly.' });
  if (path.points === 0 && !path.recordsNothing) findings.push({ level: 'error', message: 'No point lies within the area: make the area larger, or the steps smaller.' });
  const measured = parts.overhead?.(path.detectors) ?? null;
  const walked = walk(path, movers, measured ?? usualOverhead, findings);
  if (request.plan === 'script') await addScript(request.args, parts, findings);
  const isRun = path.recordsNothing !== true;
  if (isRun) {
    const problem = await parts.folderProblem();
    if (problem !== null) findings.push({ level: 'error', field: 'folder', message: problem });
  }
  const conditions = await addSuspenders(parts, findings);
  const bytes = path.points === null ? null : isRun ? 1500 + path.points * bytesPerPoint([...found.values()]) : 0;
  return {
    ok: findings.every((finding) => finding.level !== 'error'), points: path.points, duration: walked.duration, bytes, folder: parts.folder,
    ...(walked.travel === null ? {} : { pointTime: { overhead: measured ?? usualOverhead, measured: measured !== null, travel: walked.travel } }),
    axes: path.motors.map((motor, column) => {
      const travel = movers[column]?.travel;
      const [from = Number.NaN, to = Number.NaN] = walked.ranges[column] ?? [];
      return { motor, units: travel?.units ?? '', from, to, now: travel?.position ?? null, low: travel?.low ?? null, high: travel?.high ?? null };
    }),
    path: walked.rows, conditions, findings,
  };
}

/** Each part on its own, and together what they come to: where one is told its motor, all are told it. */
async function composedPreflight(request: PlanRequest, parts: PreflightParts): Promise<Preflight> {
  const { plans, waiting } = summaryOf(request);
  const sheets = await Promise.all(plans.map((part) => preflight(part.request, parts)));
  const sum = (value: (sheet: Preflight) => number | null): number | null => sheets.reduce<number | null>((all, sheet, index) => {
    const own = value(sheet);
    return all === null || own === null ? null : all + own * (plans[index]?.times ?? 1);
  }, 0);
  const axes = new Map<string, Preflight['axes'][number]>();
  for (const axis of sheets.flatMap((sheet) => sheet.axes)) {
    const known = axes.get(axis.motor);
    axes.set(axis.motor, known ? { ...known, from: Math.min(known.from, axis.from), to: Math.max(known.to, axis.to) } : axis);
  }
  const findings: Finding[] = [];
  sheets.forEach((sheet, index) => sheet.findings.forEach((finding) => {
    const message = plans.length > 1 && finding.field !== 'folder' && finding.level === 'error' ? `Part ${index + 1} (${plans[index]?.request.plan ?? ''}): ${finding.message}` : finding.message;
    if (!findings.some((known) => known.message === message)) findings.push({ ...finding, message });
  }));
  const duration = sum((sheet) => sheet.duration);
  return {
    ok: sheets.every(({ ok }) => ok), points: sum((sheet) => sheet.points), duration: duration === null ? null : duration + waiting, bytes: sum((sheet) => sheet.bytes),
    folder: parts.folder, axes: [...axes.values()], path: sheets.length === 1 ? sheets[0]?.path ?? [] : [], conditions: sheets[0]?.conditions ?? [], findings,
  };
}

async function addScript({ source, name }: { readonly source: string; readonly name: string }, { checkScript }: PreflightParts, findings: Finding[]): Promise<void> {
  const { problems } = await checkScript?.(source, name) ?? { problems: [] };
  for (const problem of problems) findings.push({ level: 'error', field: 'source', message: problemText(name, problem) });
}

async function findDevices(names: readonly string[], devices: Devices, findings: Finding[]): Promise<Map<string, Device>> {
  const found = new Map<string, Device>();
  await Promise.all([...new Set(names)].map(async (name) => {
    try {
      found.set(name, await devices.resolve(name, { timeout: patience }));
    } catch (error) {
      findings.push({ level: 'error', field: name, message: error instanceof Error ? error.message : String(error) });
    }
  }));
  return found;
}

/** `travel`: seconds of moves and dwell up to the last point; null where they are not what the time is made of. */
interface Walked { readonly rows: number[][]; readonly ranges: (readonly [number, number])[]; readonly duration: number | null; readonly travel: number | null }

/** Goes along the path: rows for drawing, extremes, limits, and the time that the motors need. */
function walk(path: PlanPath, movers: readonly (Movable | null)[], overhead: number, findings: Finding[]): Walked {
  const rows: number[][] = [];
  const travels = movers.map((mover) => mover?.travel ?? null);
  const ranges = path.motors.map((): [number, number] => [Infinity, -Infinity]);
  const every = Math.max(1, Math.ceil((path.points ?? 1) / mostRows));
  const home = travels.map((travel) => travel?.position ?? null);
  let before = home;
  let moving = 0;
  let index = 0;
  for (const given of path.positions()) {
    const row = path.relative ? given.map((offset, column) => offset + (home[column] ?? Number.NaN)) : given;
    if (index % every === 0 && rows.length < mostRows) rows.push([...row]);
    if (index < mostTimed) {
      moving += moveTime(before, row, travels);
      before = [...row];
    }
    row.forEach((position, column) => {
      const range = ranges[column];
      if (range) ranges[column] = [Math.min(range[0], position), Math.max(range[1], position)];
    });
    index += 1;
  }
  // Limits are an interval: whatever lies between two positions that are allowed is allowed.
  movers.forEach((mover, column) => checkRange(mover, ranges[column], findings));
  if (index > mostTimed) moving *= index / mostTimed;
  const back = path.relative && home.every((position): position is number => position !== null) ? moveTime(before, home, travels) : 0;
  const points = path.points ?? 0;
  if (path.flies !== undefined) return { rows, ranges, duration: flightTime(path, home, travels), travel: null };
  const known = path.points !== null && travels.every((travel) => travel !== null);
  const travel = moving + (path.dwell ?? 0);
  return { rows, ranges, duration: known ? Math.max(points * overhead + travel + back, (points - 1) * path.pace) : null, travel: known && points > 0 && path.pace === 0 ? travel : null };
}

/** To the start at the motor's own speed, then the flight. */
function flightTime({ flies, positions }: PlanPath, home: readonly (number | null)[], travels: readonly (Travel | null)[]): number | null {
  const [start = [], stop = []] = [...positions()];
  if (travels.some((travel) => travel === null || travel.speed === null)) return null;
  const flying = travels.map((travel) => (travel && flies !== null && flies !== undefined ? { ...travel, speed: flies } : travel));
  return moveTime(home, start, travels) + moveTime([...start], stop, flying) + usualOverhead;
}

function checkRange(mover: Movable | null, range: readonly [number, number] | undefined, findings: Finding[]): void {
  if (!mover || !range || range[0] > range[1]) return;
  for (const position of [...new Set([range[1], range[0]])]) {
    try {
      mover.check(position);
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).replace(/ was not moved: ([^:]*?) is (above|below|outside) /, ' would be moved to $1, $2 ').replace(' was not moved: ', ' could not be moved: ');
      if (!findings.some((finding) => finding.message === message)) findings.push({ level: 'error', field: mover.name, message });
    }
  }
}

/** Seconds for one step: all motors move together, each with a trapezoidal profile. */
function moveTime(from: readonly (number | null)[], to: readonly number[], travels: readonly (Travel | null)[]): number {
  return Math.max(0, ...to.map((position, column) => {
    const travel = travels[column];
    const start = from[column];
    if (!travel || start === null || start === undefined || position === start) return 0;
    const { speed, acceleration, settle } = travel;
    if (speed === null || speed <= 0) return settle;
    const distance = Math.abs(position - start);
    const full = speed * acceleration;
    return settle + (distance >= full ? distance / speed + acceleration : 2 * Math.sqrt(distance * acceleration / speed));
  }));
}

/** A record is about 250 bytes and 60 a number; an array 150 more and its values, as many bytes each as numpy's name of their type says. */
function bytesPerPoint(devices: readonly Device[]): number {
  const keys = devices.filter(isReadable).flatMap((device) => Object.values(device.describe()));
  return 250 + keys.reduce((sum, key) => sum + 60 + (key.dtype === 'array' ? 150 + Number(key.dtype_numpy?.slice(-1) ?? 8) * key.shape.reduce((a, b) => a * b, 1) : 0), 0);
}

/** When the scan goes on, as a sentence. */
function goesOn({ kind = 'band', low, high, resume, settle, holdsWhen = true, expected }: Profile['suspenders'][number], state: PvState | null): string {
  const said = (value: number | undefined): string => (value === undefined ? '' : quantity(value, state?.units ?? ''));
  const named = (value: number | string): string => (typeof value === 'string' ? value : state?.states?.[value] ?? said(value));
  const floor = `at ${said(kind === 'floor' ? resume ?? low : low)} or more`;
  const ceiling = `at ${said(kind === 'ceiling' ? resume ?? high : high)} or less`;
  const when = kind === 'boolean' ? `when it is ${state?.states?.[holdsWhen ? 0 : 1] ?? (holdsWhen ? 'off' : 'on')}`
    : kind === 'changed' ? `when it is ${expected === undefined ? 'what it was' : named(expected)} again`
    : kind === 'floor' || high === undefined ? floor : kind === 'ceiling' || low === undefined ? ceiling : `between ${said(low)} and ${said(high)}`;
  return `It goes on ${low === undefined && high === undefined && kind === 'band' ? 'when it is a number' : when}${settle > 0 ? `, ${settle} s later` : ''}.`;
}

/** The state of each, in the order of the profile; what would hold the scan is a warning too. */
async function addSuspenders({ profile, pvNow }: PreflightParts, findings: Finding[]): Promise<NonNullable<Preflight['conditions']>> {
  return Promise.all(profile.suspenders.map(async (suspender) => {
    const state = await pvNow(suspender.pv);
    const reason = state ? reasonToSuspend(suspender, state) : `${suspender.pv} is not connected.`;
    if (reason) findings.push({ level: 'warning', field: suspender.pv, message: `The scan will wait: ${reason} ${goesOn(suspender, state)}` });
    const value = state?.value;
    const now = state && typeof value === 'number' ? quantity(Number(value.toPrecision(6)), state.units ?? '') : state?.value === undefined ? 'not connected' : String(state.value);
    return { pv: suspender.pv, ok: !reason, text: `${suspender.pv}: ${now}` };
  }));
}
