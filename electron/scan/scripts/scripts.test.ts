import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, MessageResult, Plan } from '@shared/messages';
import ts from 'typescript';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../plans/plans';
import { blankTypes } from './blankTypes';
import { checkScript } from './checkScript';
import { scriptDeclarations } from './scriptApi';
import { scriptPlan } from './scriptPlan';
import { PlanFiles } from './scriptLibrary';
import { scriptTemplates } from './scriptTemplates';

let workers = '';
beforeAll(async () => {
  workers = await mkdtemp(join(tmpdir(), 'endstation-scripts-'));
  await build({
    configFile: false, logLevel: 'error', resolve: { alias: { '@shared': join(__dirname, '../../../shared') } }, ssr: { noExternal: true, target: 'node' },
    build: { ssr: join(__dirname, 'scriptWorker.ts'), outDir: workers, emptyOutDir: false, target: 'node16', minify: false, rollupOptions: { output: { format: 'cjs', entryFileNames: 'scriptWorker.cjs' } } },
  });
});
afterAll(() => rm(workers, { recursive: true }));

function made(source: string, prints: string[] = []): Plan {
  return scriptPlan({ workers, source, name: 'mine.ts', print: (text) => prints.push(text), planOf });
}
/** Runs it to its end; `answer` gives what each message gives. */
async function follow(source: string, answer: (message: Message) => MessageResult = () => undefined): Promise<{ messages: Message[]; prints: string[] }> {
  const prints: string[] = [];
  const plan = made(source, prints);
  const messages: Message[] = [];
  let step = await plan.next(undefined);
  while (!step.done) {
    messages.push(step.value);
    let given: MessageResult;
    try {
      given = answer(step.value);
    } catch (error) {
      step = await plan.throw(error);
      continue;
    }
    step = await plan.next(given);
  }
  return { messages, prints };
}
const body = (text: string): string => `export default function* plan() {\n${text}\n}\n`;

describe('types as blanks', () => {
  it('leave every line and column where it was', () => {
    const source = 'type A = { x: number };\nconst f = <T,>(v: T, w?: string): T => (v as unknown as T)!;\nlet x: number | null = f<number>(3);\n';
    const done = blankTypes(source);
    expect(done).toMatchObject({ ok: true });
    const code = done.ok ? done.code : '';
    expect(code.split('\n').map((line) => line.length)).toEqual(source.split('\n').map((line) => line.length));
    expect(code.indexOf('f        (3)')).toBe(source.indexOf('f<number>(3)'));
  });
  it('give what the compiler of TypeScript gives, as far as it runs', () => {
    const source = [
      'interface P { readonly a: number; b?: string }', 'abstract class B<T> { abstract go(): T; protected readonly x: number = 2; y?: T; z!: string; #k: number = 1; get k(): number { return this.#k as number; } }',
      'class C extends B<string> implements P { a = 1; override go(): string { return String(this.x satisfies number); } static of<T>(this: void, v: T): T { return <T>(v); } }',
      'function over(a: string): string; function over(a: number): number; function over(a: any): any { return a!; }',
      'const o = { m<T>(v: T): T { return v as T; }, n: (v?: number): v is number => v !== undefined } as const;', 'declare const none: string;', 'export type { P };',
      'const list: Array<[number, string?]> = [[1, "a"]];', 'for (const [n, s] of list as [number, string][]) globalThis.out = [n, s, new C().go(), C.of(3), over("q"), o.m(4), o.n(1), new C().k].join();',
    ].join('\n').replace('this: void, ', '');
    const done = blankTypes(source);
    expect(done).toMatchObject({ ok: true });
    const run = (code: string): unknown => new Function('globalThis', `'use strict';${code}; return globalThis.out;`)({});
    const theirs = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, useDefineForClassFields: true } }).outputText.replace(/export \{\};?/, '');
    expect(run(done.ok ? done.code : '')).toBe(run(theirs));
    expect(run(done.ok ? done.code : '')).toBe('1,a,2,3,q,4,true,1');
  });
  it.each([
    ['enum A { b }', 1, /enum/i], ['\nconst x = await f();', 2, /await|yield/], ['import fs from "node:fs";', 1, /can not import/], ['const x = () => import("node:fs");', 1, /can not import/],
    ['const f = async () => 1;', 1, /yield/], ['let x = ;', 1, /Unexpected token/], ['namespace N { export const a = 1; }', 1, /namespace/],
  ])('%s is refused with its line', (source, line, message) => {
    const done = blankTypes(source);
    expect(done.ok ? [] : done.problems).toEqual([{ line, column: expect.any(Number) as number, message: expect.stringMatching(message) as string }]);
  });
});

