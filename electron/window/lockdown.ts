// What no page of ours ever needs is refused: other addresses, new windows, embedded pages, devices and permissions.
import { app, session } from 'electron';
import type { WebContents } from 'electron';

/** `isOurs`: whether a window may go to this address (a reload of our own page). */
export function lockDown(isOurs: (url: string) => boolean): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents, isOurs));
  const { defaultSession } = session;
  // Copying text out is the one thing a view asks for.
  const granted = (permission: string, url: string): boolean => permission === 'clipboard-sanitized-write' && isOurs(url);
  defaultSession.setPermissionRequestHandler((contents, permission, answer) => answer(granted(permission, contents?.getURL() ?? '')));
  defaultSession.setPermissionCheckHandler((contents, permission) => granted(permission, contents?.getURL() ?? ''));
  defaultSession.setDevicePermissionHandler(() => false);
}

function lockContents(contents: WebContents, isOurs: (url: string) => boolean): void {
  const stay = (event: Electron.Event, url: string): void => { if (!isOurs(url)) event.preventDefault(); };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
