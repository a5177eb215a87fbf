// What a click on a widget does: open a display, write a PV, open a page; and what Endstation doesn't run (scripts, commands).
import { extendMacros, type MacroTable } from './macros';
import { macroTable, type PropertyReader } from './propertyKinds';
import { childOf, childrenOf, type XmlElement } from './xmlTree';

export type OpenTarget = 'replace' | 'tab' | 'window';

export type DisplayAction =
  | { readonly kind: 'open'; readonly description: string; readonly file: string; readonly macros: MacroTable; readonly target: OpenTarget }
  | { readonly kind: 'write'; readonly description: string; readonly pv: string; readonly value: string }
  | { readonly kind: 'page'; readonly description: string; readonly url: string }
  | { readonly kind: 'close'; readonly description: string }
  | { readonly kind: 'unsupported'; readonly description: string; readonly action: string };

export interface DisplayActions {
  readonly actions: readonly DisplayAction[];
  /** One click runs all of them; otherwise the user chooses one. */
  readonly allAtOnce: boolean;
}

export const noActions: DisplayActions = { actions: [], allAtOnce: false };

/** `replace` of older files: 0 tab, 1 replace, 2 window; `mode` of BOY: 0 replace, 7 and 8 window, else tab. */
function targetOf(action: XmlElement): OpenTarget {
  const target = childOf(action, 'target')?.text.trim().toLowerCase();
  if (target === 'tab' || target === 'replace') return target;
  if (target !== undefined) return 'window';
  const replace = childOf(action, 'replace')?.text.trim();
  if (replace !== undefined) return replace === '0' ? 'tab' : replace === '2' ? 'window' : 'replace';
  const mode = childOf(action, 'mode')?.text.trim();
  if (mode === undefined || mode === '0') return 'replace';
  return mode === '7' || mode === '8' ? 'window' : 'tab';
}

function readAction(element: XmlElement, reader: PropertyReader, inherited: MacroTable): DisplayAction {
  const kind = element.attributes.type?.toLowerCase() ?? '';
  const field = (name: string) => reader.expand(childOf(element, name)?.text ?? '');
  const described = field('description').trim();
  switch (kind) {
    case 'open_display': case 'open_opi_in_view': {
      const file = (field('file') || field('path')).trim();
      const macros = extendMacros(inherited, macroTable.read(element, 'macros', reader));
      return { kind: 'open', description: described || `Open ${file}`, file, macros, target: targetOf(element) };
    }
    case 'write_pv': {
      const pv = field('pv_name').trim();
      const value = field('value');
      return { kind: 'write', description: described || `Write ${value} to ${pv}`, pv, value };
    }
    case 'open_webpage': {
      const url = (field('url') || field('hyperlink')).trim();
      return { kind: 'page', description: described || `Open ${url}`, url };
    }
    case 'close_display': return { kind: 'close', description: described || 'Close display' };
    default: return { kind: 'unsupported', description: described || kind, action: kind || 'unnamed' };
  }
}

/** The actions of a widget; what an `open` hands on is the widget's macros with those of the action over them. */
export function readActions(widget: XmlElement, reader: PropertyReader, inherited: MacroTable): DisplayActions {
  const element = childOf(widget, 'actions');
  if (!element) return noActions;
  const allAtOnce = element.attributes.execute_as_one === 'true' || element.attributes.hook_all === 'true';
  return { actions: childrenOf(element, 'action').map((action) => readAction(action, reader, inherited)), allAtOnce };
}

/** What `$(actions)` stands for, as in the text of an action button. */
export function describeActions({ actions }: DisplayActions): string {
  const [first] = actions;
  if (first === undefined) return '';
  return actions.length === 1 ? first.description : `Choose 1 of ${actions.length}`;
}
