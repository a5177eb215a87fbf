// What a run's NeXus file contains (https://manual.nexusformat.org): a tree of groups and datasets. PURE.
import type { RunStart } from '@shared/documents';
import { dataKeyName } from '@shared/dataKeyName';
import { isoTime } from '../runNames';
import type { RunTable } from '../runTable';
import { instrumentGroup } from './instrument';
import { plotData, stackPlots } from './plotData';
import { baselineGroup, gapsGroup, monitorGroups } from './streamGroups';
import { group, nexusName, numbers, real, text, whole, type NexusGroup, type NexusNode } from './tree';

export interface LayoutOptions { readonly fileName: string; readonly version: string }

const entryName = 'entry';
/** Where the writer says which images are missing. */
export const runPath = `/${entryName}/run`;
const ownKeys = new Set(['uid', 'time', 'scan_id', 'plan_name', 'plan_type', 'plan_args', 'detectors', 'motors', 'num_points', 'num_intervals', 'hints', 'shape', 'extents', 'snaking']);

export function nexusLayout(table: RunTable, { fileName, version }: LayoutOptions): NexusGroup {
  const start = table.checkedStart;
  const paths = new Map<string, string>();
  const instrument = instrumentGroup(table, start, entryName, paths);
  const plot = { table, start, paths, signals: signalKeys(table, start) };
  const data = plotData(plot);
  const stacks = stackPlots(plot);
  const byDefault = data ? 'data' : Object.keys(stacks)[0];
  const end = table.stop?.time ?? table.time[table.time.length - 1] ?? start.time;
  const entry = group('NXentry', {
    title: text(title(start)),
    entry_identifier: text(String(start.scan_id)),
    entry_identifier_uuid: text(start.uid),
    ...(typeof start['proposal'] === 'string' ? { experiment_identifier: text(start['proposal']) } : {}),
    start_time: text(isoTime(start.time)),
    end_time: text(isoTime(end)),
    duration: whole(Math.round(end - start.time), { units: 's' }),
    program_name: text('endstation', { version }),
    plan: planGroup(start, version),
    run: runGroup(table, start, end),
    ...(typeof start['user'] === 'string' && start['user'] !== '' ? { user: group('NXuser', { name: text(start['user']) }) } : {}),
    ...sampleGroup(start),
    instrument,
    ...monitorGroups(table, start),
    ...baselineGroup(table, start),
    ...(data ? { data } : {}),
    ...stacks,
  }, byDefault === undefined ? {} : { default: byDefault });
  return group('NXroot', { [entryName]: entry }, { default: entryName, file_name: fileName, file_time: isoTime(end), creator: 'endstation', creator_version: version });
}

function title(start: RunStart): string {
  const own = start['title'];
  return typeof own === 'string' && own !== '' ? own : `${start.plan_name} ${[...start.motors, ...start.detectors].join(' ')}`.trim();
}

/** A name, or event-model's object with what is known of it. */
function sampleGroup(start: RunStart): Record<string, NexusNode> {
  const sample = start['sample'];
  if (typeof sample === 'string') return sample === '' ? {} : { sample: group('NXsample', { name: text(sample) }) };
  if (typeof sample !== 'object' || sample === null) return {};
  return { sample: group('NXsample', Object.fromEntries(Object.entries(sample).map(([key, value]) => [nexusName(key), plainNode(value)]))) };
}

/** Numbers of the detectors, those that a plot shows first. */
function signalKeys(table: RunTable, start: RunStart): string[] {
  const { descriptor } = table;
  if (!descriptor) return [];
  const ofDetectors = start.detectors.map(dataKeyName).flatMap((name) => {
    const own = Object.keys(descriptor.object_keys).find((device) => dataKeyName(device) === name) ?? name;
    const hinted = descriptor.hints[own]?.fields ?? [];
    return [...hinted, ...(descriptor.object_keys[own] ?? []).filter((key) => !hinted.includes(key))];
  });
  return [...new Set(ofDetectors)].filter((key) => table.columns.get(key)?.kind === 'number');
}

function plainNode(value: unknown): NexusNode {
  return typeof value === 'number' ? real(value) : text(typeof value === 'string' ? value : JSON.stringify(value) ?? '');
}

function planGroup(start: RunStart, version: string): NexusGroup {
  const parameters = Object.entries(start.plan_args).map(([name, value]) => [nexusName(name), plainNode(value)] as const);
  return group('NXprocess', {
    program: text('endstation'), version: text(version), date: text(isoTime(start.time)), sequence_index: whole(1),
    note: group('NXnote', { type: text('application/json'), description: text(start.plan_name), data: text(JSON.stringify({ plan: start.plan_name, args: start.plan_args })) }),
    parameters: group('NXparameters', Object.fromEntries([['plan_name', text(start.plan_name)] as const, ...parameters])),
  });
}

/** What NeXus has no place for. */
function runGroup(table: RunTable, start: RunStart, end: number): NexusGroup {
  const free = Object.entries(start).filter(([key]) => !ownKeys.has(key)).map(([key, value]) => [nexusName(key), plainNode(value)] as const);
  return group('NXcollection', {
    uid: text(start.uid), scan_id: whole(start.scan_id), plan_name: text(start.plan_name),
    exit_status: text(table.stop?.exit_status ?? 'interrupted'), reason: text(table.stop?.reason ?? ''),
    points: whole(table.points), ...(start.num_points !== undefined ? { points_planned: whole(start.num_points) } : {}), duration: real(end - start.time, { units: 's' }),
    ...(table.points > 0 ? { time: numbers(Float64Array.from(table.time), [table.points], { units: 's', long_name: 'Unix time of each point' }) } : {}),
    metadata: group('NXcollection', Object.fromEntries(free)),
    ...gapsGroup(table),
  });
}
