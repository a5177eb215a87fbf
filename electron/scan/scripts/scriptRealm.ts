// The realm in which a script lives: nothing of the worker's is in it. Built of text only, spoken to in text only.
import { planName } from './blankTypes';

/** Taken out of the realm: what waits by itself, shares memory, or makes code. */
const gone = ['Promise', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'FinalizationRegistry', 'WeakRef', 'AsyncDisposableStack', 'ShadowRealm', 'eval'] as const;

/**
 * JavaScript that makes the realm's functions and gives one function, `(kind, text) => text`, by which the plan is led: JSON in, JSON out.
 * `plans`: names of the built-in plans. The text is not `import`ed: it must not share anything with the worker.
 */
export function realmSource(plans: readonly string[]): string {
  return `'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { freeze, defineProperty, getOwnPropertyNames, getPrototypeOf } = Object;
  const TextOf = String;
  for (const name of ${JSON.stringify(gone)}) delete globalThis[name];
  delete Array.fromAsync;
  defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false, configurable: false });
  const prints = [];
  let size = 0;
  const print = (...words) => {
    const text = words.map((word) => typeof word === 'string' ? word : typeof word === 'object' && word !== null ? stringify(word) : TextOf(word)).join(' ');
    size += text.length;
    if (size < 100000) prints.push(text.slice(0, 10000));
  };
  let asking = false;
  // A failure of the message is thrown from within, so that its stack tells the script's line.
  function* ask(message) {
    asking = true;
    const answer = yield message;
    if (typeof answer === 'object' && answer !== null && answer.$failure !== undefined) {
      const error = new Error(answer.$failure.message);
      error.code = answer.$failure.code;
      throw error;
    }
    return answer;
  }
  const names = (given) => typeof given === 'string' ? [given] : [...given];
  function* readings(device) { return yield* ask({ command: 'read', device }); }
  function* read(device) {
    const all = yield* readings(device);
    for (const key of getOwnPropertyNames(all)) return all[key].value;
    return undefined;
  }
  function* set(device, value, group = 'set') { yield* ask({ command: 'set', device, value, group }); }
  function* wait(group = 'set') { yield* ask({ command: 'wait', group }); }
  function* done(group = 'set') { return (yield* ask({ command: 'poll', group })).done.value === 1; }
  function* move(...pairs) {
    for (let index = 0; index + 1 < pairs.length; index += 2) yield* ask({ command: 'set', device: pairs[index], value: pairs[index + 1], group: 'move' });
    yield* ask({ command: 'wait', group: 'move' });
  }
  function* sleep(seconds) { yield* ask({ command: 'sleep', seconds }); }
  function* checkpoint() { yield* ask({ command: 'checkpoint' }); }
  function* pause(reason = 'Paused by the script.') { yield* ask({ command: 'pause', reason }); }
  function* now() { return (yield* ask({ command: 'clock' })).clock.value; }
  function* triggerAndRead(detectors, others = [], stream = 'primary') {
    for (const device of names(detectors)) yield* ask({ command: 'trigger', device, group: 'trigger' });
    yield* ask({ command: 'wait', group: 'trigger' });
    yield* ask({ command: 'create', stream });
    const taken = {};
    for (const device of [...names(detectors), ...names(others)]) {
      const all = yield* ask({ command: 'read', device });
      for (const key of getOwnPropertyNames(all)) taken[key] = all[key].value;
    }
    yield* ask({ command: 'save' });
    return taken;
  }
  function* run(about, body) {
    const detectors = names(about.detectors ?? []);
    const motors = names(about.motors ?? []);
    const staged = [];
    try {
      for (const device of [...detectors, ...motors]) {
        yield* ask({ command: 'stage', device });
        staged.unshift(device);
      }
      const { points } = about;
      yield* ask({ command: 'open_run', plan: about.name ?? 'script', args: about.args ?? {}, detectors, motors, ...(points === undefined ? {} : { points }), dimensions: motors.length === 0 ? [] : [motors] });
      const result = yield* body();
      yield* ask({ command: 'close_run' });
      return result;
    } finally {
      for (const device of staged) yield* ask({ command: 'unstage', device });
    }
  }
  const linspace = (start, stop, num) => {
    const all = [];
    for (let index = 0; index < num; index++) all.push(num === 1 ? start : index === num - 1 ? stop : start + index * ((stop - start) / (num - 1)));
    return all;
  };
  const plans = {};
  for (const plan of ${JSON.stringify(plans)}) plans[plan] = function* (args) { yield* ask({ command: 'plan', plan, args }); };
  const api = { print, read, readings, set, wait, done, move, sleep, checkpoint, pause, now, triggerAndRead, run, linspace, plans: freeze(plans), console: freeze({ log: print, info: print, warn: print, error: print }) };
  for (const name of getOwnPropertyNames(api)) defineProperty(globalThis, name, { value: typeof api[name] === 'function' ? freeze(api[name]) : api[name], writable: false, configurable: false });
  defineProperty(globalThis, '${planName}', { value: undefined, writable: true, configurable: false });
  const frozen = new Set();
  const freezeAll = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || frozen.has(value)) return;
    frozen.add(value);
    freeze(value);
    for (const name of Reflect.ownKeys(value)) {
      const own = Reflect.getOwnPropertyDescriptor(value, name);
      if ('value' in own) freezeAll(own.value);
      else { freezeAll(own.get); freezeAll(own.set); }
    }
    freezeAll(getPrototypeOf(value));
  };
  for (const name of ['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'JSON', 'Reflect', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Date', 'RegExp', 'Proxy', 'ArrayBuffer', 'Float64Array']) freezeAll(globalThis[name]);
  freezeAll(function* () {}.constructor);
  freezeAll([][Symbol.iterator]());

  const odd = (key, value) => value !== null && typeof value === 'object' && typeof value.$number === 'string' ? Number(value.$number) : value;
  let iterator = null;
  const begin = () => {
    let plan = globalThis.${planName};
    try { plan ??= (0, globalThis.$find)(); } catch { plan = undefined; }
    iterator = typeof plan === 'function' ? plan() : plan;
    if (iterator === null || typeof iterator !== 'object' || typeof iterator.next !== 'function') throw new TypeError('The script has no plan. Write "export default function* plan() { ... }".');
  };
  const advance = (kind, text) => {
    if (kind === 'begin') { begin(); return iterator.next(); }
    const given = text === '' ? undefined : parse(text, odd);
    const byApi = asking;
    asking = false;
    if (kind === 'next') return iterator.next(given);
    if (kind === 'return') return iterator.return ? iterator.return() : { done: true };
    if (byApi) return iterator.next({ $failure: given });
    const error = new Error(given.message);
    error.code = given.code;
    return iterator.throw(error);
  };
  const told = (answer) => {
    const all = { ...answer, prints: prints.splice(0) };
    size = 0;
    return stringify(all);
  };
  return (kind, text) => {
    try {
      const step = advance(kind, text);
      return told(step.done ? { done: true } : { message: step.value });
    } catch (error) {
      let message = '';
      let stack = '';
      let code = '';
      try {
        message = error instanceof Error ? error.name + ': ' + error.message : 'It threw ' + TextOf(error);
        stack = error instanceof Error ? TextOf(error.stack) : '';
        code = error instanceof Error && typeof error.code === 'string' ? error.code : '';
      } catch { message = 'It threw what can not be read.'; }
      return told({ error: { message, stack, code } });
    }
  };
})()`;
}
