import { describe, expect, it } from 'vitest';
import { checkDisplay } from './display';

describe('display check', () => {
  it('counts what is shown and what not', () => {
    const { check, isShown } = checkDisplay('a.bob', '<display><widget type="label"/><widget type="knob"><width>x</width></widget><widget type="knob"/></display>');
    expect(isShown).toBe(true);
    expect(check).toEqual({
      file: 'a.bob', widgets: 3, supported: 1, unsupported: { knob: 2 }, rules: 0, scripts: 0, errors: ['Line 1: width "x" is not a number; 100 is used.'],
    });
  });

  it('says why a file can not be opened', () => {
    const { check, isShown } = checkDisplay('b.bob', '<display>\n<widget>\n</display>');
    expect(isShown).toBe(false);
    expect(check).toMatchObject({ widgets: 0, supported: 0, unsupported: {}, errors: [expect.stringMatching(/^Line 3: /)] });
  });
});
