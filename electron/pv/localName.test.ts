import { describe, expect, it } from 'vitest';
import { parseLocalName } from './localName';

describe('loc:// names', () => {
  it.each([
    ['example', null],
    ['a_number(42.2)', { type: 'DOUBLE', value: 42.2, capacity: 1 }],
    ['a_text("Hello")', { type: 'STRING', value: 'Hello', capacity: 1 }],
    ['large<VLong>(42)', { type: 'DOUBLE', value: 42, capacity: 1 }],
    ['small<VInt>(-3)', { type: 'LONG', value: -3, capacity: 1 }],
    ['on<VBoolean>(true)', { type: 'ENUM', value: 1, capacity: 1, states: ['false', 'true'] }],
    ['plain<String>', { type: 'STRING', value: '', capacity: 1 }],
    ['whole<vlong>(42)', { type: 'DOUBLE', value: 42, capacity: 1 }],
    ['options<VEnum>(2, "A", "Initial", "B", "C")', { type: 'ENUM', value: 2, capacity: 1, states: ['A', 'Initial', 'B', 'C'] }],
    ['said("a \\"b\\" c")', { type: 'STRING', value: 'a "b" c', capacity: 1 }],
    ['empty<VString>', { type: 'STRING', value: '', capacity: 1 }],
  ])('%s', (text, initial) => {
    expect(parseLocalName(text).initial).toEqual(initial);
  });

  it('arrays', () => {
    expect(parseLocalName('an_array(3.8, 2.5, 7.4)').initial?.value).toEqual(Float64Array.of(3.8, 2.5, 7.4));
    expect(parseLocalName('texts("a", "b")').initial?.value).toEqual(['a', 'b']);
  });

  it.each(['42', '2ndExample', 'a(1', 'x<VNothing>(1)', 'x(abc)', 't<VTable>(1)'])('refuses %s', (text) => {
    expect(() => parseLocalName(text)).toThrow(RangeError);
  });
});
