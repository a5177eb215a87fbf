// Macros of Phoebus's displays: $(NAME), ${NAME}, $(NAME=default), nested, and what a name means where.

export type MacroTable = Readonly<Record<string, string>>;

/** Finds the value of a name: null where it has none. */
export type MacroLookup = (name: string) => string | null;

/** As in Phoebus: letters first, then also digits, `_ . - [ ]`. */
const macroName = /^[A-Za-z][A-Za-z0-9_.\-[\]]*$/;
const deepest = 50;
const longest = 1_000_000;

/** Index of the brace that closes the one at `open`, or -1. A backslash takes the meaning of the character after it. */
function closingBrace(text: string, open: number): number {
  const closings: string[] = [];
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(') closings.push(')');
    else if (character === '{') closings.push('}');
    else if (closings.length === 0) return -1;
    else if (character === '\\') at += 1;
    else if (character === closings.at(-1)) {
      closings.pop();
      if (closings.length === 0) return at;
    }
  }
  return -1;
}

function nextDollar(text: string, from: number): number {
  let at = text.indexOf('$', from);
  while (at > 0 && text[at - 1] === '\\') at = text.indexOf('$', at + 1);
  return at;
}

function resolve(input: string, lookup: MacroLookup, depth: number): string {
  let text = input;
  let from = 0;
  let replacements = 0;
  for (;;) {
    const start = nextDollar(text, from);
    if (start < 0) return text;
    const end = closingBrace(text, start + 1);
    if (end < 0) {
      from = start + 1;
      continue;
    }
    const inside = text.slice(start + 2, end);
    const equals = inside.indexOf('=');
    const name = equals > 0 ? inside.slice(0, equals) : inside;
    const fallback = equals > 0 ? inside.slice(equals + 1) : null;
    // $($(INNER)): the name itself is made of macros.
    const plain = name.includes('$') && depth < deepest ? resolve(name, lookup, depth + 1) : name;
    const value = macroName.test(plain) ? lookup(plain) ?? fallback : null;
    replacements += 1;
    if (value === null || replacements > deepest || text.length > longest) {
      from = start + 2;
      continue;
    }
    // The value may name macros itself, so the search goes on from its beginning.
    text = text.slice(0, start) + value + text.slice(end + 1);
    from = start;
  }
}

/**
 * Replaces macros. A name without value and default stays visible as it was written; `\$` becomes `$`.
 * A macro that names itself ends after 50 replacements, and what is left stays visible.
 */
export function expandMacros(input: string, lookup: MacroLookup): string {
  if (!input.includes('$')) return input;
  return resolve(input, lookup, 0).replaceAll('\\$', '$');
}

/** Names that are still unresolved in a text that was expanded. */
export function unresolvedMacros(text: string): readonly string[] {
  return [...text.matchAll(/\$[({]([A-Za-z][A-Za-z0-9_.\-[\]]*)[)}]/g)].map((match) => match[1] ?? '');
}

export function lookupIn(table: MacroTable, ...others: readonly MacroLookup[]): MacroLookup {
  return (name) => {
    if (Object.hasOwn(table, name)) return table[name] ?? null;
    for (const other of others) {
      const value = other(name);
      if (value !== null) return value;
    }
    return null;
  };
}

/** Adds macros to inherited ones; the values of the new ones may name the inherited ones. */
export function extendMacros(inherited: MacroTable, own: MacroTable): MacroTable {
  const merged: Record<string, string> = { ...inherited };
  for (const [name, value] of Object.entries(own)) merged[name] = expandMacros(value, lookupIn(merged));
  return merged;
}

/** Macros typed by a user: `P=SIM:, M=M1`. What has no `=` is left out. */
export function parseMacros(text: string): MacroTable {
  const table: Record<string, string> = {};
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    if (equals > 0 && macroName.test(name)) table[name] = part.slice(equals + 1).trim();
  }
  return table;
}

export function writeMacros(table: MacroTable): string {
  return Object.entries(table).map(([name, value]) => `${name}=${value}`).join(', ');
}
