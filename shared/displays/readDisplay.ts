// From the text of a Phoebus display file (.bob, Display Builder XML version 2) to a display.
import { describeActions, noActions, readActions, type DisplayActions } from './displayActions';
import { DisplayError } from './displayError';
import type { CommonProperties, Display, DisplayProblem, UnsupportedWidget, WidgetOf } from './displayModel';
import { expandMacros, extendMacros, lookupIn, type MacroTable } from './macros';
import { color, flag, integer, readAll, text, type AnyWidget, type PropertyReader } from './propertyKinds';
import { widgetDefinitions, type WidgetType } from './widgetDefinitions';
import { childOf, childrenOf, parseXml, type XmlElement } from './xmlTree';

export interface ReadOptions {
  /** From the display that opens this one; the file's own macros go over them. */
  readonly macros?: MacroTable;
  /** The value of `$(DID)`, which makes names unique to this opened display. */
  readonly displayId?: string;
}

/** Widgets of one file, all levels. Phoebus's largest screens have a few thousand. */
const mostWidgets = 50_000;

/** Counted while a file is read. */
class Account {
  widgets = 0;
  rules = 0;
  scripts = 0;
  readonly unsupported: Record<string, number> = {};
  readonly problems: DisplayProblem[] = [];

  result() {
    const missing = Object.values(this.unsupported).reduce((sum, count) => sum + count, 0);
    const { widgets, unsupported, rules, scripts, problems } = this;
    return { widgets, supported: widgets - missing, unsupported, rules, scripts, problems };
  }
}

function isWidgetType(type: string): type is WidgetType {
  return Object.hasOwn(widgetDefinitions, type);
}

/** Names that mean the widget itself: `$(pv_name)`, `$(x)`, `$(traces[0].y_pv)`. Given as written; they are expanded with the rest. */
function ownProperty(element: XmlElement, name: string): string | null {
  let at: XmlElement | undefined = element;
  for (const part of name.split('.')) {
    const [, key, index] = /^([\w-]+)(?:\[(\d+)\])?$/.exec(part) ?? [];
    if (key === undefined || at === undefined) return null;
    at = childOf(at, key);
    if (index !== undefined) at = at?.children[Number(index)];
  }
  return at !== undefined && at.children.length === 0 ? at.text : null;
}

/** As written: they are expanded one after the other, so that a later one may use an earlier one. */
function ownMacros(element: XmlElement): MacroTable {
  return Object.fromEntries(childOf(element, 'macros')?.children.map((macro) => [macro.name, macro.text]) ?? []);
}

function makeReader(account: Account, scope: MacroTable, element: XmlElement, own: MacroTable, within: PropertyReader['widgets']): PropertyReader {
  const lookup = lookupIn(scope, lookupIn(own), (name) => (name === 'actions' ? null : ownProperty(element, name)));
  return {
    expand: (input) => expandMacros(input, lookup),
    problem: (line, problemText) => account.problems.push({ line, text: problemText }),
    widgets: within,
  };
}

function readCommon(element: XmlElement, reader: PropertyReader, actions: DisplayActions, macros: MacroTable, size: { width: number; height: number }): Omit<CommonProperties, 'type' | 'id'> {
  const place = readAll({ name: text(''), x: integer(0), y: integer(0), width: integer(size.width), height: integer(size.height), visible: flag(true) }, element, reader);
  const tooltip = childOf(element, 'tooltip');
  const rules = childOf(element, 'rules');
  const scripts = childOf(element, 'scripts');
  return {
    ...place, width: Math.max(0, place.width), height: Math.max(0, place.height), actions, macros, line: element.line,
    tooltip: tooltip ? reader.expand(tooltip.text) : null,
    rules: rules ? childrenOf(rules, 'rule').map((rule) => rule.attributes.name ?? rule.attributes.prop_id ?? 'unnamed') : [],
    scripts: scripts ? childrenOf(scripts, 'script').length : 0,
  };
}

function readWidget(element: XmlElement, inherited: MacroTable, account: Account, own: MacroTable): AnyWidget {
  account.widgets += 1;
  if (account.widgets > mostWidgets) throw new DisplayError('DISPLAY_TOO_LARGE', `The display has more than ${mostWidgets} widgets.`, element.line);
  const id = account.widgets;
  const macros = extendMacros(inherited, ownMacros(element));
  const within = (parent: XmlElement) => childrenOf(parent, 'widget').map((child) => readWidget(child, macros, account, own));
  const plain = makeReader(account, macros, element, own, within);
  const actions = readActions(element, plain, macros);
  // `$(actions)` is known only now; the scope of the widget's own properties has it, that of its children has not.
  const reader = actions === noActions ? plain : makeReader(account, { ...macros, actions: describeActions(actions) }, element, own, within);

  const type = element.attributes.type ?? '';
  const definition = isWidgetType(type) ? widgetDefinitions[type] : { width: 100, height: 20, properties: {} };
  const common = readCommon(element, reader, actions, macros, definition);
  account.rules += common.rules.length;
  account.scripts += common.scripts;
  if (!isWidgetType(type)) {
    const kind = type || 'unnamed';
    account.unsupported[kind] = (account.unsupported[kind] ?? 0) + 1;
    const unsupported: UnsupportedWidget = { ...common, type: 'unsupported', id, kind };
    return unsupported;
  }
  const widget = { ...readAll(definition.properties, element, reader), ...common, type, id };
  return type === 'group' ? withLegacyColors(widget as AnyWidget as WidgetOf<'group'>, element) : widget;
}

/** Groups before version 3 drew line and title with the foreground, and a title's text with the background. */
function withLegacyColors(group: WidgetOf<'group'>, element: XmlElement): WidgetOf<'group'> {
  if (Number.parseInt(element.attributes.version ?? '3', 10) >= 3) return group;
  return {
    ...group,
    line_color: childOf(element, 'foreground_color') ? group.foreground_color : group.line_color,
    foreground_color: childOf(element, 'background_color') && group.style === 'title' ? group.background_color : group.foreground_color,
  };
}

/** Reads a display file. Errors: `DisplayError`, which says what is wrong and on which line. */
export function readDisplay(source: string, options: ReadOptions = {}): Display {
  const root = parseXml(source);
  if (root.name !== 'display') {
    throw new DisplayError('DISPLAY_NOT_A_DISPLAY', `Line ${root.line}: the file is a <${root.name}>, not a Phoebus <display>.`, root.line);
  }
  if (childrenOf(root, 'widget').some((widget) => widget.attributes.type === undefined && widget.attributes.typeId !== undefined)) {
    throw new DisplayError('DISPLAY_OLD_FORMAT', 'This is a BOY file (.opi, version 1). Open it in Phoebus and save it as .bob.', root.line);
  }
  const displayId = options.displayId ?? 'D1';
  const account = new Account();
  const macros = extendMacros(options.macros ?? {}, ownMacros(root));
  const reader = makeReader(account, macros, root, { DID: displayId }, () => []);
  const head = readAll({ name: text(''), width: integer(800), height: integer(600), background_color: color('Background') }, root, reader);
  const own = { DID: displayId, DNAME: head.name };
  const widgets = childrenOf(root, 'widget').map((element) => readWidget(element, macros, account, own));
  const isThemed = !head.background_color.given || head.background_color.name === 'Background';
  return {
    name: head.name, width: clampSize(head.width, 800), height: clampSize(head.height, 600), background: isThemed ? null : head.background_color,
    macros, widgets, account: account.result(),
  };
}

function clampSize(size: number, fallback: number): number {
  return size > 0 ? Math.min(size, 20_000) : fallback;
}
