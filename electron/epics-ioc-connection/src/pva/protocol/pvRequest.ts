// What a client wants of a channel: `field(value,alarm)record[pipeline=true,queueSize=4]`. The same text as of pvAccess's CreateRequest.
import { LocalProtocolError } from '../../ca/protocol/errors';
import { scalar, structure } from './fields';
import type { Field, StructureField } from './fields';
import type { AnyValue, PvaData, PvaStructure } from './values';
import { valueAt } from './values';

export interface PvRequest {
  /** Paths such as `value` and `display.units`; none: everything. */
  readonly fields: readonly string[];
  /** `record._options`: pipeline, queueSize, process, block ... all as texts. */
  readonly options: Readonly<Record<string, string>>;
}

type Tree = Map<string, Tree>;
const syntax = /^\s*(?:field\(([^()]*)\)|record\[([^[\]]*)\])/;

/** Requests that were parsed: programs use the same few again and again. */
const parsed = new Map<string, PvRequest>();
const mostParsed = 64;

/** Parses the text form. A list without `field(...)` names the fields. Throws LocalProtocolError where it says nothing that is known. */
export function parsePvRequest(text: string): PvRequest {
  const known = parsed.get(text);
  if (known) return known;
  const request = parseText(text);
  if (parsed.size < mostParsed) parsed.set(text, request);
  return request;
}

function parseText(text: string): PvRequest {
  const fields: string[] = [];
  const options: Record<string, string> = {};
  if (!/[()[\]]/.test(text)) return { fields: list(text), options };
  let rest = text;
  while (rest.trim() !== '') {
    const match = syntax.exec(rest);
    if (!match) throw new LocalProtocolError(`"${text}" is no request: write for example field(value,alarm)record[pipeline=true].`);
    if (match[1] !== undefined) fields.push(...list(match[1]));
    for (const pair of list(match[2] ?? '')) {
      const at = pair.indexOf('=');
      if (at < 1) throw new LocalProtocolError(`"${pair}" is no option of a request: write name=value.`);
      options[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
    }
    rest = rest.slice(match[0].length);
  }
  return { fields, options };
}

const built = new WeakMap<PvRequest, AnyValue>();

/** The structure that goes over the wire. */
export function buildPvRequest(request: PvRequest): AnyValue {
  const known = built.get(request);
  if (known) return known;
  const value = buildStructure(request);
  built.set(request, value);
  return value;
}

function buildStructure(request: PvRequest): AnyValue {
  const wanted: Tree = new Map();
  for (const path of request.fields) {
    let at = wanted;
    for (const name of path.split('.')) {
      const next: Tree = at.get(name) ?? new Map<string, Tree>();
      at.set(name, next);
      at = next;
    }
  }
  const members: [string, Field][] = [['field', treeField(wanted)]];
  const options = Object.entries(request.options);
  const value: Record<string, PvaData> = {};
  if (options.length > 0) {
    members.push(['record', structure('', { _options: structure('', options.map(([name]) => [name, scalar('string')] as const)) })]);
    value['record'] = { _options: Object.fromEntries(options) };
  }
  return { field: structure('', members), value };
}

/** What a client asked for, as a server reads it. No `field`, or an empty one: everything. */
export function readPvRequest(request: AnyValue | null): PvRequest {
  if (request?.field.kind !== 'structure') return { fields: [], options: {} };
  const fields: string[] = [];
  const walk = (field: StructureField, path: string): void => {
    for (const { name, field: inner } of field.members) {
      if (name === '_options') continue;
      const full = path === '' ? name : `${path}.${name}`;
      if (inner.kind === 'structure' && inner.members.some((member) => member.name !== '_options')) walk(inner, full);
      else fields.push(full);
    }
  };
  const index = request.field.byName.get('field');
  const top = index === undefined ? undefined : request.field.members[index]?.field;
  if (top?.kind === 'structure') walk(top, '');
  const options: Record<string, string> = {};
  const given = valueAt(request.value, 'record._options');
  if (typeof given === 'object' && given !== null) {
    for (const [name, value] of Object.entries(given as PvaStructure)) options[name] = String(value);
  }
  return { fields, options };
}

function treeField(tree: Tree): StructureField {
  return structure('', [...tree].map(([name, inner]) => [name, treeField(inner)] as const));
}

function list(text: string): string[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '');
}
