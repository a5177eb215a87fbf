// How a job's input and output pass between us and the Python worker package: a JSON file, and an .npy file for each array in it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNumericArray, readNpy, writeNpy, type NumericArray } from './npy';

const words: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

/** `input.json` and `input0.npy`, ... in the folder. */
export async function writeInput(folder: string, input: unknown): Promise<void> {
  const arrays: NumericArray[] = [];
  const text = JSON.stringify(input, (_key, member: unknown) => {
    if (!isNumericArray(member)) return member;
    arrays.push(member);
    return { $array: `input${arrays.length - 1}.npy` };
  });
  await Promise.all(arrays.map((array, index) => writeNpy(join(folder, `input${index}.npy`), array)));
  await writeFile(join(folder, 'input.json'), text);
}

export async function readOutput(folder: string): Promise<unknown> {
  return revive(JSON.parse(await readFile(join(folder, 'output.json'), 'utf8')), folder);
}

async function revive(value: unknown, folder: string): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map((member) => revive(member, folder)));
  const { $array, $number } = value as { $array?: unknown; $number?: unknown };
  if (typeof $array === 'string') return readNpy(join(folder, $array));
  if (typeof $number === 'string') return words[$number];
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, member]) => [key, await revive(member, folder)] as const)));
}
