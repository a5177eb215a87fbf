import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandMacros, extendMacros, lookupIn, parseMacros, unresolvedMacros, writeMacros } from './macros';

const table = { P: 'SIM:', M: 'M1', WHICH: 'M', FULL: '$(P)$(M)', LOOP: '$(LOOP)', A: '$(B)', B: '$(A)', 'traces[0].y_pv': 'wave' };

describe('expandMacros', () => {
  const rows: readonly [input: string, expanded: string][] = [
    ['no macros', 'no macros'],
    ['$(P)$(M).RBV', 'SIM:M1.RBV'],
    ['${P}${M}', 'SIM:M1'],
    ['$(FULL).VAL', 'SIM:M1.VAL'],
    ['$($(WHICH))', 'M1'],
    ['${$(WHICH)}', 'M1'],
    ['$(MISSING)', '$(MISSING)'],
    ['a $(MISSING) b $(M) c', 'a $(MISSING) b M1 c'],
    ['$(MISSING=default)', 'default'],
    ['$(MISSING=$(P)x)', 'SIM:x'],
    ['$(M=unused)', 'M1'],
    ['$(MISSING=)', ''],
    ['\\$(P)', '$(P)'],
    ['\\$(P)$(M)', '$(P)M1'],
    ['costs 5$', 'costs 5$'],
    ['$(unclosed', '$(unclosed'],
    ['$()', '$()'],
    ['$(1x)', '$(1x)'],
    ['$(traces[0].y_pv)', 'wave'],
    ['loc://x(3)$(M)', 'loc://x(3)M1'],
    ['µ$(M)°', 'µM1°'],
  ];
  for (const [input, expanded] of rows) {
    it(`${input} -> ${expanded}`, () => expect(expandMacros(input, lookupIn(table))).toBe(expanded));
  }

  it('ends on macros that name themselves, and leaves them visible', () => {
    expect(expandMacros('$(LOOP)', lookupIn(table))).toBe('$(LOOP)');
    expect(expandMacros('$(A)', lookupIn(table))).toMatch(/^\$\([AB]\)$/);
    expect(unresolvedMacros(expandMacros('$(LOOP)', lookupIn(table)))).toEqual(['LOOP']);
  });

  it('ends soon on a macro that doubles itself', () => {
    const grown = expandMacros('$(X)', lookupIn({ X: '$(X)$(X)$(X)' }));
    expect(grown.length).toBeLessThan(2_000_000);
  });

  it('never throws, and leaves text without a dollar alone', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const out = expandMacros(text, lookupIn(table));
      return text.includes('$') || out === text;
    }));
    fc.assert(fc.property(fc.stringMatching(/^[$(){}A-Z=\\]{0,40}$/), (text) => typeof expandMacros(text, lookupIn(table)) === 'string'));
  });
});

describe('macro tables', () => {
  it('inner macros override outer ones and may use them', () => {
    expect(extendMacros({ P: 'A:', M: 'm1' }, { P: '$(P)B:', Q: '$(P)$(M)' })).toEqual({ P: 'A:B:', M: 'm1', Q: 'A:B:m1' });
  });

  it('reads what it writes', () => {
    expect(parseMacros('P=SIM:, M = M1,nonsense, =3, 1=2')).toEqual({ P: 'SIM:', M: 'M1' });
    expect(parseMacros(writeMacros({ P: 'SIM:', M: 'M1' }))).toEqual({ P: 'SIM:', M: 'M1' });
  });
});
