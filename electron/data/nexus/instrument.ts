// The devices of a run: NXinstrument with a positioner or a detector for each.
import type { Descriptor, RunStart } from '@shared/documents';
import { dataKeyName } from '@shared/dataKeyName';
import { documentNumber, type RunTable } from '../runTable';
import { columnNode } from './columnNode';
import { group, link, nexusName, real, text, type NexusDataset, type NexusGroup, type NexusNode } from './tree';

/** `paths`: gets the path of each data key's dataset. */
export function instrumentGroup(table: RunTable, start: RunStart, entry: string, paths: Map<string, string>): NexusGroup {
  const { primary } = table;
  const motors = new Set(start.motors.map(dataKeyName));
  const children: Record<string, NexusNode> = {};
  for (const [device, keys] of Object.entries(primary?.descriptor.object_keys ?? {})) {
    const isMotor = motors.has(dataKeyName(device));
    const place = `/${entry}/instrument/${nexusName(device)}`;
    const datasets: Record<string, NexusNode> = {};
    for (const key of keys) {
      const node = primary && columnNode(primary, key);
      if (!node || node.kind === 'link' || node.kind === 'group') continue;
      const name = isMotor ? positionerName(key, device) : nexusName(key);
      const path = `${place}/${name}`;
      paths.set(key, path);
      datasets[name] = { ...node, attributes: { ...node.attributes, target: path } };
    }
    const main = isMotor || !primary ? undefined : mainKey(primary.descriptor, device, keys.filter((key) => paths.has(key)));
    children[nexusName(device)] = group(isMotor ? 'NXpositioner' : 'NXdetector', {
      ...(isMotor ? { name: text(device) } : { local_name: text(device) }), ...datasets,
      ...(main === undefined || datasets['data'] ? {} : { data: link(paths.get(main) ?? '') }), ...configuration(table, device, isMotor),
    });
  }
  return group('NXinstrument', children);
}

/** What a detector is there for: its images or spectra, else what a plot shows first. */
function mainKey({ data_keys, hints }: Descriptor, device: string, keys: readonly string[]): string | undefined {
  return keys.find((key) => data_keys[key]?.dtype === 'array') ?? hints[device]?.fields.find((key) => keys.includes(key)) ?? keys[0];
}

/** The names that NXpositioner has for readback and set-point. */
function positionerName(key: string, device: string): string {
  const own = dataKeyName(device);
  return key === own ? 'value' : key === `${own}_setpoint` ? 'target_value' : nexusName(key);
}

/** NeXus's own names of settings that devices have. */
const settingNames: readonly (readonly [string, string])[] = [['_velocity', 'velocity'], ['_acceleration_time', 'acceleration_time'], ['_acquire_time', 'count_time'], ['_preset_time', 'count_time']];

function configuration(table: RunTable, device: string, isMotor: boolean): Record<string, NexusDataset> {
  const settings = table.descriptor?.configuration[device];
  return Object.fromEntries(Object.entries(settings?.data ?? {}).map(([key, value]) => {
    const units = settings?.data_keys[key]?.units;
    const attributes = { long_name: key, ...(units ? { units } : {}) };
    const [, known] = settingNames.find(([end, name]) => key.endsWith(end) && (name === 'count_time') !== isMotor) ?? [];
    return [known ?? nexusName(key), typeof value === 'string' && Number.isNaN(documentNumber(value)) ? text(value, attributes) : real(documentNumber(value), attributes)];
  }));
}
