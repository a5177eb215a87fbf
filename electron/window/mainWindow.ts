// The one window: sandboxed page, remembered place, and an offer to reload when its process crashes.
import { join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { Settings } from '@shared/profile';
import { placeOnScreens, readSavedWindow, saveWindow, smallest } from './windowBounds';

export interface MainWindowOptions {
  readonly url: string;
  /** The built preload script. */
  readonly preload: string;
  readonly icon: string;
  /** File that remembers the window's place. */
  readonly placeFile: string;
  readonly theme: Settings['theme'];
}

/** The page's own background, so that no other colour flashes before it. */
export function backgroundOf(theme: Settings['theme']): string {
  const dark = theme === 'system' ? nativeTheme.shouldUseDarkColors : theme === 'dark';
  return dark ? '#0e1318' : '#eef1f4';
}

export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const saved = readSavedWindow(options.placeFile);
  const window = new BrowserWindow({
    ...placeOnScreens(saved, [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)),
    minWidth: smallest.width, minHeight: smallest.height,
    title: 'Endstation', icon: options.icon, backgroundColor: backgroundOf(options.theme), autoHideMenuBar: true, show: false,
    webPreferences: {
      preload: options.preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false,
      // Live values keep coming while the window is covered; a scan's plot is complete when it is looked at again.
      backgroundThrottling: false, spellcheck: false,
    },
  });
  if (saved?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => saveWindow(options.placeFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && !window.isDestroyed()) void offerReload(window, options.url, reason);
  });
  void window.loadURL(options.url);
  return window;
}

async function offerReload(window: BrowserWindow, url: string, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error', title: 'Endstation', buttons: ['Reload', 'Quit'], defaultId: 0, cancelId: 0,
    message: 'The window\'s process ended.',
    detail: `Reason: ${reason}. The services, and a scan that runs, go on. Reload to see them again.`,
  });
  if (response === 1) app.quit();
  else if (!window.isDestroyed()) await window.loadURL(url);
}

export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** `folder`: of the built main process. */
export function preloadFile(folder: string): string {
  return join(folder, '../preload/preload.cjs');
}
