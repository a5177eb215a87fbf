// The second wall around a script: even what would get out of its realm finds nothing in the worker's own.

const kept = new Set(['globalThis', 'undefined', 'NaN', 'Infinity', 'JSON', 'Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'Reflect', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Date', 'RegExp', 'Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError', 'Proxy', 'Promise', 'ArrayBuffer', 'DataView', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Uint8ClampedArray']);

function refuse(): never {
  throw new EvalError('Code can not be made from text here.');
}

/** Every way from a function to the maker of functions is closed, every global that reaches the system is taken away. Not to be undone in this thread. */
export function giveUpPowers(): void {
  const kinds = [function () { /* plain */ }, function* () { /* generator */ }, async function () { /* async */ }, async function* () { /* async generator */ }];
  for (const kind of kinds) {
    const prototype = Object.getPrototypeOf(kind) as object;
    Object.defineProperty(prototype, 'constructor', { value: refuse, writable: false, configurable: false });
  }
  for (const name of Reflect.ownKeys(globalThis)) {
    if (typeof name === 'string' && kept.has(name)) continue;
    const own = Object.getOwnPropertyDescriptor(globalThis, name);
    if (own?.configurable) Reflect.deleteProperty(globalThis, name);
    else if (own?.writable) Reflect.set(globalThis, name, undefined);
  }
  Object.defineProperty(globalThis, 'Function', { value: refuse, writable: false, configurable: false });
}
