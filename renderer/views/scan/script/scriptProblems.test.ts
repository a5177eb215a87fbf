import { expect, it } from 'vitest';
import { problemsIn } from './scriptProblems';

it('finds the lines that are of the script, with what happened there', () => {
  expect(problemsIn('mine.ts', 'mine.ts, line 3: ReferenceError: x is not defined\nother.ts, line 4: no\nmine.ts, line 12: two')).toEqual([
    { line: 3, column: 1, message: 'ReferenceError: x is not defined' }, { line: 12, column: 1, message: 'two' },
  ]);
  expect(problemsIn('mine.ts', 'SIM:M1 was not moved.')).toEqual([]);
  expect(problemsIn('a+b.ts', 'The run failed: a+b.ts, line 1: why')).toEqual([{ line: 1, column: 1, message: 'why' }]);
});
