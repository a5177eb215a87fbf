import { describe, expect, it } from 'vitest';
import { servedArguments } from './start.mjs';

describe('what the browser host is given, where no window can be', () => {
  it.each([
    [[], []],
    [['panel.bob', '--no-sandbox', '--browser'], ['panel.bob']],
    [['--profile', 'odd.bob', 'a.opi', '--observer'], ['--profile', 'odd.bob', '--observer', 'a.opi']],
    [['--profile=i20', 'one.bob', 'two.bob'], ['--profile=i20', 'one.bob']],
    [['notes.txt'], []],
  ])('%j', (args, expected) => expect(servedArguments(args)).toEqual(expected));
});
