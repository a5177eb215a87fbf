// The plans for docs/, from their schemas: the table of docs/scanning.md, and docs/plans.md with every parameter.
import { otherNames, planForms } from '../electron/cli/planForms';
import { planArguments, planDescriptions, type PlanDescription, type PlanField } from '../shared/plans';
import { andBack } from '../shared/plans/fields';

/** Between these lines of docs/scanning.md stands the table. */
const begin = '<!-- The plans: made from their schemas by `npm run docs` -->';
const end = '<!-- The end of what is made -->';

/** What a table's cell can hold. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** A script is given as a file. */
function formOf({ name }: PlanDescription): string {
  return planForms[name]?.form ?? '--file FILE.ts';
}

function planTable(): string {
  const short = (name: string): string => Object.entries(otherNames).filter(([, long]) => long === name).map(([other]) => `, \`${other}\``).join('');
  const rows = planDescriptions.map((plan) => `| \`${plan.name}\`${short(plan.name)} | ${cell(plan.doc.replace(andBack, 'Relative.'))} | \`${cell(formOf(plan))}\` |`);
  return ['| Plan | Does | On the command line, after `endstation scan` |', '|---|---|---|', ...rows].join('\n');
}

/** docs/scanning.md with its table as the schemas have it. Errors: where the table's place is missing. */
export function withPlanTable(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/scanning.md has no place for the plans: put the lines "${begin}" and "${end}" where they are to stand.`);
  return `${page.slice(0, from)}${begin}\n${planTable()}\n${page.slice(to)}`;
}

interface Entry { readonly type?: string; readonly default?: unknown; readonly entries?: Readonly<Record<string, Entry>>; readonly item?: Entry; readonly wrapped?: Entry }

const kinds: Readonly<Record<PlanField['kind'], string>> = {
  detectors: 'names', motor: 'name', number: 'number', integer: 'whole number', boolean: 'true, false', text: 'text', list: 'numbers', axes: 'a row a motor', rows: 'rows',
  plan: 'a plan', plans: 'plans', file: 'file', source: 'text',
};
const units: Readonly<Record<NonNullable<PlanField['unit']>, string>> = { s: ', s', motorUnit: ', unit of the motor', motorOffset: ', unit of the motor', motorSpeed: ', units of the motor a second', rad: ', rad', points: '' };

/** What stands where the field is left out. */
function absence(entry: Entry | undefined): string {
  if (entry?.type !== 'optional') return 'needed';
  return entry.default === undefined ? '' : `\`${JSON.stringify(entry.default)}\``;
}

function rowsOf(fields: readonly PlanField[], entries: Readonly<Record<string, Entry>>, prefix: string): string[] {
  return fields.flatMap((field) => {
    const entry = entries[field.name];
    const { kind, unit, doc, columns, least = 1, most } = field;
    const many = columns ? ` (${least === most ? least : most === undefined ? `${least} or more` : `${least} to ${most}`})` : '';
    const row = `| \`${prefix}${field.name}\` | ${kinds[kind]}${many}${unit ? units[unit] : ''} | ${absence(entry)} | ${cell(doc)} |`;
    const inner = entry?.wrapped ?? entry;
    return [row, ...(columns ? rowsOf(columns, inner?.item?.entries ?? {}, `${prefix}${field.name}[].`) : [])];
  });
}

/** Parameters that the form has in another way: of each axis. */
const besides: readonly PlanField[] = [{ name: 'snake', label: 'Snake', kind: 'boolean', doc: 'Each axis but the first turns round instead of going back, unless its own `snake` says otherwise.' }];

function section(plan: PlanDescription): string[] {
  const { entries = {} } = planArguments[plan.name] as unknown as Entry;
  const all = [...plan.fields, ...besides.filter(({ name }) => Object.hasOwn(entries, name) && !plan.fields.some((field) => field.name === name))];
  return [
    `## ${plan.name}`, '', `**${plan.title}.** ${plan.doc}`, '', '```', `endstation scan ${formOf(plan)}`, '```', '',
    '| Parameter | Is | Left out | |', '|---|---|---|---|', ...rowsOf(all, entries, ''), '',
  ];
}

/** docs/plans.md. */
export function planReference(): string {
  return [
    '# Plans, parameter by parameter', '',
    'Made by `npm run docs` from the schemas that the form, the command line and the checks are made of. How to use them is in [Scanning](scanning.md).', '',
    'A plan file is `{"plan": NAME, "args": {PARAMETER: VALUE, ...}}`; `axes[].motor` is the parameter `motor` in each row of `axes`.', '',
    ...planDescriptions.flatMap(section),
  ].join('\n');
}
