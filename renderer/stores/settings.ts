// Theme, zoom, size of the controls, data folder and profile; the services keep them, this applies the looks to the page.
import type { ProfileSummary, Settings } from '@shared/profile';
import { defineStore } from 'pinia';
import { computed, shallowRef, watchEffect } from 'vue';
import { bridge } from '../bridge';
import { hasPreload } from '../bridge/portTransport';

type Change = Partial<Pick<Settings, 'theme' | 'zoom' | 'touch' | 'dataFolder' | 'filePattern'>>;
/** Remembered in the page too, so that the first paint has the right theme. */
const themeKey = 'endstation.theme';

function rememberedTheme(): Settings['theme'] {
  const theme = localStorage.getItem(themeKey);
  return theme === 'light' || theme === 'system' ? theme : 'dark';
}

export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings | null>(null);
  const theme = shallowRef<Settings['theme']>(rememberedTheme());
  const lightSystem = matchMedia('(prefers-color-scheme: light)');
  const systemIsLight = shallowRef(lightSystem.matches);
  lightSystem.addEventListener('change', (event) => { systemIsLight.value = event.matches; });
  const shownTheme = computed(() => (theme.value === 'system' ? (systemIsLight.value ? 'light' : 'dark') : theme.value));

  function take(next: Settings): void {
    settings.value = next;
    theme.value = next.theme;
    localStorage.setItem(themeKey, next.theme);
  }

  // At once: what draws with the theme's colours reads them as soon as the theme changed.
  watchEffect(() => { document.documentElement.dataset['theme'] = shownTheme.value; }, { flush: 'sync' });
  watchEffect(() => { document.documentElement.toggleAttribute('data-touch', settings.value?.touch === true); });
  watchEffect(() => {
    // Electron's window is zoomed by its host; in a browser the page does it.
    if (!hasPreload()) document.documentElement.style.setProperty('zoom', String((settings.value?.zoom ?? 100) / 100));
  });

  bridge.onOpened(() => { bridge.call('settings.get', {}).then(take, () => undefined); });
  bridge.listen('settings.changed', {}, take);

  /** Rejects with why it could not be kept. */
  async function change(part: Change): Promise<void> { take(await bridge.call('settings.change', part)); }

  async function profiles(): Promise<readonly ProfileSummary[]> { return bridge.call('profiles.list', {}); }

  return { settings, theme, shownTheme, change, profiles };
});
