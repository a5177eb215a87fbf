// What a crash left changed: settings that the run would have put back at its end. Only what is still as the run had set it is put back.
import type { ChangedSetting, LeftSetting } from '@shared/changedSettings';
import { toErrorData } from '@shared/errors';
import type { Profile } from '@shared/profile';
import type { InterruptedRun } from '../../data/interruptedRun';
import { settingOf, type Devices, type Setting } from '../../devices/device';
import { quantity } from '../../devices/naming';

/** Seconds that a device gets to answer. */
const patience = 3;
/** Seconds for the write. */
const writeLimit = 10;
/** Relative difference that is none: what a record may round. */
const rounding = 1e-6;

const isSame = (one: number, other: number): boolean => Math.abs(one - other) <= rounding * Math.max(Math.abs(one), Math.abs(other));

export async function leftSettings(run: InterruptedRun, devices: Devices, profile: Profile): Promise<readonly LeftSetting[]> {
  const left = await Promise.all(run.settings.map((change) => look(change, run, devices, profile)));
  return left.filter(({ now, before }) => now === null || !isSame(now, before));
}

async function look(change: ChangedSetting, { start }: InterruptedRun, devices: Devices, profile: Profile): Promise<LeftSetting> {
  const { device, before, set } = change;
  const tell = (title: string, say: (value: number) => string): string => `The run had set the ${title} of ${device} to ${say(set)}; it was ${say(before)} before.`;
  const unknown = (why: string): LeftSetting => ({ ...change, now: null, stands: false, told: `${tell(change.setting, (value) => quantity(value, ''))} ${why}` });
  const made = start['profile'];
  if (typeof made === 'string' && made !== profile.name) return unknown(`It was with the profile "${made}", the one in use is "${profile.name}": put it back yourself.`);
  try {
    const { title, now, say } = await settingNow(change, devices);
    if (now === null) return unknown('What it is now is not known: look at it.');
    const told = tell(title, say);
    return isSame(now, set) ? { ...change, now, stands: true, told } : { ...change, now, stands: false, told: `${told} ${staysAs(say(now))}` };
  } catch (error) {
    return unknown(`${toErrorData(error).message} Put it back yourself, when it answers.`);
  }
}

function staysAs(value: string): string { return `It is ${value} now, changed since, and stays so.`; }

/** Errors: `DisconnectedError`, `NO_SETTING`. */
async function settingNow({ device: name, setting: which }: ChangedSetting, devices: Devices): Promise<Setting> {
  const device = await devices.resolve(name, { timeout: patience });
  // A device is connected before those of its PVs that it can do without.
  for (const end = performance.now() + patience * 1000; settingOf(device, which).now === null && performance.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 50); });
  return settingOf(device, which);
}

/** Puts back what stands, by the gate for writes; gives a sentence for each, and for what was not. Never fails. */
export async function putLeftBack(left: readonly LeftSetting[], devices: Devices, user: string): Promise<{ readonly done: readonly string[]; readonly problems: readonly string[] }> {
  const done: string[] = [];
  const problems: string[] = left.filter(({ stands }) => !stands).map(({ told }) => told);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), writeLimit * 1000);
  await Promise.all(left.filter(({ stands }) => stands).map(async (change) => {
    try {
      const setting = await settingNow(change, devices);
      // The run has been opened since it was looked at, which takes a while where it is long.
      if (setting.now !== null && !isSame(setting.now, change.set)) {
        problems.push(`${change.told} ${staysAs(setting.say(setting.now))}`);
        return;
      }
      await setting.put(change.before, { signal: limit.signal, writer: { source: 'scan', user }, report: () => undefined });
      done.push(`The ${setting.title} of ${change.device} was put back to ${setting.say(change.before)}.`);
    } catch (error) {
      problems.push(`${change.told} It could not be put back: ${toErrorData(error).message}`);
    }
  }));
  clearTimeout(timer);
  return { done, problems };
}
