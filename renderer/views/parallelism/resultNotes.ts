// On which machine a result was measured, when and how: under every picture and in every report.
import type { LabResult } from '@shared/lab';

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

export function resultNotes(result: LabResult): string[] {
  const versions = Object.entries(result.environment.versions).map(([name, version]) => `${name} ${version}`).join(', ');
  return [
    `${machineText(result)} · ${timeText(result.finishedAt)}${result.quick === true ? ', quick' : ''} · bars and points: medians, whiskers: half the range of the repeats`,
    `Endstation, experiment ${result.id} · ${versions}`,
  ];
}
