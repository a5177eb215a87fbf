// Settings that a plan changed for its own time: told in the run's journal, and put back at its end.
import { settingDataKeys, settingKeys, settingsStream, type ChangedSetting } from '@shared/changedSettings';
import { EndstationError } from '@shared/errors';
import { isAdjustable, type ActionContext } from '../../devices/device';
import type { OpenRun, Session } from './session';

const nameOf = ({ device, setting }: ChangedSetting): string => `${device} ${setting}`;

export class ChangedSettings {
  /** To be put back by `putBack`; the first `before` counts. */
  readonly #changed = new Map<string, ChangedSetting>();
  /** As a run's journal has them. */
  readonly #told = new Map<string, { readonly run: OpenRun; readonly set: number }>();

  get none(): boolean { return this.#changed.size === 0; }

  /** Before it is made. */
  change(change: ChangedSetting, run: OpenRun | null): void {
    const { before } = this.#changed.get(nameOf(change)) ?? change;
    this.#changed.set(nameOf(change), { ...change, before });
    this.tell({ ...change, before }, run);
  }

  /** For what somebody else puts back. */
  tell(change: ChangedSetting, run: OpenRun | null): void {
    const told = this.#told.get(nameOf(change));
    if (!run || (told?.run === run && told.set === change.set)) return;
    this.#told.set(nameOf(change), { run, set: change.set });
    const { device, setting, before, set } = change;
    run.bundler.note(settingsStream, settingDataKeys, { [settingKeys.device]: device, [settingKeys.setting]: setting, [settingKeys.before]: before, [settingKeys.set]: set });
  }

  /** Made by the same run before it was interrupted. */
  adopt(change: ChangedSetting): void {
    this.#changed.set(nameOf(change), change);
  }

  /** All of them, each once. Errors: of the first that could not be; it may be tried again. */
  async putBack(session: Session, context: ActionContext = session.context): Promise<void> {
    await Promise.all([...this.#changed].map(async ([name, change]) => {
      const device = await session.device(change.device);
      const setting = isAdjustable(device) ? device.setting(change.setting) : null;
      if (!setting) throw new EndstationError('NO_SETTING', `${change.device} has no setting "${change.setting}" any more.`);
      await setting.put(change.before, context);
      this.#changed.delete(name);
    }));
  }
}
