// What a script may use, as words for completion: read from the TypeScript declarations that the services give.

export interface ScriptWord { readonly name: string; readonly signature: string; readonly doc: string }
export interface FieldWord { readonly name: string; readonly type: string; readonly optional: boolean; readonly doc: string; /** Of the objects in it. */ readonly columns: readonly FieldWord[] }
export interface PlanWord extends ScriptWord { readonly fields: readonly FieldWord[] }
export interface ScriptWords { readonly functions: readonly ScriptWord[]; readonly plans: readonly PlanWord[] }

export const noWords: ScriptWords = { functions: [], plans: [] };

const withoutComments = (text: string) => text.replace(/\/\*\*.*?\*\/\s*/g, '');

function fieldOf(line: string): FieldWord | null {
  const [, doc = '', name, mark, type] = /^\/\*\* (.*?) \*\/ (\w+)(\??): (.*);$/.exec(line) ?? [];
  if (name === undefined || type === undefined) return null;
  const inner = /\{ (.*) \}/.exec(type)?.[1] ?? '';
  const columns = [...inner.matchAll(/\/\*\* .*? \*\/ \w+\??: [^;]*;/g)].flatMap(([text]) => fieldOf(text) ?? []);
  return { name, type: withoutComments(type), optional: mark === '?', doc, columns };
}

/** Declarations of functions, and the members of `plans`; anything else is passed over. */
export function wordsOf(declarations: string): ScriptWords {
  const functions: ScriptWord[] = [];
  const plans: { name: string; signature: string; doc: string; fields: FieldWord[] }[] = [];
  let doc = '';
  let inPlans = false;
  for (const whole of declarations.split('\n')) {
    const line = whole.trim();
    const [, comment] = /^\/\*\* (.*) \*\/$/.exec(line) ?? [];
    const [, name, rest = ''] = /^declare function (\w+)(.*);$/.exec(line) ?? [];
    const [, plan] = /^(\w+)\(args: \{$/.exec(line) ?? [];
    const field = fieldOf(line);
    if (comment !== undefined && field === null) {
      doc = comment;
      continue;
    }
    if (name !== undefined) functions.push({ name, signature: `${name}${rest}`, doc });
    else if (line === 'declare const plans: {') inPlans = true;
    else if (inPlans && plan !== undefined) plans.push({ name: plan, signature: `plans.${plan}(args)`, doc, fields: [] });
    else if (inPlans && field) plans[plans.length - 1]?.fields.push(field);
    doc = '';
  }
  return { functions, plans };
}

function valueTemplate({ name, type, columns }: FieldWord): string {
  const place = `\${${name}}`;
  if (columns.length > 0) return `[{ ${columns.filter((column) => !column.optional).map((column) => `${column.name}: ${valueTemplate(column)}`).join(', ')} }]`;
  if (type === 'string') return `'${place}'`;
  if (type === 'readonly string[]') return `['${place}']`;
  return type.startsWith('readonly') ? `[${place}]` : place;
}

/** A call with all that must be given, as a snippet of the editor. */
export function planSnippet({ name, fields }: PlanWord): string {
  return `${name}({ ${fields.filter((field) => !field.optional).map((field) => `${field.name}: ${valueTemplate(field)}`).join(', ')} })`;
}
