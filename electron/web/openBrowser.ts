// Opens an address in the user's browser, where there is one and a display to show it.
import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** False where nothing can be opened here; never fails, the address was printed as well. */
export function openBrowser(url: string, environment: Environment = process.env): Promise<boolean> {
  if (process.platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return Promise.resolve(false);
  const [program, ...args] = openerOf(url);
  // The installed command line runs Electron as Node; a browser that is Electron too must not.
  const { ELECTRON_RUN_AS_NODE: _asNode, ...own } = environment;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, env: own });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function openerOf(url: string): readonly [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url];
  // No shell: `start` would read the address's own characters.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
