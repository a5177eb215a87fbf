import { describe, expect, it, vi } from 'vitest';
import { shortcutOf } from './shortcuts';

const key = (part: Partial<KeyboardEvent>) => ({ key: '', code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...part });
function pressed(part: Partial<KeyboardEvent>): string[] {
  const done: string[] = [];
  shortcutOf(key(part), { palette: () => done.push('palette'), stopAll: () => done.push('STOP'), view: (index) => done.push(`view ${index}`) })?.();
  return done;
}

describe('keys of the window', () => {
  it('know the palette, STOP and the views', () => {
    expect(pressed({ ctrlKey: true, shiftKey: true, key: 'P', code: 'KeyP' })).toEqual(['palette']);
    expect(pressed({ ctrlKey: true, key: '.', code: 'Period' })).toEqual(['STOP']);
    expect(pressed({ metaKey: true, key: '1', code: 'Digit1' })).toEqual(['view 0']);
  });
  it('go by the place of a digit, whatever the keyboard writes there', () => {
    expect(pressed({ ctrlKey: true, key: 'é', code: 'Digit2' })).toEqual(['view 1']);
  });
  it('leave everything else to the page', () => {
    const stopAll = vi.fn();
    for (const part of [{ key: '.', code: 'Period' }, { ctrlKey: true, altKey: true, key: '1', code: 'Digit1' }, { ctrlKey: true, key: 'p', code: 'KeyP' }, { ctrlKey: true, key: '0', code: 'Digit0' }]) {
      expect(shortcutOf(key(part), { palette: stopAll, stopAll, view: stopAll })).toBeNull();
    }
  });
});