describe('a script', () => {
  it('yields messages, hears their answers, and uses built-in plans', async () => {
    const { messages, prints } = await follow(body(`
      const before: number = yield* read('M');
      yield* move('M', before + 1, 'N', 2);
      yield { command: 'sleep', seconds: 0.5 };
      yield* plans.sleep({ seconds: 2 });
      print('was', before);`), (message) => (message.command === 'read' ? { M: { value: 41, timestamp: 1 } } : undefined));
    expect(messages).toEqual([
      { command: 'read', device: 'M' }, { command: 'set', device: 'M', value: 42, group: 'move' }, { command: 'set', device: 'N', value: 2, group: 'move' }, { command: 'wait', group: 'move' },
      { command: 'sleep', seconds: 0.5 }, { command: 'sleep', seconds: 2 },
    ]);
    expect(prints).toEqual(['was 41']);
  });
  it('hears NaN as NaN, and may be a named function or a constant', async () => {
    const answer = (): MessageResult => ({ I: { value: Number.NaN, timestamp: 1 } });
    expect((await follow('function* plan() { print(Number.isNaN(yield* read("I"))); }', answer)).prints).toEqual(['true']);
    expect((await follow('const plan = function* () { print(1); };')).prints).toEqual(['1']);
    await expect(follow('const x = 1;')).rejects.toThrow(/has no plan/);
  });
  it('that fails says its line, also for what the scan refuses', async () => {
    await expect(follow('// first\nexport default function* plan() {\n  yield* checkpoint();\n  missing.thing();\n}')).rejects.toThrow('mine.ts, line 4: ReferenceError: missing is not defined');
    await expect(follow(body('  yield* checkpoint();\n  yield* move("M", 1e9);'), (message) => { if (message.command === 'wait') throw Object.assign(new Error('M was not moved.'), { code: 'OUT_OF_LIMITS' }); return undefined; }))
      .rejects.toThrow('mine.ts, line 3: M was not moved.');
    await expect(follow(body('yield* plans.count({ detectors: [] });'))).rejects.toThrow(/line 2: plans\.count: detectors: Choose at least one detector/);
    await expect(follow(body('yield 5;'))).rejects.toThrow(/is no message: 5/);
    expect((await follow(body('try { yield* move("M", 1); } catch (error) { print(error.code, error.message); }'), (message) => { if (message.command === 'wait') throw Object.assign(new Error('no'), { code: 'X' }); return undefined; })).prints).toEqual([expect.stringMatching(/no$/) as string]);
  });
  it('cleans up when it is ended early, also within a built-in plan', async () => {
    const plan = made(body('try { yield* plans.scan({ detectors: ["I"], num: 3, axes: [{ motor: "M", start: 0, stop: 1 }] }); } finally { yield* move("M", 0); }'));
    const told: string[] = [];
    for (let index = 0; index < 6; index++) await plan.next(undefined);
    for (let step = await plan.return(); !step.done; step = await plan.next(undefined)) told.push(step.value.command);
    expect(told).toEqual(['unstage', 'unstage', 'set', 'wait']);
  });
  it.each([['while (true) {}'], ['const f = () => { try { f(); } finally { f(); } }; f();'], ['for (;;) { try { yield* sleep(1); } finally { while (true) {} } }']])('that computes for ever is ended: %s', async (text) => {
    const plan = made(body(text));
    const stuck = Promise.resolve(plan.next(undefined)).catch((error: Error) => error);
    await Promise.race([stuck, new Promise((resolve) => setTimeout(resolve, 300))]);
    await Promise.resolve(plan.return()).catch((error: Error) => error);
    expect(await plan.next(undefined)).toEqual({ done: true, value: undefined });
  });
  it('that fills the memory ends alone', async () => {
    await expect(follow(body('const all = []; for (;;) all.push(new Array(1000).fill(all.length));'))).rejects.toMatchObject({ code: 'SCRIPT_MEMORY' });
  });
  it('is checked without being run', async () => {
    expect(await checkScript(workers, 'while (true) {}', 'a.ts')).toEqual({ ok: true, problems: [] });
    expect(await checkScript(workers, 'let a = 1;\nlet a = 2;', 'a.ts')).toMatchObject({ ok: false, problems: [{ line: 2 }] });
  });
});

