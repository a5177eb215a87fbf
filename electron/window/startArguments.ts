// What the application was started with: `endstation [FILE.bob] [--profile NAME] [--observer]`, among Chromium's own switches.
import { resolve } from 'node:path';

export interface StartArguments {
  /** Absolute. */
  readonly display: string | null;
  readonly profile: string | null;
  readonly observer: boolean;
}

/** `args` without the executable (and without the application's folder, where Electron was given one). */
export function readStartArguments(args: readonly string[], folder: string): StartArguments {
  const profileAt = args.indexOf('--profile');
  const profile = args.find((arg) => arg.startsWith('--profile='))?.slice('--profile='.length) ?? (profileAt >= 0 ? args[profileAt + 1] : undefined);
  const file = args.find((arg, i) => !arg.startsWith('-') && (profileAt < 0 || i !== profileAt + 1) && /\.(bob|opi)$/i.test(arg));
  return { display: file === undefined ? null : resolve(folder, file), profile: profile ?? null, observer: args.includes('--observer') };
}
