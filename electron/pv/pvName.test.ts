import { describe, expect, it } from 'vitest';
import { parsePvName } from './pvName';

describe('PV names', () => {
  it.each([
    ['SIM:M1.VAL', 'ca', 'SIM:M1.VAL', 'SIM:M1.VAL'],
    ['ca://SIM:M1', 'ca', 'SIM:M1', 'SIM:M1'],
    [' SIM:M1 ', 'ca', 'SIM:M1', 'SIM:M1'],
    ['pva://X/a/b', 'pva', 'X/a/b', 'pva://X/a/b'],
    ['sim://sine(0, 10, 1)', 'sim', 'sine(0, 10, 1)', 'sim://sine(0, 10, 1)'],
    ['loc://a("b c")', 'loc', 'a("b c")', 'loc://a("b c")'],
    ['=3+4', 'eq', '=3+4', 'eq://=3+4'],
  ])('%s', (text, scheme, name, key) => {
    expect(parsePvName(text)).toEqual({ scheme, name, key });
  });

  it.each(['', '  ', 'ca://', 'http://x', 'two words', 'tab\tbed', 'quo"te'])('refuses %j', (text) => {
    expect(parsePvName(text)).toBeNull();
  });
});
