// Writes docs/api.md, the reference of everything that the package exports, from the code and its comments. Usage: node docs.mjs [--check]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'docs/api.md');
const { config } = ts.readConfigFile(join(here, '../../tsconfig.base.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, paths: undefined, baseUrl: undefined, types: ['node'] }, here);
const program = ts.createProgram([join(here, 'src/index.ts')], options);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/** Characters of a constant's type; a longer one gets a line for each of its properties. */
const longestLine = 400;

/** Sections in the order of a reader's interest; an export belongs to the first whose folder holds it. */
const sections = [
  ['The client', 'client/'], ['Diagnostics', 'diagnostics.ts'], ['Values', 'value.ts'], ['Options, channels and servers of both protocols', 'api.ts'],
  ['Channel Access', 'ca/'], ['pvAccess client', 'pva/channel.ts|pva/client|pva/requests.ts|pva/subscription.ts|pva/wireChannel.ts|pva/ntUri.ts|pva/arrayRequests.ts'],
  ['pvAccess server', 'pva/server/(?!normative)'], ['Normative types', 'normative/'], ['pvData types and values', 'pva/protocol/'], ['Everything else', ''],
].map(([title, pattern]) => ({ title, pattern: new RegExp(`^(?:${pattern})|/(?:${pattern || 'x^'})`), entries: [] }));

for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(here, 'src/index.ts'))))) {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const [declaration] = symbol.declarations ?? [];
  if (!declaration) continue;
  const file = relative(join(here, 'src'), declaration.getSourceFile().fileName).replaceAll('\\', '/');
  sections.find(({ pattern, title }) => pattern.test(file) || title === 'Everything else').entries.push({ name: exported.name, symbol, declaration, file });
}

const text = [
  '# API', '', 'Made from the code (`npm run docs`, in the repository). Recipes are in the [README](../README.md).', '',
  ...sections.filter(({ entries }) => entries.length > 0).flatMap(({ title, entries }) => [
    `## ${title}`, '', ...entries.sort((a, b) => Number(rank(a)) - Number(rank(b)) || a.name.localeCompare(b.name)).flatMap(entry),
  ]),
].join('\n');

