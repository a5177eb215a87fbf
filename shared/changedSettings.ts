// A run that changes a setting which it puts back at its end (a motor's speed) tells so in a stream of its own, before the change:
// after a crash it is known what to put back.
import type { DataKey } from './documents';

export const settingsStream = 'changed_settings';
export const settingKeys = {
  device: 'device',
  /** e.g. `speed`. */
  setting: 'setting',
  /** What is put back, and what the run set. */
  before: 'before',
  set: 'set',
} as const;

const key = (dtype: DataKey['dtype']): DataKey => ({ source: 'endstation:setting', dtype, shape: [] });
export const settingDataKeys: Readonly<Record<string, DataKey>> = {
  [settingKeys.device]: key('string'), [settingKeys.setting]: key('string'), [settingKeys.before]: key('number'), [settingKeys.set]: key('number'),
};

export interface ChangedSetting {
  readonly device: string;
  readonly setting: string;
  readonly before: number;
  readonly set: number;
}

/** Such a setting after the crash of its run. */
export interface LeftSetting extends ChangedSetting {
  /** null: the device does not answer. */
  readonly now: number | null;
  /** It is still what the run had set: it is to be put back. */
  readonly stands: boolean;
  /** As a sentence, e.g. `The run had set the speed (VELO) of M1 to 0.5 mm/s; it was 2 mm/s before.` */
  readonly told: string;
}
