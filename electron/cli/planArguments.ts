// Plans on the command line, in bluesky's order: detectors, `--`, motors with their ranges.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { checkPlan, planArguments, type PlanRequest } from '@shared/plans';
import { toErrorData } from '@shared/errors';
import { UsageError } from './command';
import { number, otherNames, planForms, type PlanOptions } from './planForms';

/** Errors: `UsageError`, that names what does not fit. */
export function planFromWords(positionals: readonly string[], options: PlanOptions): PlanRequest {
  const [first = '', ...words] = positionals;
  const plan = otherNames[first] ?? first;
  const known = Object.hasOwn(planForms, plan) ? planForms[plan] : undefined;
  if (known === undefined) throw new UsageError(plan === '' ? 'Name a plan.' : `There is no plan "${plan}". Plans: ${Object.keys(planArguments).join(', ')}.`);
  if (plan === 'sequence' || plan === 'loop' || plan === 'include') return composition(plan, words, options, known.form);
  const { form, alone, args } = known;
  const split = words.indexOf('--');
  const before = split < 0 ? words : words.slice(0, split);
  const after = split < 0 ? [] : words.slice(split + 1);
  const own = args({ words: alone && split < 0 ? before : after, options, form });
  return checked(plan, alone ? own : { detectors: before, ...own }, form);
}

/** `loop 3 count SIM:I1`, `sequence "count SIM:I1" "move SIM:M1 1"`, `include FILE`. */
function composition(plan: 'sequence' | 'loop' | 'include', words: readonly string[], options: PlanOptions, form: string): PlanRequest {
  const [first = '', ...rest] = words;
  if (plan === 'include') {
    if (words.length !== 1) throw new UsageError(`\`include\` takes one file. Write: ${form}`);
    return checked(plan, { file: /[/\\]/.test(first) ? resolve(first) : first }, form);
  }
  const { delay, ...others } = options;
  if (plan === 'loop') return checked(plan, { times: number(first, 'The number of times'), plan: planFromWords(rest, others), ...(delay === undefined ? {} : { delay }) }, form);
  return checked(plan, { plans: words.map((line) => planFromWords(line.match(/\[[^\]]*\]|\S+/g) ?? [], others)) }, form);
}

function checked(plan: string, args: unknown, form: string): PlanRequest {
  const result = checkPlan(plan, args);
  if (result.ok) return result.request;
  const problems = result.problems.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  throw new UsageError(`${problems.join(' ')}${form ? ` Write: ${form}` : ''}`);
}

/** A plan in a JSON file, `{"plan": "scan", "args": {...}}`, or a script in a .ts or .js file. Errors: `UsageError`. */
export function planFromFile(file: string): PlanRequest {
  let content: unknown;
  try {
    const text = readFileSync(file, 'utf8');
    if (/\.(ts|js)$/.test(file)) return checked('script', { source: text, name: basename(file) }, '');
    content = JSON.parse(text);
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
