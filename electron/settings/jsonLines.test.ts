import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, parseJson } from './jsonLines';

function errorOf(text: string): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error('it was parsed');
}

describe('JSON with places', () => {
  it('reads all that is JSON as JSON.parse does', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parseJson(text).value).toEqual(JSON.parse(text));
    }));
  });

  it('reads nothing that JSON.parse does not, duplicate fields aside', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\0123456789.eE+-truefalsn \n') }), (text) => {
      let value: unknown;
      try {
        value = parseJson(text).value;
      } catch {
        return;
      }
      expect(value).toEqual(JSON.parse(text));
    }), { numRuns: 2000 });
  });

  it('knows the line of every field, and of the nearest one around a missing field', () => {
    const document = parseJson('{\n  "name": "a",\n  "devices": [\n    { "name": "x",\n      "kind": "motor" }\n  ]\n}');
    expect(['name', 'devices', 'devices.0', 'devices.0.kind', 'devices.0.pv', 'nothing', ''].map((path) => document.lineOf(path))).toEqual([2, 3, 4, 5, 4, 1, 1]);
  });

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or "}" is missing'],
    ['{"a": 1,}', 1, 9, 'a field name in quotation marks is missing'],
    ['{"a": yes}', 1, 7, '"yes" is not a value: texts need quotation marks'],
    ['{"a": 1, "a": 2}', 1, 13, 'the field "a" is given twice'],
    ['{"a": "x\n"}', 1, 7, 'this text has no end on its line'],
    ['{"p": "C:\\data"}', 1, 7, 'a Windows path needs'],
    ['', 1, 1, 'the file ends here, a value is missing'],
    ['[1, 2', 1, 6, 'a comma or "]" is missing'],
    ['{} x', 1, 4, 'nothing may follow after the end'],
    ['{"a" 1}', 1, 6, 'a colon is missing after "a"'],
  ])('says where %j is broken', (text, line, column, what) => {
    const error = errorOf(text);
    expect(error.place).toEqual({ line, column });
    expect(error.what).toContain(what);
  });

  it('does not go deeper than it must', () => {
    expect(errorOf('['.repeat(100_000)).what).toBe('more than 64 levels');
  });
});
