// The machine that is measured: its processor, cores, system, and how busy it is.
import { cpus, release, type as systemName } from 'node:os';
import type { LabResult } from '@shared/lab';
import type { Runtime } from './runtimes/runtime';

export function coreCount(): number { return Math.max(1, cpus().length); }

export function environmentOf(runtimes: readonly Runtime[]): LabResult['environment'] {
  const versions: Record<string, string> = { node: process.versions.node };
  if (process.versions.electron) versions['electron'] = process.versions.electron;
  for (const { info, language } of runtimes) {
    if (info.version && language !== 'typescript') versions[info.key] = info.version;
  }
  return { cpu: cpus()[0]?.model.trim() || 'unknown', cores: coreCount(), os: `${systemName()} ${release()}`, versions };
}

/** Starts to watch all cores; what it returns says how many of them were in use on average since then. */
export function coresInUse(): () => number {
  const before = busyMilliseconds();
  return () => {
    const after = busyMilliseconds();
    const all = after.all - before.all;
    return all > 0 ? ((after.busy - before.busy) / all) * coreCount() : 0;
  };
}

function busyMilliseconds(): { busy: number; all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    all += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { busy, all };
}
