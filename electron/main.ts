// The Electron host: single instance, window, lifecycle. It composes; what the application does is in services.ts.
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { app, dialog, Menu, nativeTheme, shell } from 'electron';
import type { BrowserWindow, FileFilter } from 'electron';
import { serveMessagePorts } from './ipc/messagePort';
import { rendererFolder, standardPaths } from './paths';
import { startServices } from './services';
import type { Services } from './services';
import { declareAppScheme, isPageUrl, pageUrl, serveAppScheme } from './window/appScheme';
import { lockDown } from './window/lockdown';
import { backgroundOf, bringForward, openMainWindow, preloadFile } from './window/mainWindow';
import { readStartArguments } from './window/startArguments';

/** Milliseconds that services get to stop motors' watchers, the simulation and journals before the process ends anyway. */
const closeLimit = 4000;

const paths = standardPaths(__dirname);
/** The development server's page, where `npm run dev` names one; never in an installed application. */
const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const isOurs = (url: string): boolean => isPageUrl(url) || (developmentUrl !== undefined && new URL(url).origin === new URL(developmentUrl).origin);
const start = readStartArguments(process.argv.slice(process.defaultApp ? 2 : 1), process.cwd());

app.setName('Endstation');
// Chromium's own files beside ours; it also makes the single instance one of this user's folder.
app.setPath('userData', join(paths.user, 'chromium'));
declareAppScheme();

if (!app.requestSingleInstanceLock({ display: start.display })) {
  process.stderr.write('Endstation is already open: its window was brought to the front.\n');
  app.exit(0);
} else {
  run().catch((error: unknown) => {
    dialog.showErrorBox('Endstation could not start', error instanceof Error ? error.message : String(error));
    app.exit(1);
  });
}

async function run(): Promise<void> {
  let window: BrowserWindow | null = null;
  let services: Services | null = null;
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const display = typeof data === 'object' && data !== null && 'display' in data ? data.display : null;
    if (typeof display === 'string') services?.openDisplay(display);
    if (window !== null) bringForward(window);
  });
  // Tests run as root, which Chromium's sandbox refuses; they say --no-sandbox. Nothing of ours ever does.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  await app.whenReady();
  lockDown(isOurs);
  serveAppScheme(rendererFolder(__dirname));
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);

  const running = startServices({
    paths, host: 'electron', version: app.getVersion(),
    environment: process.env,
    runtime: `Electron ${process.versions['electron']} (Node ${process.versions.node}, Chromium ${process.versions['chrome']?.split('.')[0]})`,
    ...(start.profile === null ? {} : { profile: start.profile }),
    chooseDisplay: () => chooseFile(window, 'Open display', { name: 'Displays', extensions: ['bob', 'opi'] }),
    chooseData: () => chooseFile(window, 'Numbers from a file', { name: 'Numbers', extensions: ['npy', 'csv', 'txt', 'dat', 'tsv', 'h5', 'hdf5', 'hdf', 'nxs'] }),
    reveal: (path) => {
      shell.showItemInFolder(path);
      return Promise.resolve(true);
    },
  });
  services = running;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, (error: unknown) => running.unexpected(error));
  endCleanly(running);
  if (start.display !== null) running.openDisplay(start.display);
  serveMessagePorts({ allows: isOurs, connect: (peer) => running.connect(peer), user: userInfo().username, observer: start.observer });

  nativeTheme.themeSource = running.settings.theme;
  const opened = openMainWindow({
    url: developmentUrl ?? pageUrl, preload: preloadFile(__dirname), icon: join(paths.resources, 'icon.png'),
    placeFile: join(paths.user, 'window.json'), theme: running.settings.theme,
  });
  window = opened;
  opened.on('closed', () => { window = null; });
  const zoom = (percent: number): void => opened.webContents.setZoomFactor(percent / 100);
  opened.webContents.on('did-finish-load', () => zoom(running.settings.zoom));
  running.onSettings((settings) => {
    nativeTheme.themeSource = settings.theme;
    if (opened.isDestroyed()) return;
    opened.setBackgroundColor(backgroundOf(settings.theme));
    zoom(settings.zoom);
  });
}

async function chooseFile(window: BrowserWindow | null, title: string, kind: FileFilter): Promise<string | null> {
  const options = { title, properties: ['openFile' as const], filters: [kind, { name: 'All files', extensions: ['*'] }] };
  const { canceled, filePaths } = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return canceled ? null : filePaths[0] ?? null;
}

/** Every way out leads through the services' end, once. */
function endCleanly(services: Services): void {
  let ending = false;
  app.on('window-all-closed', () => app.quit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    const end = (): void => app.exit(0);
    setTimeout(end, closeLimit);
    services.dispose().then(end, (error: unknown) => {
      process.stderr.write(`Endstation did not end cleanly: ${error instanceof Error ? error.message : String(error)}\n`);
      end();
    });
  });
}
