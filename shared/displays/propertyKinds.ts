// The kinds of property that widgets are made of: each reads its value from the widget's XML, or takes its default.
import { namedColor, rgb, type DisplayColor } from './displayColors';
import { namedFont, type DisplayFont } from './displayFonts';
import type { MacroTable } from './macros';
import { childOf, childrenOf, type XmlElement } from './xmlTree';

/** What a property needs to read itself: macros replaced, problems noted, widgets within read. */
export interface PropertyReader {
  expand(text: string): string;
  problem(line: number, text: string): void;
  widgets(parent: XmlElement): readonly AnyWidget[];
}

export interface Property<T> { read(parent: XmlElement, name: string, reader: PropertyReader): T }
export type ValueOf<P> = P extends Property<infer T> ? T : never;
export type ValuesOf<S> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** A widget of any type, as far as its container has to know it. */
export interface AnyWidget {
  readonly type: string;
  readonly id: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly visible: boolean;
}

export interface Point { readonly x: number; readonly y: number }

function property<T>(fallback: T, parse: (element: XmlElement, reader: PropertyReader) => T | undefined): Property<T> {
  return {
    read(parent, name, reader) {
      const element = childOf(parent, name);
      return element === undefined ? fallback : parse(element, reader) ?? fallback;
    },
  };
}

/** Text as it stands, macros replaced. The default may have macros too. */
export function text(fallback: string): Property<string> {
  return {
    read: (parent, name, reader) => reader.expand(childOf(parent, name)?.text ?? fallback),
  };
}

export const pvName: Property<string> = property('', (element, reader) => reader.expand(element.text).trim());

function number(fallback: number, whole: boolean): Property<number> {
  return property(fallback, (element, reader) => {
    const written = reader.expand(element.text).trim();
    if (written === '') return undefined;
    const value = Number(written);
    if (!Number.isFinite(value) && !/^[+-]?(NaN|Infinity)$/.test(written)) {
      reader.problem(element.line, `${element.name} "${written}" is not a number; ${fallback} is used.`);
      return undefined;
    }
    return whole ? Math.trunc(value) : value;
  });
}

export const integer = (fallback: number): Property<number> => number(fallback, true);
export const real = (fallback: number): Property<number> => number(fallback, false);

export function flag(fallback: boolean): Property<boolean> {
  return property(fallback, (element, reader) => {
    const written = reader.expand(element.text).trim().toLowerCase();
    if (written === 'true' || written === '1' || written === 'yes') return true;
    if (written === 'false' || written === '0' || written === 'no') return false;
    if (written !== '') reader.problem(element.line, `${element.name} "${written}" is neither true nor false; ${fallback} is used.`);
    return undefined;
  });
}

/** One of several words; files have its number, or the word itself. */
export function choice<const T extends readonly string[]>(words: T, fallback: T[number]): Property<T[number]> {
  return property<T[number]>(fallback, (element, reader) => {
    const written = reader.expand(element.text).trim();
    const word = words[Number(written)] ?? words.find((each) => each === written.toLowerCase());
    if (word === undefined && written !== '') reader.problem(element.line, `${element.name} "${written}" is not known; ${fallback} is used.`);
    return word;
  });
}

function channel(value: string | undefined, fallback: number): number {
  const parsed = Number(value ?? fallback);
  return Number.isFinite(parsed) ? Math.min(255, Math.max(0, Math.round(parsed))) : fallback;
}

/** A colour; the default is a name of color.def, or numbers. */
export function color(fallback: string | DisplayColor): Property<DisplayColor> {
  return property(typeof fallback === 'string' ? namedColor(fallback) : fallback, (element) => {
    const given = childOf(element, 'color');
    if (!given) return undefined;
    const { name, red, green, blue, alpha } = given.attributes;
    if (red === undefined && name !== undefined && name !== '') return namedColor(name, true);
    return { ...rgb(channel(red, 0), channel(green, 0), channel(blue, 0), channel(alpha, 255)), name: name || null, given: true };
  });
}

export function font(fallback: string): Property<DisplayFont> {
  return property(namedFont(fallback), (element) => {
    const given = childOf(element, 'font');
    if (!given) return undefined;
    const base = namedFont(given.attributes.name ?? fallback);
    const style = given.attributes.style?.toUpperCase() ?? '';
    const size = Number(given.attributes.size);
    return {
      name: given.attributes.name ?? null,
      family: given.attributes.family ?? base.family,
      bold: style === '' ? base.bold : style.includes('BOLD'),
      italic: style === '' ? base.italic : style.includes('ITALIC'),
      size: size > 0 && size <= 500 ? size : base.size,
    };
  });
}

export const points: Property<readonly Point[]> = property<readonly Point[]>([], (element) => childrenOf(element, 'point').map((point) => ({
  x: Number(point.attributes.x) || 0, y: Number(point.attributes.y) || 0,
})));

export const macroTable: Property<MacroTable> = property<MacroTable>({}, (element, reader) => Object.fromEntries(
  element.children.map((macro) => [macro.name, reader.expand(macro.text)]),
));

/** An object of properties, e.g. an axis. */
export function structure<const S extends Readonly<Record<string, Property<unknown>>>>(shape: S): Property<ValuesOf<S>> {
  return {
    read: (parent, name, reader) => readAll(shape, childOf(parent, name) ?? { name, attributes: {}, children: [], text: '', line: parent.line }, reader),
  };
}

/** Several values under one element, each in an element called `item`; without that element, as many defaults. */
export function list<T>(item: string, each: Property<T>, defaults = 0): Property<readonly T[]> {
  return {
    read(parent, name, reader) {
      const element = childOf(parent, name);
      if (!element) return Array.from({ length: defaults }, () => each.read({ ...parent, children: [] }, item, reader));
      return childrenOf(element, item).map((child) => each.read({ ...element, children: [child] }, item, reader));
    },
  };
}

/** The widgets that stand inside: directly (group), or in an element of that name (a tab's `children`). */
export function widgetsIn(container?: string): Property<readonly AnyWidget[]> {
  return {
    read(parent, _name, reader) {
      const holder = container === undefined ? parent : childOf(parent, container);
      return holder ? reader.widgets(holder) : [];
    },
  };
}

/** Reads every property of a shape; its keys are the names of the elements. */
export function readAll<const S extends Readonly<Record<string, Property<unknown>>>>(shape: S, parent: XmlElement, reader: PropertyReader): ValuesOf<S> {
  const values = Object.entries(shape).map(([name, each]) => [name, each.read(parent, name, reader)]);
  return Object.fromEntries(values) as ValuesOf<S>;
}