if (process.argv.includes('--check')) {
  let present = '';
  try { present = readFileSync(target, 'utf8'); } catch { /* Not written yet. */ }
  if (present !== text) {
    console.error('docs/api.md is not what the code says: run `npm run docs` in electron/epics-ioc-connection.');
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** Classes and functions before types. */
function rank({ declaration }) {
  return ts.isClassDeclaration(declaration) ? 0 : ts.isFunctionDeclaration(declaration) || ts.isVariableDeclaration(declaration) ? 1 : 2;
}

function entry({ name, symbol, declaration, file }) {
  return [`### ${name}`, '', ...comment(symbol), '```ts', ...signature(name, symbol, declaration), '```', '', `<sub>src/${file}</sub>`, ''];
}

function comment(symbol) {
  const words = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return words === '' ? [] : [words, ''];
}

function signature(name, symbol, declaration) {
  if (ts.isClassDeclaration(declaration)) return [`class ${name}${parameters(declaration)}${heritage(declaration)} {`, ...members(declaration), '}'];
  if (ts.isInterfaceDeclaration(declaration)) return [`interface ${name}${parameters(declaration)}${heritage(declaration)} {`, ...members(declaration), '}'];
  if (ts.isFunctionDeclaration(declaration)) return symbol.declarations.filter((each) => !each.body || symbol.declarations.length === 1).map((each) => withoutBody(each));
  // As it stands in the code: the comments are among its parts.
  if (ts.isTypeAliasDeclaration(declaration)) return declaration.getText().replace(/^export /, '').split('\n');
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const line = typeText(type);
  return line.length <= longestLine ? [`const ${name}: ${line};`] : [`const ${name}: {`, ...type.getProperties().flatMap((property) => ofConstant(property, declaration)), '};'];
}

function typeText(type) {
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
}

/** A property of a constant that is too long for one line, with the comment of what it names. */
function ofConstant(property, at) {
  const [declared] = property.declarations ?? [];
  const named = declared && ts.isShorthandPropertyAssignment(declared) ? checker.getShorthandAssignmentValueSymbol(declared) : undefined;
  const own = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named ?? property;
  const words = ts.displayPartsToString(own.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
  return [...(words === '' ? [] : [`  /** ${words} */`]), `  readonly ${property.name}: ${typeText(checker.getTypeOfSymbolAtLocation(property, at))};`];
}

function heritage(declaration) {
  return (declaration.heritageClauses ?? []).map((clause) => ` ${printed(clause).trim()}`).join('');
}

function parameters(declaration) {
  return declaration.typeParameters ? `<${declaration.typeParameters.map(printed).join(', ')}>` : '';
}

function members(declaration) {
  return declaration.members.flatMap((member) => {
    const hidden = (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
    const implementation = member.body && declaration.members.some((other) => other !== member && !other.body && other.name && other.name.getText() === member.name?.getText());
    if (hidden || implementation || ts.isSemicolonClassElement(member) || (ts.isConstructorDeclaration(member) && member.parameters.length === 0)) return [];
    const words = ts.getJSDocCommentsAndTags(member).map((doc) => (typeof doc.comment === 'string' ? doc.comment : ts.getTextOfJSDocComment(doc.comment) ?? '')).join(' ').replace(/\s+/g, ' ').trim();
    return [...(ts.isConstructorDeclaration(member) ? parameterProperties(member) : []), ...(words === '' ? [] : [`  /** ${words} */`]), `  ${withoutBody(member)}`];
  });
}

/** What a constructor's parameters declare: `constructor(readonly code: string)`. */
function parameterProperties(constructor) {
  const inner = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return constructor.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, constructor) && (ts.getCombinedModifierFlags(parameter) & inner) === 0)
    .map((parameter) => `  ${withoutBody(ts.factory.createPropertyDeclaration(ts.getModifiers(parameter), parameter.name, parameter.questionToken, parameter.type, undefined), parameter)}`);
}

/** A declaration without what is done in it, on one line. */
function withoutBody(node, at = node) {
  let shown = node;
  if (ts.isMethodDeclaration(node)) shown = ts.factory.updateMethodDeclaration(node, plain(node), node.asteriskToken, node.name, node.questionToken, node.typeParameters, node.parameters, node.type, undefined);
  else if (ts.isFunctionDeclaration(node)) shown = ts.factory.updateFunctionDeclaration(node, plain(node), node.asteriskToken, node.name, node.typeParameters, node.parameters, node.type, undefined);
  else if (ts.isGetAccessorDeclaration(node)) shown = ts.factory.createPropertySignature([ts.factory.createModifier(ts.SyntaxKind.ReadonlyKeyword)], node.name, undefined, node.type);
  else if (ts.isConstructorDeclaration(node)) shown = ts.factory.updateConstructorDeclaration(node, undefined, node.parameters.map((parameter) => ts.factory.updateParameterDeclaration(parameter, undefined, parameter.dotDotDotToken, parameter.name, parameter.questionToken, parameter.type, parameter.initializer)), undefined);
  else if (ts.isPropertyDeclaration(node)) {
    const type = node.type ?? checker.typeToTypeNode(checker.getTypeAtLocation(node), node, ts.NodeBuilderFlags.NoTruncation);
    shown = ts.factory.updatePropertyDeclaration(node, plain(node), node.name, node.questionToken, type, undefined);
  }
  return printer.printNode(ts.EmitHint.Unspecified, shown, at.getSourceFile()).replace(/\s*\n\s*/g, ' ').replace('[disposeSymbol]', '[Symbol.dispose]').replace('[asyncDisposeSymbol]', '[Symbol.asyncDispose]').trim();
}

function plain(node) {
  return ts.getModifiers(node)?.filter(({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.AsyncKeyword && kind !== ts.SyntaxKind.OverrideKeyword);
}

function printed(node) {
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
}
