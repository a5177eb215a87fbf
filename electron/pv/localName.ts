// Names of local and constant PVs, as Phoebus documents them: `loc://name<VType>(initial, ...)`, `sim://const("x")`.
import type { NativeType, PvValue } from '@shared/pv';

export interface LocalValue { readonly type: NativeType; readonly value: PvValue; readonly capacity: number; readonly states?: readonly string[] }
export interface LocalName {
  readonly name: string;
  /** Null: neither type nor initial value is given. */
  readonly initial: LocalValue | null;
}

const scalarTypes: Readonly<Record<string, NativeType>> = {
  VDouble: 'DOUBLE', VFloat: 'FLOAT', VLong: 'DOUBLE', VInt: 'LONG', VShort: 'SHORT', VByte: 'CHAR', VBoolean: 'ENUM', VEnum: 'ENUM', VString: 'STRING',
};
const arrayTypes: Readonly<Record<string, NativeType>> = { VDoubleArray: 'DOUBLE', VStringArray: 'STRING' };
/** A local array grows to what is written to it. */
const arrayRoom = 10_000_000;

/** Errors: a RangeError with a text for the user. */
export function parseLocalName(text: string): LocalName {
  const [, name, type, list] = /^([A-Za-z][\w.:$-]*)(?:<(\w+)>)?(?:\(([\s\S]*)\))?$/.exec(text.trim()) ?? [];
  if (name === undefined) throw new RangeError(`"${text}" is not a local name: write name, name(3.14), name("text") or name<VLong>(42).`);
  const items = list === undefined ? [] : splitItems(list);
  return { name, initial: type === undefined && items.length === 0 ? null : initialValue(type, items) };
}

/** `1, "a, b", 2` -> `1`, `"a, b"`, `2`. */
export function splitItems(list: string): string[] {
  const items: string[] = [];
  let item = '';
  let quoted = false;
  for (let i = 0; i < list.length; i += 1) {
    const letter = list[i] ?? '';
    if (letter === '\\' && quoted) item += letter + (list[++i] ?? '');
    else if (letter === ',' && !quoted) {
      items.push(item.trim());
      item = '';
    } else {
      if (letter === '"') quoted = !quoted;
      item += letter;
    }
  }
  if (quoted) throw new RangeError(`A quotation mark is missing in (${list}).`);
  if (item.trim() !== '' || items.length > 0) items.push(item.trim());
  return items;
}

export function initialValue(type: string | undefined, items: readonly string[]): LocalValue {
  const texts = items.some(isText);
  const chosen = canonicalType(type) ?? (texts ? (items.length > 1 ? 'VStringArray' : 'VString') : items.length > 1 ? 'VDoubleArray' : 'VDouble');
  if (chosen === 'VEnum') {
    const states = items.slice(1).map(textOf);
    return { type: 'ENUM', value: numberOf(items[0] ?? '0'), capacity: 1, states };
  }
  if (chosen === 'VBoolean') return { type: 'ENUM', value: /^(true|1)$/i.test(items[0] ?? '') ? 1 : 0, capacity: 1, states: ['false', 'true'] };
  if (chosen === 'VString') return { type: 'STRING', value: items[0] === undefined ? '' : textOf(items[0]), capacity: 1 };
  if (chosen === 'VStringArray') return { type: 'STRING', value: items.map(textOf), capacity: arrayRoom };
  if (chosen === 'VTable') throw new RangeError('Local tables (VTable) are not supported.');
  const array = arrayTypes[chosen];
  if (array) return { type: array, value: Float64Array.from(items.map(numberOf)), capacity: arrayRoom };
  const scalar = scalarTypes[chosen];
  if (!scalar) throw new RangeError(`There is no type <${chosen}>. Types: ${[...Object.keys(scalarTypes), ...Object.keys(arrayTypes)].join(', ')}.`);
  return { type: scalar, value: numberOf(items[0] ?? '0'), capacity: 1 };
}

/** As Phoebus does: in any case, and without the V too (`<String>`). */
function canonicalType(type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  const lower = type.toLowerCase();
  return [...Object.keys(scalarTypes), ...Object.keys(arrayTypes), 'VTable'].find((name) => name.toLowerCase() === lower || name.toLowerCase() === `v${lower}`) ?? type;
}

function isText(item: string): boolean { return item.startsWith('"'); }

function textOf(item: string): string {
  return isText(item) ? item.slice(1, item.endsWith('"') && item.length > 1 ? -1 : undefined).replace(/\\(.)/g, '$1') : item;
}

export function numberOf(item: string): number {
  const number = item === '' ? Number.NaN : Number(item);
  if (Number.isNaN(number) && !/^nan$/i.test(item)) throw new RangeError(`"${item}" is not a number.`);
  return number;
}
