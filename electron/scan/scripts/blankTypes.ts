// TypeScript as JavaScript of the same shape: types become blanks, so that every line and column stays where it is.
import { parse, type ParseResult } from '@babel/parser';
import type { ScriptProblem } from '@shared/scripts';

interface Place { readonly line: number; readonly column: number }
interface AnyNode { readonly type: string; readonly start: number; readonly end: number; readonly loc: { readonly start: Place }; readonly [key: string]: unknown }

export type Prepared = { readonly ok: true; readonly code: string } | { readonly ok: false; readonly problems: readonly ScriptProblem[] };

/** What a script's plan is assigned to where it is the default export. */
export const planName = '$plan';

const wholly = new Set(['TSTypeAnnotation', 'TSTypeParameterDeclaration', 'TSTypeParameterInstantiation', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSDeclareFunction', 'TSDeclareMethod', 'TSIndexSignature', 'TSClassImplements', 'TSExpressionWithTypeArguments']);
const refused: Readonly<Record<string, string>> = {
  TSEnumDeclaration: 'An enum can not be used in a script. Use an object: const Mode = { slow: 1, fast: 2 }.',
  TSModuleDeclaration: 'A namespace can not be used in a script. Use an object.',
  TSImportEqualsDeclaration: 'A script can not import: all that it may use is there already.',
  TSExportAssignment: 'Write "export default" instead of "export =".',
  TSParameterProperty: 'A parameter can not declare a property in a script. Declare the property in the class, and assign it in the constructor.',
  Import: 'A script can not import: all that it may use is there already.',
  ImportExpression: 'A script can not import: all that it may use is there already.',
  AwaitExpression: 'A plan does not wait with await: it yields. Write "yield* sleep(1)" or "yield* read(device)".',
  MetaProperty: 'import.meta and new.target can not be used in a script.',
  Decorator: 'Decorators can not be used in a script.',
};

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' && typeof (value as { start?: unknown }).start === 'number';
}
function isClass({ type }: AnyNode): boolean {
  return type === 'ClassDeclaration' || type === 'ClassExpression';
}
function childrenOf(node: AnyNode): AnyNode[] {
  return Object.entries(node).flatMap(([key, value]): AnyNode[] => {
    if (key === 'loc' || key.endsWith('Comments') || key === 'extra' || key === 'errors' || key === 'tokens') return [];
    return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
  });
}

class Blanker {
  readonly problems: ScriptProblem[] = [];
  readonly #characters: string[];
  #tail = '';

  constructor(private readonly source: string) {
    this.#characters = source.split('');
  }

  get code(): string { return this.#characters.join('') + this.#tail; }

  walk(node: AnyNode): void {
    if (this.#refuse(node)) return;
    if (wholly.has(node.type) || node['declare'] === true || (node['abstract'] === true && !isClass(node)) || this.#isTypeOnly(node)) {
      this.#blank(node.start, node.end);
      return;
    }
    const before = node['expression'];
    if ((node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression' || node.type === 'TSNonNullExpression') && isNode(before)) {
      this.#blank(before.end, node.end);
      this.walk(before);
      return;
    }
    if (node.type === 'TSTypeAssertion' && isNode(before)) {
      this.#blank(node.start, before.start);
      this.walk(before);
      return;
    }
    this.#module(node);
    this.#marks(node);
    if (isClass(node)) this.#classHead(node);
    for (const child of childrenOf(node)) this.walk(child);
  }

  #refuse(node: AnyNode): boolean {
    const why = node['async'] === true ? refused['AwaitExpression'] : node['declare'] === true ? undefined : refused[node.type];
    if (why === undefined) return false;
    const { line, column } = node.loc.start;
    this.problems.push({ line, column: column + 1, message: why });
    return true;
  }

  #isTypeOnly(node: AnyNode): boolean {
    return node['importKind'] === 'type' || node['exportKind'] === 'type';
  }

  #blank(from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const letter = this.#characters[index];
      if (letter !== '\n' && letter !== '\r') this.#characters[index] = ' ';
    }
  }

  #module(node: AnyNode): void {
    if (node.type === 'ImportDeclaration') {
      const from = node['source'];
      if (isNode(from) && from['value'] === 'endstation') this.#blank(node.start, node.end);
      else this.problems.push({ line: node.loc.start.line, column: node.loc.start.column + 1, message: refused['Import'] ?? '' });
    }
    const declaration = node['declaration'];
    if (node.type === 'ExportNamedDeclaration') this.#blank(node.start, isNode(declaration) ? declaration.start : node.end);
    if (node.type === 'ExportAllDeclaration') this.#blank(node.start, node.end);
    if (node.type !== 'ExportDefaultDeclaration' || !isNode(declaration)) return;
    const id = declaration['id'];
    const isNamed = /^(Function|Class)Declaration$/.test(declaration.type) && isNode(id);
    this.#blank(node.start, declaration.start);
    if (isNamed) this.#tail += `\n${planName} = ${String(id['name'])};`;
    else this.#characters.splice(node.start, planName.length + 1, ...`${planName}=`);
  }

  /** `abstract class A implements B, C {`. */
  #classHead(node: AnyNode): void {
    if (node['abstract'] === true) this.#blank(node.start, this.source.indexOf('class', node.start));
    const [first] = Array.isArray(node['implements']) ? node['implements'] as unknown[] : [];
    if (isNode(first) && isNode(node['body'])) this.#blank(this.source.lastIndexOf('implements', first.start), node['body'].start);
  }

  /** `x?: T`, `x!: T`, `private readonly x`. */
  #marks(node: AnyNode): void {
    const key = isNode(node['key']) ? node['key'] : null;
    const annotation = isNode(node['typeAnnotation']) ? node['typeAnnotation'] : null;
    if (node['optional'] === true && node.type === 'Identifier') this.#mark(node.start + String(node['name']).length, annotation?.start ?? node.end, '?');
    if (node['definite'] === true) {
      const id = isNode(node['id']) ? node['id'] : key;
      const own = id && isNode(id['typeAnnotation']) ? id['typeAnnotation'] : annotation;
      if (id) this.#mark(id === key ? key.end : id.start, own?.start ?? node.end, '!');
    }
    if (!key || !/^Class(Private)?(Property|Method)$/.test(node.type)) return;
    if (node['optional'] === true) this.#mark(key.end, annotation?.start ?? node.end, '?');
    const words = /\b(public|private|protected|readonly|override)\b/g;
    const text = this.source.slice(node.start, key.start);
    for (const found of text.matchAll(words)) this.#blank(node.start + (found.index ?? 0), node.start + (found.index ?? 0) + found[0].length);
  }

  #mark(from: number, to: number, letter: string): void {
    const at = this.source.indexOf(letter, from);
    if (at >= 0 && at < to) this.#blank(at, at + 1);
  }
}

/** Errors are problems with their place; nothing is carried out. */
export function blankTypes(source: string): Prepared {
  let tree: ParseResult;
  try {
    tree = parse(source, { sourceType: 'module', plugins: ['typescript'], createParenthesizedExpressions: true });
  } catch (error) {
    const { loc, message } = error as { loc?: Place; message: string };
    return { ok: false, problems: [{ line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1, message: message.replace(/\s*\(\d+:\d+\)$/, '') }] };
  }
  const blanker = new Blanker(source);
  blanker.walk(tree.program as unknown as AnyNode);
  const { problems, code } = blanker;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, code };
}
