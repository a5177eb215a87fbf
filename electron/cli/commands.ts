// The commands by name. Each is loaded when it is used, so that `get` does not wait for what `scan` needs.
import type { CliCommand } from './command';

const loaders: Readonly<Record<string, () => Promise<{ readonly command: CliCommand }>>> = {
  serve: () => import('./serve'),
  get: () => import('./get'),
  put: () => import('./put'),
  monitor: () => import('./monitor'),
  info: () => import('./info'),
  ioc: () => import('./ioc'),
  lab: () => import('./lab'),
  compute: () => import('./compute'),
  scan: () => import('./scan'),
  runs: () => import('./runs'),
  display: () => import('./display'),
  doctor: () => import('./doctor'),
  bench: () => import('./bench'),
};

export const commandNames: readonly string[] = Object.keys(loaders);

export async function loadCommand(name: string): Promise<CliCommand | null> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  return load ? (await load()).command : null;
}
