// `endstation display check`: what of a display file Endstation shows, and what not.
import { readFile } from 'node:fs/promises';
import { DisplayError } from '@shared/displays/displayError';
import { readDisplay } from '@shared/displays/readDisplay';
import { toErrorData } from '@shared/errors';
import { displayText } from '../displays/displayText';
import { readArguments } from './arguments';
import { UsageError, type CliCommand } from './command';

export interface DisplayCheck {
  readonly file: string;
  readonly widgets: number;
  readonly supported: number;
  /** Widget type -> how many of it. */
  readonly unsupported: Readonly<Record<string, number>>;
  /** In the file, but not run. */
  readonly rules: number;
  readonly scripts: number;
  readonly errors: readonly string[];
}

const nothing = { widgets: 0, supported: 0, unsupported: {}, rules: 0, scripts: 0 } as const;

/** `isShown` false: the file can't be opened at all; `errors` says why. */
export function checkDisplay(file: string, text: string): { check: DisplayCheck; isShown: boolean } {
  try {
    const { account: { problems, ...counts } } = readDisplay(text);
    return { check: { file, ...counts, errors: problems.map((problem) => `Line ${problem.line}: ${problem.text}`) }, isShown: true };
  } catch (error) {
    if (!(error instanceof DisplayError)) throw error;
    return { check: { file, ...nothing, errors: [error.message] }, isShown: false };
  }
}

async function checkFile(file: string): Promise<ReturnType<typeof checkDisplay>> {
  try {
    return checkDisplay(file, displayText(await readFile(file)));
  } catch (error) {
    return { check: { file, ...nothing, errors: [`The file can't be read: ${toErrorData(error).message}.`] }, isShown: false };
  }
}

export const command: CliCommand = {
  name: 'display',
  summary: 'Checks Phoebus display files (.bob): how many widgets are shown, which types are not, what is wrong in the file.',
  usage: ['endstation display check FILE...'],
  async run(args, io) {
    const { positionals: [action, ...files] } = readArguments(args, {});
    if (action !== 'check' || files.length === 0) throw new UsageError('Say what to check: `display check FILE...`.');
    let failed = 0;
    for (const file of files) {
      const { check, isShown } = await checkFile(file);
      if (io.signal.aborted) return 1;
      if (!isShown) failed += 1;
      if (io.json) io.outJson(check);
      else for (const line of checkText(check, isShown)) io.out(line);
    }
    return failed === 0 ? 0 : 1;
  },
};

function checkText({ file, widgets, supported, unsupported, rules, scripts, errors }: DisplayCheck, isShown: boolean): string[] {
  const missing = Object.entries(unsupported).map(([type, number]) => `${number} ${type}`);
  const idle = [rules > 0 ? `${rules} rules` : '', scripts > 0 ? `${scripts} scripts` : ''].filter((part) => part !== '');
  return [
    isShown ? `${file}: ${supported} of ${widgets} widgets are shown` : `${file}: can't be opened`,
    ...(missing.length > 0 ? [`  not shown: ${missing.join(', ')}`] : []),
    ...(idle.length > 0 ? [`  not run: ${idle.join(', ')}`] : []),
    ...errors.map((error) => `  ${error}`),
  ];
}
