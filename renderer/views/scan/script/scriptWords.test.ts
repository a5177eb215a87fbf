import { describe, expect, it } from 'vitest';
import { planSnippet, wordsOf } from './scriptWords';

const declarations = `// What a plan script may use.
type Value = number;
/** Moves all devices at once: \`yield* move('SIM:M1', 1.5)\`. */
declare function move(...devicesAndPositions: readonly (string | number)[]): Steps;
declare function sleep(seconds: number): Steps;
/** The built-in plans. */
declare const plans: {
  /** Equal steps. */
  scan(args: {
    /** Read at every point. */ detectors: readonly string[];
    /** How many. */ num?: number;
    /** A row a motor. */ axes: readonly { /** Its name. */ motor: string; /** First. */ start: number; /** Back. */ snake?: boolean; }[];
  }): Steps;
};
`;

describe('words of a script', () => {
  it('are functions with their docs, and plans with their fields', () => {
    const { functions, plans } = wordsOf(declarations);
    expect(functions).toEqual([
      { name: 'move', signature: 'move(...devicesAndPositions: readonly (string | number)[]): Steps', doc: "Moves all devices at once: `yield* move('SIM:M1', 1.5)`." },
      { name: 'sleep', signature: 'sleep(seconds: number): Steps', doc: '' },
    ]);
    expect(plans.map(({ name, doc }) => [name, doc])).toEqual([['scan', 'Equal steps.']]);
    expect(plans[0]?.fields.map(({ name, optional }) => [name, optional])).toEqual([['detectors', false], ['num', true], ['axes', false]]);
    expect(plans[0]?.fields[2]?.columns.map(({ name }) => name)).toEqual(['motor', 'start', 'snake']);
  });

  it('make a snippet with what must be given', () => {
    const [scan] = wordsOf(declarations).plans;
    expect(scan && planSnippet(scan)).toBe("scan({ detectors: ['${detectors}'], axes: [{ motor: '${motor}', start: ${start} }] })");
  });
});
