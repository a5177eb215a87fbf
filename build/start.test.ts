import { describe, expect, it } from 'vitest';
import { commandOf, servedArguments } from './start.mjs';

describe('what the browser host is given, where no window can be', () => {
  it.each([
    [[], []],
    [['panel.bob', '--no-sandbox', '--browser'], ['panel.bob']],
    [['--profile', 'odd.bob', 'a.opi', '--observer'], ['--profile', 'odd.bob', '--observer', 'a.opi']],
    [['--profile=i20', 'one.bob', 'two.bob'], ['--profile=i20', 'one.bob']],
    [['notes.txt'], []],
  ])('%j', (args, expected) => expect(servedArguments(args)).toEqual(expected));
});

describe('what `endstation` is asked', () => {
  it.each([
    [[], null],
    [['--profile', 'i20', '--observer'], null],
    [['--profile', 'get', 'panel.bob'], null],
    [['get', 'SIM:M1'], 'get'],
    [['--profile', 'i20', 'get', 'SIM:M1'], 'get'],
    [['--json', '--profile=i20', 'monitor', 'SIM:M1'], 'monitor'],
    [['display', 'check', 'panel.bob'], 'display'],
    [['--version'], 'help'],
  ])('%j', (args, expected) => expect(commandOf(args)).toBe(expected));
});
