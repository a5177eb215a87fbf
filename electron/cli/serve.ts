// `endstation serve`: the browser host, on loopback, until stopped.
import { resolve } from 'node:path';
import { hasEpicsEnvironment, environmentName } from '../settings';
import { serveBrowser } from '../serveBrowser';
import { readArguments } from './arguments';
import { UsageError, type CliCommand } from './command';

export const command: CliCommand = {
  name: 'serve',
  summary: 'Serves the application to a browser of this machine, until stopped. Whoever has the printed address is its user.',
  usage: ['endstation serve [FILE.bob] [--port 0] [--host 127.0.0.1] [--observer] [--open]'],
  async run(args, io) {
    const { positionals, options } = readArguments(args, { port: 'integer', host: 'text', observer: 'flag', open: 'flag' });
    const [display] = positionals;
    const odd = positionals.find((each, i) => i > 0 || !/\.(bob|opi)$/i.test(each));
    if (odd !== undefined) throw new UsageError(`"${odd}" is neither an option of serve nor its one display file (.bob, .opi).`);
    const port = options.port ?? 0;
    if (port < 0 || port > 65_535) throw new UsageError(`--port is 0 to 65535, not ${port}.`);
    const profile = io.profileName ?? (hasEpicsEnvironment(io.environment) ? environmentName : null);
    const headless = await serveBrowser({
      paths: io.paths, environment: io.environment, user: io.user, port, observer: options.observer, open: options.open,
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(profile === null ? {} : { profile }),
      ...(display === undefined ? {} : { display: resolve(display) }),
    });
    if (io.json) io.outJson({ url: headless.url });
    else {
      io.out(headless.url);
      io.err(`Endstation ${options.observer ? '(observers only) ' : ''}is served at this address, to browsers of this machine. Stop it with Ctrl-C.`);
    }
    await new Promise<void>((stop) => {
      if (io.signal.aborted) stop();
      io.signal.addEventListener('abort', () => stop(), { once: true });
    });
    await headless.close();
    return 0;
  },
};
