import { describe, expect, it } from 'vitest';
import { userFunction } from './userFunction';

const run = (source: string, input: Parameters<typeof userFunction>[0]['input'] = null, seconds = 5) => userFunction({ source, input, seconds });
/** A result of another context, as plain data of this one. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, member: unknown) => (ArrayBuffer.isView(member) ? [...(member as Float64Array)] : member)));

describe('userFunction', () => {
  it('gets arrays and plain data, and returns them', () => {
    const input = { y: Float64Array.of(1, 2, 3), offset: 10, names: ['a', 'b'], deep: { z: [Float64Array.of(5)] } };
    const result = run('const y = input.y.map((v) => v * 2 + input.offset);\nreturn { y, mean: y.reduce((a, b) => a + b) / y.length, first: input.names[0], z: input.deep.z[0][0] };', input);
    expect(plain(result)).toEqual({ y: [12, 14, 16], mean: 14, first: 'a', z: 5 });
    expect([...input.y]).toEqual([1, 2, 3]);
  });

  it.each([
    ['const a = 1;\nconst b = missing;\nreturn a;', /line 2: missing is not defined/],
    ['const a = 1;\n\nreturn a +* 2;', /can't be read at line 3/],
    ['return await input;', /can't be read at line 1: "await" has no place here/],
    ['function deep() {\n  throw new RangeError("too far");\n}\nreturn deep();', /line 2: too far/],
    ['return () => 1;', /the result is a function/],
    ['return Promise.resolve(1);', /is a promise/],
    ['const a = {}; a.a = a; return a;', /holds itself/],
    ['throw "a word";', /failed: a word/],
  ])('says where and why %j fails', (source, message) => {
    expect(() => run(source)).toThrow(message);
  });

  it.each(['while (true) {}', 'Promise.resolve().then(() => { for (;;); }); return 1;', 'return { get x() { for (;;); } };', 'return new Proxy({}, { ownKeys() { for (;;); } });'])('stops %j at its time limit', (source) => {
    expect(() => run(source, null, 0.05)).toThrow(expect.objectContaining({ code: 'JOB_TIME_LIMIT' }) as Error);
  });

  it('can reach nothing outside', () => {
    const names = ['require', 'process', 'module', 'global', 'fetch', 'setTimeout', 'Buffer', 'WebAssembly', 'SharedArrayBuffer', '__main', '__run'];
    expect(plain(run(`return ${JSON.stringify(names)}.filter((name) => name in globalThis);`))).toEqual([]);
    const escapes = [
      'return this.constructor.constructor("return process")().pid;', 'return input.y.constructor.constructor("return process")().pid;',
      'return eval("1");', 'return new Function("return 1")();', 'return import("node:fs");', 'return (async () => {}).constructor("return process")();',
      'Error.prepareStackTrace = (_, calls) => calls; const sites = new Error().stack; for (const s of sites) { const f = s.getFunction() || s.getThis(); if (f && f.constructor.constructor("return process")()) return "out"; } throw new Error("in");',
      'let e; try { (function f() { f(); })(); } catch (x) { e = x; } return e.constructor.constructor("return process")().pid;',
    ];
    for (const source of escapes) expect(() => run(source, { y: Float64Array.of(1) }), source).toThrow(expect.objectContaining({ code: 'JOB_FAILED' }) as Error);
  });
});
