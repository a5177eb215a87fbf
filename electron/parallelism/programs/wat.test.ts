// The text and the module agree by what they do: the same primes as the JavaScript, and no update lost by one thread.
import { describe, expect, it } from 'vitest';
import { cpuIntense } from './cpuIntense';
import { assemble } from './wat';
import { wasmFunction, wasmMemory, wasmModule } from './webAssembly';

describe('our WebAssembly', () => {
  it('finds the primes that the JavaScript finds', () => {
    expect(wasmFunction(wasmModule('cpu_intense'), 'cpu_intense')()).toBe(cpuIntense());
    expect(cpuIntense()).toBe(1228);
  });

  it('adds one so many times, plain and atomic', () => {
    const memory = wasmMemory();
    const module = wasmModule('race');
    wasmFunction(module, 'plain', memory)(1000);
    expect(new Int32Array(memory.buffer)[0]).toBe(1000);
    wasmFunction(module, 'atomic', memory)(500);
    expect(new Int32Array(memory.buffer)[0]).toBe(1500);
  });

  it('says what it does not know', () => {
    expect(() => assemble('(module (func i64.mul))')).toThrow('i64.mul');
    expect(() => assemble('(module (func local.get $x))')).toThrow('$x');
    expect(() => assemble('(module (table))')).not.toThrow();
    expect(() => assemble('(module (func')).toThrow('parenthesis');
    expect(() => assemble('hello')).toThrow('module');
  });
});
