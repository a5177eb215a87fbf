// The places in a script that an error of its run names.
import type { ScriptProblem } from '@shared/scripts';

/** Of lines such as `mine.ts, line 3: ReferenceError: x is not defined`, those of this script. */
export function problemsIn(name: string, text: string): ScriptProblem[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf(`${name}, line `);
    const match = at < 0 ? null : /^(\d+): (.*)$/.exec(line.slice(at + name.length + 7));
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ line: Number(match[1]), column: 1, message: match[2] }];
  });
}
