import { describe, expect, it } from 'vitest';
import { activeTab, canStep, closeTab, joinTabs, noTabs, openTab, placeOf, readTabs, replaceIn, step } from './panelTabs';

const at = (path: string, macros: Record<string, string> = {}) => ({ path, macros });
const shown = (state: Parameters<typeof activeTab>[0]) => placeOf(activeTab(state))?.path;

describe('panel tabs', () => {
  it('go back and forward, and forget the way forward when one goes elsewhere', () => {
    let state = replaceIn(replaceIn(openTab(noTabs, at('a')), at('b')), at('c'));
    expect([shown(state), canStep(state, -1), canStep(state, 1)]).toEqual(['c', true, false]);
    state = step(step(state, -1), -1);
    expect([shown(state), canStep(state, -1), canStep(state, 1)]).toEqual(['a', false, true]);
    state = replaceIn(state, at('d'));
    expect([shown(state), canStep(state, 1)]).toEqual(['d', false]);
    expect(shown(step(state, 1))).toBe('d');
  });

  it('open once per file and macros', () => {
    const two = openTab(openTab(noTabs, at('motor', { M: '1' })), at('motor', { M: '2' }));
    expect(two.tabs).toHaveLength(2);
    const again = openTab(two, at('motor', { M: '1' }));
    expect([again.tabs.length, activeTab(again)?.id]).toEqual([2, 1]);
    expect(replaceIn(again, at('motor', { M: '1' }))).toBe(again);
  });

  it('bring a neighbour to the front when closed', () => {
    const three = openTab(openTab(openTab(noTabs, at('a')), at('b')), at('c'));
    expect(shown(closeTab(three, 3))).toBe('b');
    expect(shown(closeTab({ ...three, active: 1 }, 1))).toBe('b');
    expect(shown(closeTab({ ...three, active: 1 }, 2))).toBe('a');
    expect(closeTab(openTab(noTabs, at('a')), 1)).toEqual({ tabs: [], active: 0 });
  });

  it('come back behind what was opened meanwhile', () => {
    const earlier = openTab(openTab(noTabs, at('a')), at('b'));
    const joined = joinTabs(earlier, openTab(openTab(noTabs, at('c')), at('a')));
    expect([joined.tabs.map((tab) => placeOf(tab)?.path), shown(joined)]).toEqual([['a', 'b', 'c'], 'a']);
    expect(joinTabs(earlier, noTabs)).toEqual(earlier);
  });

  it('come back as they were, without what is gone, and from nonsense as nothing', () => {
    const state = replaceIn(openTab(openTab(noTabs, at('a')), at('upload:b')), at('c', { M: '1' }));
    expect(readTabs(JSON.stringify(state), () => false)).toEqual(state);
    const back = readTabs(JSON.stringify(state), (path) => path.startsWith('upload:'));
    expect([shown(back), canStep(back, -1)]).toEqual(['c', false]);
    expect(readTabs(JSON.stringify({ ...state, active: 9 }), () => false).active).toBe(1);
    for (const kept of [null, '', '{', '[]', '{"tabs":[{"id":1}],"active":1}']) expect(readTabs(kept, () => false)).toEqual(noTabs);
  });
});
