// Options that every command has: --json, --profile, --help. Taken out before the command reads its own.
import { UsageError } from './command';

export interface Globals {
  readonly args: string[];
  readonly json: boolean;
  readonly profile: string | null;
  readonly help: boolean;
}

/** After `--` nothing is an option any more, unless `dashesSeparate`. */
export function readGlobals(argv: readonly string[], dashesSeparate: boolean): Globals {
  const args: string[] = [];
  let json = false;
  let help = false;
  let profile: string | null = null;
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '--json') json = true;
    else if (argument === '--help' || argument === '-h') help = true;
    else if (argument === '--profile' || argument.startsWith('--profile=')) {
      const value = argument === '--profile' ? rest.shift() : argument.slice('--profile='.length);
      if (value === undefined || value === '') throw new UsageError('--profile needs the name of a profile or the path of its file.');
      profile = value;
    } else {
      args.push(argument);
      if (argument === '--' && !dashesSeparate) args.push(...rest.splice(0));
    }
  }
  return { args, json, profile, help };
}
