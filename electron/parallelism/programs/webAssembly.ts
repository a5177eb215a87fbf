// Our .wat programs as modules of WebAssembly, and what a worker thread gets of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from './wat';

// The part of the JavaScript interface that is used here; TypeScript has it only with the types of a browser.
export type WasmModule = object;
export interface WasmMemory { readonly buffer: SharedArrayBuffer }
interface WasmInstance { readonly exports: Readonly<Record<string, (...values: number[]) => number>> }
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => WasmInstance;
  readonly Memory: new (size: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
};

/** `name`: of a program, without `.wat`; the lab says in which folder they are. */
export function wasmModule(name: string): WasmModule {
  return new WebAssembly.Module(assemble(readFileSync(join(process.env['ENDSTATION_PROGRAMS'] ?? __dirname, `${name}.wat`), 'utf8')));
}

/** One page that threads share. */
export function wasmMemory(): WasmMemory { return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }); }

/** What it exports. Throws where there is no function of that name. */
export function wasmFunction(module: WasmModule, name: string, memory?: WasmMemory): (...values: number[]) => number {
  const found = new WebAssembly.Instance(module, memory ? { env: { memory } } : {}).exports[name];
  if (!found) throw new Error(`The program has no function ${name}.`);
  return found;
}
