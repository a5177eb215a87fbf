import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments';
import { UsageError } from './command';
import { readGlobals } from './globals';
import { readValue } from './put';
import { valueForm } from './get';

const spec = { wait: 'flag', timeout: 'seconds', count: 'integer', md: 'texts', data: 'text', at: 'number' } as const;

describe('arguments', () => {
  it('options may stand anywhere, with = or a blank', () => {
    expect(readArguments(['A', '--timeout', '2.5', 'B', '--wait', '--count=3', '--md', 'a=1', '--md=b=2', '--at', '-4'], spec)).toEqual({
      positionals: ['A', 'B'], options: { wait: true, timeout: 2.5, count: 3, md: ['a=1', 'b=2'], data: undefined, at: -4 },
    });
  });

  it('negative numbers are values', () => {
    expect(readArguments(['X', '-3', '-.5', '-1e3', '-inf', '-'], spec).positionals).toEqual(['X', '-3', '-.5', '-1e3', '-inf', '-']);
  });

  it('-- ends the options, or only separates', () => {
    expect(readArguments(['X', '--', '--wait'], spec)).toMatchObject({ positionals: ['X', '--wait'], options: { wait: false } });
    expect(readArguments(['X', '--', 'M', '--wait'], spec, { keepDashes: true })).toMatchObject({ positionals: ['X', '--', 'M'], options: { wait: true } });
  });

  it.each([
    [['--frob'], 'Unknown option --frob.'], [['-x'], 'Unknown option -x.'], [['--timeout'], '--timeout needs a value.'],
    [['--timeout', 'soon'], '--timeout takes a number, not "soon".'], [['--timeout', '-1'], 'at least 0'], [['--count', '1.5'], 'a whole number'],
    [['--wait=yes'], '--wait takes no value.'], [['--timeout', ''], 'takes a number'], [['--constructor', 'x'], 'Unknown option --constructor.'],
  ])('%j is wrong usage', (args, message) => {
    expect(() => readArguments(args, spec)).toThrow(UsageError);
    expect(() => readArguments(args, spec)).toThrow(message);
  });
});

describe('options of all commands', () => {
  it('are taken out, after -- only where it separates', () => {
    expect(readGlobals(['SIM:I1', '--', 'SIM:M1', '0', '--json', '--profile', 'hall 3'], true)).toEqual({
      args: ['SIM:I1', '--', 'SIM:M1', '0'], json: true, profile: 'hall 3', help: false,
    });
    expect(readGlobals(['X', '--', '--json'], false)).toEqual({ args: ['X', '--', '--json'], json: false, profile: null, help: false });
  });

  it('--profile without a name is wrong usage', () => {
    for (const args of [['--profile'], ['--profile=']]) expect(() => readGlobals(args, false)).toThrow(UsageError);
  });
});

describe('values to write', () => {
  it.each<[string, unknown]>([
    ['-3', '-3'], ['Open', 'Open'], ['[1, 2.5, "NaN", "-Infinity"]', Float64Array.of(1, 2.5, Number.NaN, -Infinity)], ['["a", "b"]', ['a', 'b']], ['[]', new Float64Array(0)],
  ])('%s', (text, value) => {
    expect(readValue(text)).toEqual(value);
  });

  it.each(['[1, 2', '[1, "a"]', '[[1]]', '[null]'])('%s is wrong usage', (text) => {
    expect(() => readValue(text)).toThrow(UsageError);
  });

  it('--as knows three words', () => {
    expect(['native', 'string', 'number', undefined].map(valueForm)).toEqual(['native', 'string', 'number', 'native']);
    expect(() => valueForm('hex')).toThrow(UsageError);
  });
});
