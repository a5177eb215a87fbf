// Names of runs' files from a pattern like "{date}_{scan_id}_{plan}": what may stand in it, and what comes of it. PURE.

export const defaultFilePattern = '{scan_id}_{plan}_{uid}';

/** What a pattern may name, and what stands there then. */
export const filePlaceholders: Readonly<Record<string, string>> = {
  scan_id: 'the scan number, five digits', plan: 'the plan', date: 'the day, 20261123', time: 'the time, 140503', sample: 'the sample', user: 'the user',
  proposal: 'the proposal', title: 'the title', profile: 'the profile', uid: 'the first eight digits of the run\'s uid',
};

const longestPattern = 120;
const longestName = 150;
const longestValue = 40;
const placeholder = /\{([^{}]*)\}/g;
/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What is wrong with it, as a sentence; null where it can be used. */
export function filePatternProblem(pattern: string): string | null {
  const known = Object.keys(filePlaceholders);
  if (pattern.trim() === '') return 'The pattern for file names is empty.';
  if (pattern.length > longestPattern) return `The pattern for file names is longer than ${longestPattern} characters.`;
  const unknown = [...pattern.matchAll(placeholder)].map(([, name = '']) => name).find((name) => !known.includes(name));
  if (unknown !== undefined) return `The pattern for file names has {${unknown}}, which there is not. There are ${known.map((name) => `{${name}}`).join(', ')}.`;
  const rest = pattern.replace(placeholder, '');
  if (/[{}]/.test(rest)) return 'The pattern for file names has a brace without its partner.';
  const bad = /[\u0000-\u001f\u007f\\/:*?"<>|]/.exec(rest)?.[0];
  if (bad !== undefined) return `The pattern for file names has ${JSON.stringify(bad)}, which can not be part of a name on every system. Runs are in a folder a day already.`;
  return null;
}

/** Letters and digits of all languages, dashes, dots. */
function clean(value: string): string {
  return value.trim().replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, longestValue).replace(/^[._-]+|[._-]+$/g, '');
}

/** A name without its extension. What the run does not have is left out, with what separated it. `pattern`: one without a problem. */
export function fileNameOf(pattern: string, values: Readonly<Record<string, string | undefined>>): string {
  let isGap = false;
  const filled = pattern.replace(placeholder, (_whole, name: string) => {
    const value = clean(values[name] ?? '');
    if (value === '') isGap = true;
    return value;
  });
  const joined = isGap ? filled.replace(/([_\-. ])[_\-. ]+/g, '$1') : filled;
  const name = joined.slice(0, longestName).replace(/^[_\-. ]+|[_\-. ]+$/g, '');
  if (name === '') return 'run';
  return reserved.test(name) ? `run_${name}` : name;
}
