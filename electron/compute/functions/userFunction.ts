// A user's own JavaScript function: in a context of its own, from which no file, network, process, timer or module can be reached.
import { Script, compileFunction, createContext } from 'node:vm';
import type { Context } from 'node:vm';
import type { UserFunctionInput, UserValue } from '@shared/compute';
import { ComputeError } from '../computeError';

const file = 'function.js';
const defaultSeconds = 10;

/**
 * What runs inside the context before the user's text. Nothing of the host is ever handed in but numbers, texts and bytes: whoever
 * holds one object of the host could climb from its constructor to the host's `Function`, and so to the process.
 * The result is copied to plain data in here, so that a getter or a proxy of the user's runs within the time limit too.
 */
const prelude = new Script(`'use strict';
for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly', 'FinalizationRegistry', 'WeakRef', 'console']) delete globalThis[name];
(() => {
  const { isArray } = Array, { keys } = Object, { isView } = ArrayBuffer, Numbers = Float64Array, words = String, define = Object.defineProperty, Fault = TypeError;
  const put = (to, key, value) => define(to, key, { value, writable: true, enumerable: true, configurable: true });
  const copy = (value, path, depth) => {
    if (value === null || value === undefined) return null;
    const type = typeof value;
    if (type === 'number' || type === 'string' || type === 'boolean') return value;
    if (depth > 20) throw new Fault('the result is nested more than 20 deep, or holds itself');
    if (type !== 'object') throw new Fault(path + ' is a ' + type + '; return numbers, texts, arrays and objects of them');
    if (typeof value.then === 'function') throw new Fault(path + ' is a promise; return the value itself');
    if (isView(value)) return new Numbers(value);
    const result = isArray(value) ? [] : {};
    if (isArray(value)) for (let i = 0; i < value.length; i += 1) put(result, i, copy(value[i], path + '[' + i + ']', depth + 1));
    else for (const key of keys(value)) put(result, key, copy(value[key], path + '.' + key, depth + 1));
    return result;
  };
  return {
    doubles: (length) => new Numbers(length), parse: JSON.parse,
    set: (to, key, value) => put(to, key, value), get: (from, key) => from[key],
    run(main, input) {
      try {
        return { done: true, value: copy(main(input), 'the result', 0) };
      } catch (error) {
        return { done: false, message: words(error instanceof Error ? error.message : error), stack: words(error instanceof Error ? error.stack : '') };
      }
    },
  };
})();`, { filename: 'prelude.js' });

interface Inside {
  doubles(length: number): Float64Array;
  parse(text: string): unknown;
  set(to: unknown, key: string, value: unknown): void;
  get(from: unknown, key: string): unknown;
  run(main: unknown, input: unknown): { readonly done: true; readonly value: UserValue } | { readonly done: false; readonly message: string; readonly stack: string };
}

/** The input made again inside of the context: plain data as JSON, arrays of numbers by their bytes. */
function inputInside(inside: Inside, value: UserValue): unknown {
  const arrays: Float64Array[] = [];
  const text = JSON.stringify(value, (_key, member: unknown) => {
    if (!(member instanceof Float64Array)) return member;
    arrays.push(member);
    return { $array: arrays.length - 1 };
  });
  const hand = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const index = inside.get(part, '$array');
    const array = typeof index === 'number' ? arrays[index] : undefined;
    if (array) {
      const made = inside.doubles(array.length);
      Float64Array.prototype.set.call(made, array);
      return made;
    }
    for (const key of Object.keys(part)) inside.set(part, key, hand(inside.get(part, key)));
    return part;
  };
  return hand(inside.parse(text));
}

/** The user's line in an error's stack, from 1. */
function lineOf(stack: string): string {
  const line = /function\.js:(\d+)/.exec(stack)?.[1];
  return line === undefined ? '' : ` at line ${line}`;
}

function compile(source: string, context: Context): unknown {
  // The one door out that a context can't close: a module that is loaded fails with an error of the host, an object of the host.
  const at = source.split('\n').findIndex((line) => /\bimport\b/.test(line));
  if (at >= 0) throw new ComputeError('JOB_FAILED', `The function was not run: line ${at + 1} has the word "import". Modules can't be loaded here; the function works on its input alone.`);
  try {
    return compileFunction(source, ['input'], { filename: file, parsingContext: context });
  } catch (error) {
    const { message, stack = '' } = error as Error;
    const why = message.startsWith('await is only valid') ? '"await" has no place here, as the function has to return its result at once' : message;
    throw new ComputeError('JOB_FAILED', `The function can't be read${lineOf(stack)}: ${why}.`, { cause: error });
  }
}

/**
 * Runs `source`, the body of a function of `input`, and returns what it returns as plain data (typed arrays as Float64Array).
 * Throws JOB_FAILED with the line where the function failed, JOB_TIME_LIMIT where it took longer than its seconds.
 */
export function userFunction({ source, input, seconds = defaultSeconds }: UserFunctionInput): UserValue {
  const context = createContext(Object.create(null) as object, { codeGeneration: { strings: false, wasm: false }, microtaskMode: 'afterEvaluate' });
  const inside = prelude.runInContext(context) as Inside;
  const main = compile(source, context);
  const given = inputInside(inside, input);
  const names = { run: '__run', main: '__main', input: '__input' };
  for (const [key, value] of [[names.run, inside.run], [names.main, main], [names.input, given]] as const) {
    Object.defineProperty(context, key, { value, configurable: true, enumerable: false });
  }
  const call = new Script('((run, main, input) => { delete globalThis.__run; delete globalThis.__main; delete globalThis.__input; return run(main, input); })(__run, __main, __input)', { filename: 'call.js' });
  let outcome: ReturnType<Inside['run']>;
  try {
    outcome = call.runInContext(context, { timeout: Math.ceil(seconds * 1000) }) as ReturnType<Inside['run']>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new ComputeError('JOB_FAILED', 'The function failed in a way that says nothing of itself.');
    throw new ComputeError('JOB_TIME_LIMIT', `The function was stopped: it took longer than ${seconds} s. Give it more seconds, or less to do.`, { cause: error });
  }
  if (outcome.done) return outcome.value;
  throw new ComputeError('JOB_FAILED', `The function failed${lineOf(outcome.stack)}: ${outcome.message.slice(0, 500)}`);
}
