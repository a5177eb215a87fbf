// `endstation serve`: all services and the browser host together, as one thing to start and to end.
import { startHeadless } from './headless';
import type { Headless } from './headless';
import { applicationVersion, rendererFolder } from './paths';
import type { Paths } from './room';
import { startServices } from './services';
import { openBrowser } from './web/openBrowser';

export interface ServeOptions {
  readonly paths: Paths;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As written to the record of writes. */
  readonly user: string;
  readonly port?: number;
  readonly host?: string;
  readonly observer?: boolean;
  /** `--profile NAME|FILE`. */
  readonly profile?: string;
  /** A display file to open; absolute. */
  readonly display?: string;
  /** Also show it in this machine's browser, where there is one. */
  readonly open?: boolean;
}

/** `close()` ends the services too: the simulation, journals, sockets. Errors: of `startServices` and of `startHeadless`. */
export async function serveBrowser(options: ServeOptions): Promise<Headless> {
  const { paths, environment } = options;
  const services = startServices({
    paths, environment, host: 'browser', version: applicationVersion(paths.workers), runtime: `Node ${process.versions.node}`,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, (error: unknown) => services.unexpected(error));
  let headless: Headless;
  try {
    headless = await startHeadless({
      services, renderer: rendererFolder(paths.workers), user: options.user,
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
    });
  } catch (error) {
    await services.dispose();
    throw error;
  }
  if (options.display !== undefined) services.openDisplay(options.display);
  if (options.open === true) await openBrowser(headless.url, environment);
  return {
    ...headless,
    async close() {
      await headless.close();
      await services.dispose();
    },
  };
}
