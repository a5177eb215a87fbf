// What a run's NeXus file contains (https://manual.nexusformat.org): a tree of groups and datasets. PURE.
import type { DataKey, RunStart } from '@shared/documents';
import { isoTime } from '../runNames';
import { documentNumber, type RunTable } from '../runTable';
import { plotData } from './plotData';
import { group, nexusName, numbers, real, text, whole, type Attributes, type NexusDataset, type NexusGroup, type NexusNode } from './tree';

export interface LayoutOptions { readonly fileName: string; readonly version: string }

const entryName = 'entry';
const ownKeys = new Set(['uid', 'time', 'scan_id', 'plan_name', 'plan_type', 'plan_args', 'detectors', 'motors', 'num_points', 'num_intervals', 'hints', 'shape', 'extents', 'snaking']);

export function nexusLayout(table: RunTable, { fileName, version }: LayoutOptions): NexusGroup {
  const start = table.checkedStart;
  const paths = new Map<string, string>();
  const instrument = instrumentGroup(table, start, paths);
  const data = plotData({ table, start, paths, signals: signalKeys(table, start) });
  const end = table.stop?.time ?? table.time[table.time.length - 1] ?? start.time;
  const entry = group('NXentry', {
    title: text(title(start)),
    entry_identifier: text(String(start.scan_id)),
    entry_identifier_uuid: text(start.uid),
    start_time: text(isoTime(start.time)),
    end_time: text(isoTime(end)),
    duration: real(end - start.time, { units: 's' }),
    program_name: text('endstation', { version }),
    plan: planGroup(start, version),
    run: runGroup(table, start),
    ...(typeof start['user'] === 'string' ? { user: group('NXuser', { name: text(start['user']) }) } : {}),
    ...(typeof start['sample'] === 'string' ? { sample: group('NXsample', { name: text(start['sample']) }) } : {}),
    instrument,
    ...(data ? { data } : {}),
  }, data ? { default: 'data' } : {});
  return group('NXroot', { [entryName]: entry }, { default: entryName, file_name: fileName, file_time: isoTime(end), creator: 'endstation', creator_version: version });
}

function title(start: RunStart): string {
  const own = start['title'];
  return typeof own === 'string' && own !== '' ? own : `${start.plan_name} ${[...start.motors, ...start.detectors].join(' ')}`.trim();
}

/** Numbers of the detectors, those that a plot shows first. */
function signalKeys(table: RunTable, start: RunStart): string[] {
  const { descriptor } = table;
  if (!descriptor) return [];
  const ofDetectors = start.detectors.flatMap((name) => {
    const hinted = descriptor.hints[name]?.fields ?? [];
    return [...hinted, ...(descriptor.object_keys[name] ?? []).filter((key) => !hinted.includes(key))];
  });
  return [...new Set(ofDetectors)].filter((key) => table.columns.get(key)?.kind === 'number');
}

function instrumentGroup(table: RunTable, start: RunStart, paths: Map<string, string>): NexusGroup {
  const children: Record<string, NexusNode> = {};
  for (const [device, keys] of Object.entries(table.descriptor?.object_keys ?? {})) {
    const isMotor = start.motors.includes(device);
    const place = `/${entryName}/instrument/${nexusName(device)}`;
    const datasets = Object.fromEntries(keys.flatMap((key): [string, NexusNode][] => {
      const dataset = columnDataset(table, key);
      if (!dataset) return [];
      const name = isMotor ? positionerName(key, device) : nexusName(key);
      paths.set(key, `${place}/${name}`);
      return [[name, { ...dataset, attributes: { ...dataset.attributes, target: `${place}/${name}` } }]];
    }));
    children[nexusName(device)] = group(isMotor ? 'NXpositioner' : 'NXdetector', {
      ...(isMotor ? { name: text(device) } : { local_name: text(device) }), ...datasets, ...configuration(table, device, isMotor),
    });
  }
  return group('NXinstrument', children);
}

/** The names that NXpositioner has for readback and set-point. */
function positionerName(key: string, device: string): string {
  const own = device.replace(/^(ca|pva):\/\//, '').replace(/[./]/g, '_');
  return key === own ? 'value' : key === `${own}_setpoint` ? 'target_value' : nexusName(key);
}

function configuration(table: RunTable, device: string, isMotor: boolean): Record<string, NexusDataset> {
  const settings = table.descriptor?.configuration[device];
  return Object.fromEntries(Object.entries(settings?.data ?? {}).map(([key, value]) => {
    const units = settings?.data_keys[key]?.units;
    const attributes = { long_name: key, ...(units ? { units } : {}) };
    const field = isMotor && key.endsWith('_velocity') ? 'velocity' : isMotor && key.endsWith('_acceleration_time') ? 'acceleration_time' : nexusName(key);
    return [field, typeof value === 'string' && Number.isNaN(documentNumber(value)) ? text(value, attributes) : real(documentNumber(value), attributes)];
  }));
}

function columnDataset(table: RunTable, key: string): NexusDataset | null {
  const column = table.columns.get(key);
  const about = table.dataKeys[key];
  if (!column || !about) return null;
  const attributes = columnAttributes(key, about);
  if (column.kind === 'text') return text(column.values, attributes);
  if (column.kind === 'number') return numbers(Float64Array.from(column.values), [column.values.length], attributes);
  const width = Math.max(0, ...column.values.map((row) => row.length));
  const values = new Float64Array(column.values.length * width).fill(Number.NaN);
  column.values.forEach((row, index) => values.set(row, index * width));
  return numbers(values, [column.values.length, width], attributes);
}

function columnAttributes(key: string, { units, source, choices }: DataKey): Attributes {
  return { long_name: key, source, ...(units ? { units } : {}), ...(choices && choices.length > 0 ? { enum: choices } : {}) };
}

function planGroup(start: RunStart, version: string): NexusGroup {
  const parameters = Object.entries(start.plan_args).map(([name, value]) => {
    const node = typeof value === 'number' ? real(value) : text(typeof value === 'string' ? value : JSON.stringify(value));
    return [nexusName(name), node] as const;
  });
  return group('NXprocess', {
    program: text('endstation'), version: text(version), sequence_index: whole(1),
    note: group('NXnote', { type: text('application/json'), description: text(start.plan_name), data: text(JSON.stringify({ plan: start.plan_name, args: start.plan_args })) }),
    parameters: group('NXparameters', Object.fromEntries([['plan_name', text(start.plan_name)] as const, ...parameters])),
  });
}

/** What NeXus has no place for. */
function runGroup(table: RunTable, start: RunStart): NexusGroup {
  const free = Object.entries(start).filter(([key]) => !ownKeys.has(key)).map(([key, value]) => {
    const node = typeof value === 'number' ? real(value) : text(typeof value === 'string' ? value : JSON.stringify(value));
    return [nexusName(key), node] as const;
  });
  return group('NXcollection', {
    uid: text(start.uid), scan_id: whole(start.scan_id), plan_name: text(start.plan_name),
    exit_status: text(table.stop?.exit_status ?? 'interrupted'), reason: text(table.stop?.reason ?? ''),
    points: whole(table.points), ...(start.num_points !== undefined ? { points_planned: whole(start.num_points) } : {}),
    time: numbers(Float64Array.from(table.time), [table.points], { units: 's', long_name: 'Unix time of each point' }),
    metadata: group('NXcollection', Object.fromEntries(free)),
  });
}
