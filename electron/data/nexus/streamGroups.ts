// What a run recorded besides its points: the baseline, every update of monitored devices, and its gaps.
import type { RunStart } from '@shared/documents';
import { interruptionKeys, interruptionsStream } from '@shared/resume';
import { isoTime } from '../runNames';
import type { RunTable, StreamTable } from '../runTable';
import { columnNode } from './columnNode';
import { group, nexusName, numbers, real, text, type NexusDataset, type NexusGroup, type NexusNode } from './tree';

function timeOf(stream: StreamTable, start: RunStart): NexusDataset {
  return numbers(Float64Array.from(stream.time, (time) => time - start.time), [stream.points], { units: 's', start: isoTime(start.time), long_name: 'time since the start of the run' });
}

/** A value over time. Text and arrays have no place in NXlog's `value`; they have their own names in it. */
function logOf(stream: StreamTable, key: string, start: RunStart): NexusGroup | null {
  const node = columnNode(stream, key);
  if (!node || node.kind === 'link' || node.kind === 'group') return null;
  const isNumber = stream.columns.get(key)?.kind === 'number';
  return group('NXlog', { [isNumber ? 'value' : nexusName(key)]: node, time: timeOf(stream, start) });
}

/** Start and end values of the devices that were read then: a log each. */
export function baselineGroup(table: RunTable, start: RunStart): Record<string, NexusNode> {
  const stream = table.streams.get('baseline');
  if (!stream || stream.points === 0) return {};
  const logs = [...stream.columns.keys()].flatMap((key): [string, NexusNode][] => {
    const log = logOf(stream, key, start);
    return log ? [[nexusName(key), log]] : [];
  });
  return { baseline: group('NXcollection', Object.fromEntries(logs)) };
}

/** A monitor for each monitored device, named as its stream; its further values are logs of their own. */
export function monitorGroups(table: RunTable, start: RunStart): Record<string, NexusNode> {
  const found: [string, NexusNode][] = [];
  for (const [name, stream] of table.streams) {
    if (!name.endsWith('_monitor') || stream.points === 0) continue;
    const [main, ...others] = [...stream.columns.keys()].filter((key) => stream.columns.get(key)?.kind === 'number');
    const node = main === undefined ? null : columnNode(stream, main);
    const log = main === undefined ? null : logOf(stream, main, start);
    if (main === undefined || !node || !log) {
      const logs = [...stream.columns.keys()].flatMap((key) => { const one = logOf(stream, key, start); return one ? [[nexusName(key), one] as const] : []; });
      found.push([nexusName(name), group('NXcollection', Object.fromEntries(logs))]);
      continue;
    }
    const further = others.flatMap((key) => { const one = logOf(stream, key, start); return one ? [[nexusName(key), one] as const] : []; });
    found.push([nexusName(name), group('NXmonitor', {
      mode: text('monitor'), start_time: text(isoTime(stream.time[0] ?? start.time)), end_time: text(isoTime(stream.time[stream.points - 1] ?? start.time)),
      data: node, integral_log: log, ...Object.fromEntries(further),
    }, { signal: 'data' })]);
  }
  return Object.fromEntries(found);
}

/** The gaps of a run that was interrupted and went on. */
export function gapsGroup(table: RunTable): Record<string, NexusNode> {
  const stream = table.streams.get(interruptionsStream);
  if (!stream || stream.points === 0) return {};
  const of = (key: string): readonly number[] => {
    const column = stream.columns.get(key);
    return column?.kind === 'number' ? column.values : [];
  };
  const resumed = of(interruptionKeys.to).flatMap((to, index) => {
    const from = of(interruptionKeys.from)[index] ?? Number.NaN;
    return Number.isFinite(from) && Number.isFinite(to) ? [{ from, to, after: of(interruptionKeys.point)[index] ?? Number.NaN }] : [];
  });
  if (resumed.length === 0) return {};
  return {
    interruptions: group('NXcollection', Object.fromEntries(resumed.map(({ from, to, after }, index) => [`gap_${index + 1}`, group('NXcollection', {
      after_point: real(after), last_record: text(isoTime(from)), resumed: text(isoTime(to)), duration: real(to - from, { units: 's' }),
    })]))),
  };
}
