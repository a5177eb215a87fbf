// Which displays are open: tabs, each with its way back and forward. Pure; what it holds can be kept as JSON.
import type { MacroTable } from '@shared/displays/macros';
import * as v from 'valibot';

export interface Place { readonly path: string; readonly macros: MacroTable }
export interface PanelTab { readonly id: number; readonly places: readonly Place[]; /** Which of the places is shown. */ readonly at: number }
export interface PanelTabs { readonly tabs: readonly PanelTab[]; readonly active: number }

export const noTabs: PanelTabs = { tabs: [], active: 0 };
const longestWay = 50;

export function activeTab({ tabs, active }: PanelTabs): PanelTab | undefined {
  return tabs.find((tab) => tab.id === active);
}

export function placeOf(tab: PanelTab | undefined): Place | undefined {
  return tab?.places[tab.at];
}

export function samePlace(one: Place | undefined, other: Place): boolean {
  return one?.path === other.path && JSON.stringify(one.macros) === JSON.stringify(other.macros);
}

/** A new tab in front; one that shows that place already comes to the front instead. */
export function openTab(state: PanelTabs, place: Place): PanelTabs {
  const open = state.tabs.find((tab) => samePlace(placeOf(tab), place));
  if (open) return { ...state, active: open.id };
  const id = Math.max(0, ...state.tabs.map((tab) => tab.id)) + 1;
  return { tabs: [...state.tabs, { id, places: [place], at: 0 }], active: id };
}

/** In the tab in front; what it showed is one step back. */
export function replaceIn(state: PanelTabs, place: Place): PanelTabs {
  const tab = activeTab(state);
  if (!tab) return openTab(state, place);
  if (samePlace(placeOf(tab), place)) return state;
  const places = [...tab.places.slice(0, tab.at + 1), place].slice(-longestWay);
  return withTab(state, { ...tab, places, at: places.length - 1 });
}

export function step(state: PanelTabs, by: -1 | 1): PanelTabs {
  const tab = activeTab(state);
  return tab && canStep(state, by) ? withTab(state, { ...tab, at: tab.at + by }) : state;
}

export function canStep(state: PanelTabs, by: -1 | 1): boolean {
  const tab = activeTab(state);
  return tab !== undefined && tab.places[tab.at + by] !== undefined;
}

/** Its neighbour comes to the front. */
export function closeTab(state: PanelTabs, id: number): PanelTabs {
  const index = state.tabs.findIndex((tab) => tab.id === id);
  const tabs = state.tabs.filter((tab) => tab.id !== id);
  if (state.active !== id) return { ...state, tabs };
  return { tabs, active: (tabs[index] ?? tabs[index - 1])?.id ?? 0 };
}

function withTab(state: PanelTabs, changed: PanelTab): PanelTabs {
  return { ...state, tabs: state.tabs.map((tab) => (tab.id === changed.id ? changed : tab)) };
}

/** What was open, and in front of it what was opened meanwhile. */
export function joinTabs(earlier: PanelTabs, opened: PanelTabs): PanelTabs {
  return opened.tabs.reduce((state, tab) => {
    const place = placeOf(tab);
    return place ? openTab(state, place) : state;
  }, earlier);
}

const keptTabs = v.object({
  tabs: v.array(v.object({
    id: v.number(), at: v.number(), places: v.array(v.object({ path: v.string(), macros: v.record(v.string(), v.string()) })),
  })),
  active: v.number(),
});

/** What was open last; nothing where that can't be read. Displays that came from the browser's own files are gone. */
export function readTabs(kept: string | null, isGone: (path: string) => boolean): PanelTabs {
  let parsed: unknown;
  try {
    parsed = JSON.parse(kept ?? 'null');
  } catch {
    return noTabs;
  }
  const result = v.safeParse(keptTabs, parsed);
  if (!result.success) return noTabs;
  const tabs = result.output.tabs.flatMap((tab) => {
    const place = tab.places[tab.at];
    if (!place || isGone(place.path)) return [];
    const places = tab.places.filter((each) => !isGone(each.path));
    return [{ ...tab, places, at: Math.max(0, places.indexOf(place)) }];
  });
  const active = tabs.some((tab) => tab.id === result.output.active) ? result.output.active : tabs[0]?.id ?? 0;
  return { tabs, active };
}
