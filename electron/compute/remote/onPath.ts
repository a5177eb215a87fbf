// Looks for programs in the folders of PATH.
import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export function pathFolders(environment: Environment): string[] {
  return [...new Set((environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((folder) => folder !== ''))];
}

/** Files of PATH whose name matches, in the order of PATH. Only what may be executed. */
export async function filesOnPath(environment: Environment, name: RegExp): Promise<string[]> {
  const found = await Promise.all(pathFolders(environment).map(async (folder) => {
    const names = await readdir(folder).catch(() => [] as string[]);
    return names.filter((member) => name.test(member)).sort().map((member) => join(folder, member));
  }));
  const executable = await Promise.all(found.flat().map(async (file) => ((await isExecutable(file)) ? file : null)));
  return executable.filter((file): file is string => file !== null);
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(() => true, () => false);
}
