// Reads a command's arguments: long options, negative numbers as values, `--`. Options are declared, the rest are positionals.
import { UsageError } from './command';

export type OptionKind = 'flag' | 'text' | 'texts' | 'number' | 'integer' | 'seconds';
type OptionValue<K extends OptionKind> = K extends 'flag' ? boolean : K extends 'text' ? string | undefined : K extends 'texts' ? string[] : number | undefined;

export interface ReadArguments<S extends Readonly<Record<string, OptionKind>>> {
  /** In order; with `keepDashes` the `--` are among them. */
  readonly positionals: string[];
  readonly options: { [N in keyof S]: OptionValue<S[N]> };
}

/** `-3`, `-.5` and `-inf` are values, not options. */
const negativeNumber = /^-(\.?\d|inf)/i;

function numberOption(name: string, kind: OptionKind, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not "${text}".`);
  if (kind === 'integer' && !Number.isInteger(value)) throw new UsageError(`--${name} takes a whole number, not "${text}".`);
  if (kind === 'seconds' && value < 0) throw new UsageError(`--${name} takes seconds, at least 0, not "${text}".`);
  return value;
}

/**
 * Options may stand anywhere, as `--name value` or `--name=value`. After `--` everything is a positional, unless `keepDashes`:
 * then `--` is itself a positional and options go on after it. Errors: UsageError for an unknown option or a missing value.
 */
export function readArguments<S extends Readonly<Record<string, OptionKind>>>(args: readonly string[], spec: S, settings: { keepDashes?: boolean } = {}): ReadArguments<S> {
  const positionals: string[] = [];
  const options: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(spec)) options[name] = kind === 'flag' ? false : kind === 'texts' ? [] : undefined;
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '--') {
      if (settings.keepDashes) positionals.push('--');
      else positionals.push(...rest.splice(0));
    } else if (!argument.startsWith('-') || argument === '-' || negativeNumber.test(argument)) {
      positionals.push(argument);
    } else {
      readOption(argument, rest, spec, options);
    }
  }
  return { positionals, options: options as { [N in keyof S]: OptionValue<S[N]> } };
}

function readOption(argument: string, rest: string[], spec: Readonly<Record<string, OptionKind>>, options: Record<string, unknown>): void {
  const [, name = '', inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(argument) ?? [];
  const kind = Object.hasOwn(spec, name) ? spec[name] : undefined;
  if (kind === undefined) {
    const known = Object.keys(spec).map((option) => `--${option}`);
    throw new UsageError(`Unknown option ${argument.split('=')[0] ?? argument}.${known.length > 0 ? ` Options: ${known.join(', ')}.` : ''}`);
  }
  if (kind === 'flag') {
    if (inline !== undefined) throw new UsageError(`--${name} takes no value.`);
    options[name] = true;
    return;
  }
  const text = inline ?? rest.shift();
  if (text === undefined) throw new UsageError(`--${name} needs a value.`);
  if (kind === 'text') options[name] = text;
  else if (kind === 'texts') options[name] = [...(options[name] as string[]), text];
  else options[name] = numberOption(name, kind, text);
}
