// A line that one of our programs printed: a JSON object, whose members are looked at one by one.
import { LabError } from './labError';

export type ProgramLine = Readonly<Record<string, unknown>>;

/** Null for a line that is no JSON object. */
export function parseLine(text: string): ProgramLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ProgramLine) : null;
  } catch {
    return null;
  }
}

export function numberOf(line: ProgramLine, name: string): number {
  const value = line[name];
  if (typeof value !== 'number') throw new LabError('PROGRAM_OUTPUT', `The program's line has no number "${name}": ${JSON.stringify(line)}`);
  return value;
}

export function numbersOf(line: ProgramLine, name: string): number[] {
  const value = line[name];
  if (!Array.isArray(value) || !value.every((member): member is number => typeof member === 'number')) {
    throw new LabError('PROGRAM_OUTPUT', `The program's line has no numbers "${name}": ${JSON.stringify(line)}`);
  }
  return value;
}
