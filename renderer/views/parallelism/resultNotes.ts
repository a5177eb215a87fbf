// On which machine a result was measured, when and how: under every picture and in every report.
import type { LabResult, LabRuntime } from '@shared/lab';

/** `AMD EPYC, 2 cores, Linux 6.1 · 2026-11-22 22:41, quick` */
export function machineText({ environment: { cpu, cores, os } }: Pick<LabResult, 'environment'>): string {
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${os}`;
}

/** Local time, the same in every locale: `2026-11-22 22:41`. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What took part, as it is called in the window, and its version: `['CPython threads, CPython processes', '3.11.7']`. What has the same version is one line. */
export function versionTexts(result: Pick<LabResult, 'environment'>, runtimes: readonly LabRuntime[]): (readonly [string, string])[] {
  const titles = new Map<string, string[]>();
  for (const [key, version] of Object.entries(result.environment.versions)) {
    const title = programs[key] ?? runtimes.find((each) => each.key === key)?.title ?? key;
    titles.set(version, [...titles.get(version) ?? [], title]);
  }
  return [...titles].map(([version, names]) => [names.join(', '), version]);
}
const programs: Readonly<Record<string, string>> = { node: 'Node', electron: 'Electron' };

export function resultNotes(result: LabResult, runtimes: readonly LabRuntime[]): string[] {
  const versions = versionTexts(result, runtimes).map(([names, version]) => `${names}: ${version}`).join('; ');
  return [
    `${machineText(result)} · ${timeText(result.finishedAt)}${result.quick === true ? ', quick' : ''} · bars and points: medians, whiskers: half the range of the repeats`,
    `Endstation, experiment ${result.id} · ${versions}`,
  ];
}
