// What the palette offers: views, commands, plans, devices, runs, displays, profiles, settings; PVs are asked for as one types.
import { planDescriptions } from '@shared/plans';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge';
import { useEngine } from '../stores/engine';
import { useLayout } from '../stores/layout';
import { useNotices } from '../stores/notices';
import { useSession } from '../stores/session';
import { useSettings } from '../stores/settings';
import { views } from '../views/registry';
import type { PaletteEntry } from './paletteMatch';
import { scanCommands } from './scanCommands';

export function usePaletteEntries() {
  const layout = useLayout();
  const engine = useEngine();
  const settings = useSettings();
  const session = useSession();
  const notices = useNotices();
  const asked = shallowRef<readonly PaletteEntry[]>([]);
  const found = shallowRef<readonly PaletteEntry[]>([]);

  const fixed = computed<PaletteEntry[]>(() => [
    ...views.map((view, index) => ({ id: `view.${view.id}`, kind: 'View', title: view.title, keys: `Ctrl+${index + 1}`, run: () => layout.show(view.id) })),
    { id: 'stop', kind: 'Command', title: 'STOP all motors and the scan', keys: 'Ctrl+.', run: () => void engine.stopAll() },
    ...(session.observer ? [] : scanCommands(engine, () => layout.show('scan'))),
    ...planDescriptions.map((plan) => ({ id: `plan.${plan.name}`, kind: 'Plan', title: plan.title, detail: plan.doc, run: () => layout.openPlan(plan.name) })),
    ...(['dark', 'light', 'system'] as const).map((theme) => ({
      id: `theme.${theme}`, kind: 'Setting', title: `${theme === 'system' ? 'Theme of the system' : `${theme === 'dark' ? 'Dark' : 'Light'} theme`}`,
      run: () => void notices.attempt('The theme was not changed', () => settings.change({ theme })),
    })),
    ...[50, 75, 100, 125, 150, 200, 300].map((zoom) => ({
      id: `zoom.${zoom}`, kind: 'Setting', title: `Zoom ${zoom} %`, run: () => void notices.attempt('The zoom was not changed', () => settings.change({ zoom })),
    })),
    { id: 'layout.reset', kind: 'Command', title: 'Reset the layout', detail: 'All views in one row of tabs', run: () => layout.reset() },
  ]);

  /** Asks the services for what they have; called when the palette opens. What does not answer is left out. */
  async function refresh(): Promise<void> {
    const answers = await Promise.all([
      bridge.call('scan.devices', {}).catch(() => []), bridge.call('runs.list', { limit: 200 }).catch(() => []),
      bridge.call('displays.list', {}).catch(() => []), bridge.call('profiles.list', {}).catch(() => []),
    ]);
    const [devices, runs, displays, profiles] = answers;
    asked.value = [
      ...displays.map((display) => ({ id: `display.${display.path}`, kind: 'Display', title: display.name, detail: display.origin, run: () => layout.openDisplay(display.path) })),
      ...devices.map((device) => ({ id: `device.${device.name}`, kind: 'Device', title: device.name, detail: device.description ?? device.kind, run: () => layout.openPv(device.pv) })),
      ...profiles.map((profile) => ({
        id: `profile.${profile.name}`, kind: 'Profile', title: `Use the profile ${profile.name}`, detail: profile.problem ?? profile.description,
        run: () => void notices.attempt(`The profile ${profile.name} is not used`, () => bridge.call('profiles.use', { name: profile.name })),
      })),
      ...runs.map((run) => ({ id: `run.${run.uid}`, kind: 'Run', title: `#${run.scanId} ${run.plan} ${run.motors.join(' ')}`.trim(), detail: run.started.slice(0, 16).replace('T', ' '), run: () => layout.openRun(run.uid) })),
    ];
  }

  let asking = 0;
  async function findPvs(text: string): Promise<void> {
    const own = ++asking;
    const typed = text.trim();
    const names = typed.length < 2 ? [] : await bridge.call('pv.names', { text: typed, limit: 30 }).catch(() => []);
    if (own !== asking) return;
    const entries = names.map((name) => ({ id: `pv.${name.pv}`, kind: 'PV', title: name.pv, ...(name.description ? { detail: name.description } : {}), run: () => layout.openPv(name.pv) }));
    const isName = /^[!-~]{3,}$/.test(typed) && /[:.]/.test(typed) && !names.some((name) => name.pv === typed);
    found.value = isName ? [...entries, { id: `typed.${typed}`, kind: 'PV', title: typed, detail: 'Watch this name', doubtful: true, run: () => layout.openPv(typed) }] : entries;
  }

  const entries = computed(() => [...fixed.value, ...asked.value, ...found.value]);
  return { entries, refresh, findPvs };
}
