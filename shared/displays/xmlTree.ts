// Display XML as a small tree of elements, each with the line where it begins. No DTD, no entities but XML's own five.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DisplayError } from './displayError';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, entities decoded; children's text is not in it. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Characters of a display file, and levels of elements in it. Phoebus's largest examples have 25 kB and 15 levels. */
const longest = 10_000_000;
const deepest = 200;

// Declared as an object `Symbol` by the library; it is a primitive one.
const metaKey = XMLParser.getMetaDataSymbol() as symbol;
const parser = new XMLParser({
  preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false,
  trimValues: false, processEntities: false, cdataPropName: '#cdata', captureMetaData: true, ignoreDeclaration: true, ignorePiTags: true,
});

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return namedEntities[name] ?? whole;
    const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Start of each line, to find a line by bisection. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

function attributesOf(raw: unknown): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (isRecord(raw)) for (const [name, value] of Object.entries(raw)) attributes[name] = decodeEntities(String(value));
  return attributes;
}

function textOf(node: unknown): string {
  return isRecord(node) && typeof node['#text'] === 'string' ? node['#text'] : '';
}

/** One node of the parser's ordered output, as an element; null for what is not one (text, comments). */
function toElement(node: unknown, starts: readonly number[], depth: number): XmlElement | null {
  if (!isRecord(node)) return null;
  const name = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
  const content = name === undefined ? undefined : node[name];
  if (name === undefined || !Array.isArray(content)) return null;
  const meta = node[metaKey];
  const index = isRecord(meta) && typeof meta.startIndex === 'number' ? meta.startIndex : 0;
  const line = lineAt(starts, index);
  if (depth > deepest) throw new DisplayError('DISPLAY_BROKEN', `Line ${line}: elements are nested more than ${deepest} deep.`, line);

  const children: XmlElement[] = [];
  let text = '';
  for (const child of content as readonly unknown[]) {
    if (!isRecord(child)) continue;
    if (typeof child['#text'] === 'string') text += decodeEntities(child['#text']);
    else if (Array.isArray(child['#cdata'])) text += (child['#cdata'] as readonly unknown[]).map(textOf).join('');
    else {
      const element = toElement(child, starts, depth + 1);
      if (element) children.push(element);
    }
  }
  return { name, attributes: attributesOf(node[':@']), children, text, line };
}

/** The root element of an XML text. Errors: `DisplayError`, with the line where there is one. */
export function parseXml(source: string): XmlElement {
  if (source.length > longest) {
    throw new DisplayError('DISPLAY_TOO_LARGE', `The file has ${source.length} characters; a display may have at most ${longest}.`);
  }
  const text = source.replace(/^\uFEFF/, '');
  const starts = lineStarts(text);
  const doctype = text.search(/<!DOCTYPE|<!ENTITY/i);
  if (doctype >= 0) {
    const line = lineAt(starts, doctype);
    throw new DisplayError('DISPLAY_BROKEN', `Line ${line}: a display file has no DOCTYPE; remove it.`, line);
  }
  const validity = XMLValidator.validate(text);
  if (validity !== true) {
    const { msg, line } = validity.err;
    throw new DisplayError('DISPLAY_BROKEN', `Line ${line}: the file is not whole XML. ${msg}${/[.!?]$/.test(msg) ? '' : '.'}`, line);
  }
  const root = parseNodes(text).map((node) => toElement(node, starts, 0)).find((element) => element !== null);
  if (!root) throw new DisplayError('DISPLAY_BROKEN', 'The file has no XML element.');
  return root;
}

function parseNodes(text: string): readonly unknown[] {
  try {
    const nodes: unknown = parser.parse(text);
    return Array.isArray(nodes) ? nodes : [];
  } catch (error) {
    throw new DisplayError('DISPLAY_BROKEN', `The file can't be read as XML: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
