// Plans on the command line, in bluesky's order: detectors, `--`, motors with their ranges.
import { readFileSync } from 'node:fs';
import { checkPlan, planArguments, type PlanRequest } from '@shared/plans';
import { toErrorData } from '@shared/errors';
import { UsageError } from './command';

export interface PlanOptions { readonly num?: number; readonly delay?: number; readonly snake: boolean }

const forms: Readonly<Record<string, string>> = {
  count: 'count DET.. --num n --delay s', scan: 'scan DET.. -- MOTOR START STOP [MOTOR2 START STOP] NUM',
  grid_scan: 'grid_scan DET.. -- M1 A B N M2 A B N [--snake]', move: 'move -- MOTOR POSITION [MOTOR2 POSITION]',
};

function number(text: string | undefined, what: string): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`${what} is a number, not "${text ?? ''}".`);
  return value;
}

/** Splits `M1 0 1 5 M2 0 2 3` into rows of `width`. */
function rows(words: readonly string[], width: number, form: string): string[][] {
  if (words.length === 0 || words.length % width !== 0) throw new UsageError(`These arguments do not fit. Write: ${form}`);
  return Array.from({ length: words.length / width }, (_, index) => words.slice(index * width, (index + 1) * width));
}

/** Errors: `UsageError`, that names what does not fit. */
export function planFromWords(positionals: readonly string[], options: PlanOptions): PlanRequest {
  const [plan = '', ...words] = positionals;
  const form = forms[plan];
  if (form === undefined) throw new UsageError(plan === '' ? 'Name a plan.' : `There is no plan "${plan}". Plans: ${Object.keys(planArguments).join(', ')}.`);
  const split = words.indexOf('--');
  const detectors = split < 0 ? words : words.slice(0, split);
  const rest = split < 0 ? [] : words.slice(split + 1);
  const args = (): Record<string, unknown> => {
    switch (plan) {
      case 'count':
        if (rest.length > 0) throw new UsageError(`\`count\` moves nothing. Write: ${form}`);
        return { detectors, ...(options.num !== undefined ? { num: options.num } : {}), ...(options.delay !== undefined ? { delay: options.delay } : {}) };
      case 'scan': {
        const last = options.num === undefined ? rest[rest.length - 1] : String(options.num);
        const ranges = options.num === undefined ? rest.slice(0, -1) : rest;
        const axes = rows(ranges, 3, form).map(([motor, start, stop]) => ({ motor, start: number(start, `The start of ${motor}`), stop: number(stop, `The stop of ${motor}`) }));
        return { detectors, num: number(last, 'The number of points'), axes };
      }
      case 'grid_scan': return {
        detectors, snake: options.snake,
        axes: rows(rest, 4, form).map(([motor, start, stop, num]) => ({
          motor, start: number(start, `The start of ${motor}`), stop: number(stop, `The stop of ${motor}`), num: number(num, `The number of points of ${motor}`),
        })),
      };
      default: return { axes: rows(split < 0 ? words : rest, 2, form).map(([motor, position]) => ({ motor, position: number(position, `The position of ${motor}`) })) };
    }
  };
  return checked(plan, args(), form);
}

function checked(plan: string, args: unknown, form: string): PlanRequest {
  const result = checkPlan(plan, args);
  if (result.ok) return result.request;
  const problems = result.problems.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  throw new UsageError(`${problems.join(' ')}${form ? ` Write: ${form}` : ''}`);
}

/** A plan in a JSON file: `{"plan": "scan", "args": {...}}`. Errors: `UsageError`. */
export function planFromFile(file: string): PlanRequest {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`The plan ${file} can not be read: ${toErrorData(error).message}`);
  }
  const { plan, args } = (typeof content === 'object' && content !== null ? content : {}) as { plan?: unknown; args?: unknown };
  if (typeof plan !== 'string') throw new UsageError(`The plan ${file} has no "plan". It must be like {"plan": "scan", "args": {...}}.`);
  return checked(plan, args, '');
}

/** `--md sample=iron --md temperature=300`: numbers, true and false are taken as such. Errors: `UsageError`. */
export function metadataFrom(pairs: readonly string[]): Record<string, string | number | boolean> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--md takes key=value, not "${pair}".`);
    const text = pair.slice(at + 1);
    const value = text === 'true' ? true : text === 'false' ? false : /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    return [pair.slice(0, at), value];
  }));
}
