// What a combo, a choice or radio buttons offer: the states of the PV, or the items of the file; and which one holds now.
import type { PvState, WritableValue } from '@shared/pv';
import { displayText, plainText } from '../displays/displayText';
import { parseEntry } from '../displays/parseEntry';

interface ItemProperties { readonly items: readonly string[]; readonly items_from_pv: boolean }
export interface Choices { readonly items: readonly string[]; /** -1: the value is none of them. */ readonly current: number }

export function choicesOf(widget: ItemProperties, state: PvState | undefined): Choices {
  const fromPv = widget.items_from_pv && state?.states !== undefined;
  const items = fromPv ? state?.states ?? [] : widget.items;
  const { value = null } = state ?? {};
  if (fromPv && typeof value === 'number') return { items, current: value < items.length ? value : -1 };
  const text = displayText(state, { ...plainText, show_units: false });
  const exact = items.indexOf(text);
  if (exact >= 0 || value === null) return { items, current: exact };
  return { items, current: typeof value === 'number' && state?.type !== 'ENUM' ? items.findIndex((item) => item.trim() !== '' && Number(item) === value) : -1 };
}

/** What choosing an item writes: a state goes by its name, so that an IOC whose states changed meanwhile refuses it. Errors: as `parseEntry`. */
export function choiceValue(widget: ItemProperties, state: PvState, index: number): WritableValue {
  if (!widget.items_from_pv || state.states === undefined) return parseEntry(widget.items[index] ?? '', state);
  const name = state.states[index] ?? '';
  return name !== '' && state.states.indexOf(name) === state.states.lastIndexOf(name) ? name : index;
}
