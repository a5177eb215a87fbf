// Makes WebAssembly of our .wat programs: the few sections and instructions of the text format that they use, flat (not folded).
// https://webassembly.github.io/spec/core/text/ and .../core/binary/; the atomic instruction is of the threads proposal.

type Node = string | readonly Node[];

/** `(`, `)`, "strings" and words; `;; comments` are passed over. */
function parse(text: string): Node[] {
  const stack: Node[][] = [[]];
  for (const [token] of text.replace(/;;.*$/gm, '').matchAll(/[()]|"[^"]*"|[^\s()"]+/g)) {
    if (token === '(') stack.push([]);
    else if (token !== ')') stack.at(-1)?.push(token);
    else {
      const done = stack.pop() ?? [];
      stack.at(-1)?.push(done);
    }
  }
  if (stack.length !== 1) throw new SyntaxError('A parenthesis of the program is not closed.');
  return stack[0] ?? [];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value !== 0);
  return bytes;
}
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && (byte & 0x40) === 0) || (value === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}
const vector = (members: readonly (readonly number[])[]) => [...unsigned(members.length), ...members.flat()];
const section = (id: number, bytes: readonly number[]) => [id, ...unsigned(bytes.length), ...bytes];
const named = (text: string) => vector([...Buffer.from(text.replace(/"/g, ''))].map((byte) => [byte]));

const i32 = 0x7f;
const natural = 2;
/** Instructions without operands. */
const plain: Readonly<Record<string, readonly number[]>> = {
  'end': [0x0b], 'return': [0x0f], 'drop': [0x1a], 'i32.eqz': [0x45], 'i32.lt_s': [0x48], 'i32.ge_s': [0x4e], 'i32.add': [0x6a], 'i32.rem_s': [0x6f],
  'i32.trunc_f64_s': [0xaa], 'f64.sqrt': [0x9f], 'f64.convert_i32_s': [0xb7],
  'i32.load': [0x28, natural, 0], 'i32.store': [0x36, natural, 0], 'i32.atomic.rmw.add': [0xfe, 0x1e, natural, 0],
};
/** Those that open a label. */
const opening: Readonly<Record<string, number>> = { block: 0x02, loop: 0x03, if: 0x04 };
const locals: Readonly<Record<string, number>> = { 'local.get': 0x20, 'local.set': 0x21 };
const branches: Readonly<Record<string, number>> = { br: 0x0c, br_if: 0x0d };
const noResult = 0x40;

interface Function { readonly name: string; readonly exported: string | null; readonly parameters: string[]; readonly results: number; readonly locals: string[]; readonly words: string[] }

function readFunction(members: readonly Node[]): Function {
  const read = { name: '', exported: null as string | null, parameters: [] as string[], results: 0, locals: [] as string[], words: [] as string[] };
  for (const member of members) {
    if (typeof member === 'string') {
      if (read.words.length === 0 && read.name === '' && member.startsWith('$')) read.name = member;
      else read.words.push(member);
      continue;
    }
    const [kind, value] = member;
    if (kind === 'export' && typeof value === 'string') read.exported = value;
    else if (kind === 'param' && typeof value === 'string') read.parameters.push(value);
    else if (kind === 'local' && typeof value === 'string') read.locals.push(value);
    else if (kind === 'result') read.results = 1;
    else throw new SyntaxError(`The program has a part that is not known: (${String(kind)} ...`);
  }
  return read;
}

function place(list: readonly string[], name: string): number {
  const index = list.indexOf(name);
  if (index < 0) throw new SyntaxError(`The program names ${name}, which is not there.`);
  return index;
}

function bodyOf({ words, parameters, locals: own }: Function, functions: readonly string[]): number[] {
  const code: number[] = [];
  const labels: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    const [open, local, branch, same] = [opening[word], locals[word], branches[word], plain[word]];
    if (open !== undefined) {
      code.push(open, noResult);
      labels.unshift(next.startsWith('$') ? next : '');
      if (next.startsWith('$')) at++;
    } else if (local !== undefined) {
      code.push(local, ...unsigned(place([...parameters, ...own], next)));
      at++;
    } else if (branch !== undefined) {
      code.push(branch, ...unsigned(place(labels, next)));
      at++;
    } else if (word === 'i32.const') {
      code.push(0x41, ...signed(Number(next)));
      at++;
    } else if (word === 'call') {
      code.push(0x10, ...unsigned(place(functions, next)));
      at++;
    } else if (same !== undefined) {
      code.push(...same);
      if (word === 'end') labels.shift();
    } else throw new SyntaxError(`The program has an instruction that is not known: ${word}`);
  }
  const declared = own.length > 0 ? [[...unsigned(own.length), i32]] : [];
  const body = [...vector(declared), ...code, 0x0b];
  return [...unsigned(body.length), ...body];
}

/** All values are i32; a memory is imported as `env.memory`, one shared page. Throws SyntaxError for what it does not know. */
export function assemble(text: string): Uint8Array {
  const [module] = parse(text);
  if (!Array.isArray(module) || module[0] !== 'module') throw new SyntaxError('The program is no (module ...).');
  const parts = (module.slice(1) as Node[]).filter((part): part is readonly Node[] => Array.isArray(part));
  const functions = parts.filter(([kind]) => kind === 'func').map((part) => readFunction(part.slice(1)));
  const names = functions.map(({ name }) => name);
  const memory = parts.some(([kind]) => kind === 'import') ? section(2, vector([[...named('env'), ...named('memory'), 0x02, 0x03, 1, 1]])) : [];
  const types = functions.map(({ parameters, results }) => [0x60, ...vector(parameters.map(() => [i32])), ...vector(Array.from({ length: results }, () => [i32]))]);
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector(types)), ...memory,
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.flatMap(({ exported }, index) => (exported === null ? [] : [[...named(exported), 0x00, ...unsigned(index)]])))),
    ...section(10, vector(functions.map((each) => bodyOf(each, names)))),
  ]);
}
