// Settings that a plan changed for its own time: told in the run's journal, and put back at its end.
import { settingDataKeys, settingKeys, settingsStream, type ChangedSetting } from '@shared/changedSettings';
import { toErrorData } from '@shared/errors';
import { InterruptedError, isAdjustable, settingOf, type ActionContext } from '../../devices/device';
import type { OpenRun, Session } from './session';

/** `run`: that it was changed in, and at whose end it is put back; null: in none, and so at the end of the plan; `before`: in the run that goes on, before it was interrupted. */
interface Changed { readonly change: ChangedSetting; readonly run: OpenRun | 'before' | null }

const nameOf = ({ device, setting }: ChangedSetting): string => `${device} ${setting}`;

export class ChangedSettings {
  /** To be put back by `putBack`; the first `before` counts. */
  readonly #changed = new Map<string, Changed>();
  /** Why those that could not be put back were not. */
  readonly #reasons = new Map<string, string>();
  /** As a run's journal has them. */
  readonly #told = new Map<string, { readonly run: OpenRun; readonly set: number }>();

  get none(): boolean { return this.#changed.size === 0; }

  /** Before it is made. */
  change(change: ChangedSetting, run: OpenRun | null): void {
    const known = this.#changed.get(nameOf(change));
    const whole = { ...change, before: known?.change.before ?? change.before };
    this.#changed.set(nameOf(change), { change: whole, run: known ? known.run : run });
    this.tell(whole, run);
  }

  /** The run tells of what the plan had changed before it. */
  opened(run: OpenRun | null): void {
    for (const { change, run: own } of this.#changed.values()) if (own === null) this.tell(change, run);
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
    this.#changed.set(nameOf(change), { change, run: 'before' });
  }

  /** Those that were changed in this run. Never fails. */
  putBackOf(run: OpenRun, session: Session): Promise<void> {
    return this.putBack(session, session.context, (own) => own === run || own === 'before');
  }

  /** All of them, each once. Never fails: what could not be is tried again by the next call, and told by `left`. */
  async putBack(session: Session, context: ActionContext, wanted: (run: Changed['run']) => boolean = () => true): Promise<void> {
    await Promise.all([...this.#changed].filter(([, { run }]) => wanted(run)).map(async ([name, { change }]) => {
      try {
        await settingOf(await session.device(change.device), change.setting).put(change.before, context);
        this.#changed.delete(name);
      } catch (error) {
        this.#reasons.set(name, error instanceof InterruptedError ? 'it did not answer in time.' : toErrorData(error).message);
      }
    }));
  }

  /** A sentence for each that is not as it was before, with what to do. */
  left(session: Session): string[] {
    return [...this.#changed].flatMap(([name, { change }]) => toldLeft(change, session, this.#reasons.get(name)) ?? []);
  }
}

/** null: it is as it was, though nobody said so. */
export function toldLeft({ device: name, setting: which, before }: ChangedSetting, session: Session, reason = 'it did not answer in time.'): string | null {
  const device = session.known(name);
  const setting = device && isAdjustable(device) ? device.setting(which) : null;
  if (setting?.now === before) return null;
  const value = setting?.say(before) ?? String(before);
  return `The ${setting?.title ?? which} of ${name} was not put back to ${value}: ${reason} Set ${setting ? `${setting.pv} to ${value}` : 'it'} yourself.`;
}