describe('a script sees no file, no network, nothing of the program', () => {
  const attempts: Readonly<Record<string, string>> = {
    'names of Node': 'print([typeof process, typeof require, typeof module, typeof Buffer, typeof fetch, typeof setTimeout, typeof queueMicrotask, typeof WebAssembly, typeof SharedArrayBuffer, typeof Promise, typeof eval, typeof structuredClone, typeof navigator].join());',
    'the maker of functions': 'try { print((() => 1).constructor("return 1")()); } catch (error) { print(error.name); }',
    'this': 'try { print(typeof this.constructor.constructor("return process")()); } catch (error) { print("refused"); }',
    'the global object': 'try { print(typeof globalThis.constructor.constructor("return process")()); } catch (error) { print("refused"); }',
    'a function of the interface': 'try { print(typeof print.constructor("return process")()); } catch (error) { print("refused"); }',
    'an answer': 'const all = yield* readings("I"); try { print(typeof all.constructor.constructor("return process")()); } catch (error) { print("refused"); }',
    'an error of the scan': 'try { yield* move("M", 1); } catch (error) { try { print(typeof error.constructor.constructor("return process")()); } catch { print("refused"); } }',
    'a stack overflow': 'const f = () => f(); try { f(); } catch (error) { try { print(typeof error.constructor.constructor("return process")()); } catch { print("refused"); } }',
    'call sites': 'Error.stackTraceLimit = 100; try { Error.prepareStackTrace = (_, sites) => sites; } catch {} const stack = new Error("x").stack; print(typeof stack);',
    'callers': 'try { print(typeof arguments.callee.caller); } catch (error) { print("refused"); }',
    'polluted prototypes': 'try { Object.prototype.then = 1; Array.prototype.map = 1; print("polluted"); } catch (error) { print("refused"); }',
    'getters that the worker would call': 'Object.defineProperty(globalThis, "message", { get() { print("called"); return 1; } }); print("fine");',
  };
  const expected: Readonly<Record<string, string>> = {
    'names of Node': Array.from({ length: 13 }, () => 'undefined').join(), 'the maker of functions': 'EvalError', 'call sites': 'string', 'getters that the worker would call': 'fine',
  };
  it.each(Object.entries(attempts))('by %s', async (what, text) => {
    const answer = (message: Message): MessageResult => {
      if (message.command === 'wait') throw new Error('no');
      return { I: { value: 1, timestamp: 1 } };
    };
    expect((await follow(body(text), answer)).prints).toEqual([expected[what] ?? 'refused']);
  });
  it('by throwing what acts when it is looked at', async () => {
    await expect(follow(body('throw { get message() { return process; }, get stack() { while (false); return 1; }, toString() { return "odd"; } };'))).rejects.toMatchObject({ code: 'SCRIPT' });
    await expect(follow('throw new Proxy({}, { get() { throw 1; } });')).rejects.toMatchObject({ code: 'SCRIPT' });
  });
  it('by yielding more than messages', async () => {
    await expect(follow(body('yield { command: "open_run", plan: "../../etc", args: {}, detectors: [], motors: [], dimensions: [] };'))).rejects.toThrow(/no message/);
    await expect(follow(body('yield* plans.scan.constructor("return 1")();'))).rejects.toMatchObject({ code: 'SCRIPT' });
  });
});

describe('what an editor is given', () => {
  it('declares all that templates use, for the compiler of TypeScript', () => {
    const files = new Map([['api.d.ts', scriptDeclarations()], ...scriptTemplates.map((template): [string, string] => [template.name, template.source])]);
    const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], module: ts.ModuleKind.ESNext, moduleDetection: ts.ModuleDetectionKind.Force, types: [] };
    const host = ts.createCompilerHost(options);
    const own = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...rest) => { const text = files.get(name); return text === undefined ? own(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022); };
    host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
    const program = ts.createProgram([...files.keys()], { ...options, moduleDetection: ts.ModuleDetectionKind.Auto }, host);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
  });
});

describe('plan files', () => {
  it('are saved, listed, included, and refused with the reason', async () => {
    const files = new PlanFiles(join(workers, 'plans'));
    expect((await files.list()).saved).toEqual([]);
    await files.save('mine.ts', body('yield* sleep(1);'));
    await expect(files.save('../x.ts', '')).rejects.toMatchObject({ code: 'PLAN_FILE' });
    expect((await files.list()).saved.map(({ name }) => name)).toEqual(['mine.ts']);
    const resolved = await files.resolve({ plan: 'loop', args: { times: 2, delay: 0, plan: { plan: 'include', args: { file: 'mine.ts' } } } });
    expect(resolved).toMatchObject({ args: { plan: { plan: 'include', args: { plan: { plan: 'script', args: { name: 'mine.ts' } } } } } });
    await expect(files.read('none.json')).rejects.toThrow(/none\.json can not be used: it is not in/);
    await expect(files.read('/etc/passwd')).rejects.toThrow(/must end with/);
    await expect(files.read('../plans/mine.ts')).rejects.toThrow(/absolute path/);
  });
});
