// The worker in which one script runs. Entry file. It checks the script, makes a realm for it, and then gives up all that it could reach itself.
import { Script, createContext } from 'node:vm';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { ScriptProblem } from '@shared/scripts';
import { blankTypes } from './blankTypes';
import type { FromScript, ScriptJob, ToScript } from './scriptMessages';
import { giveUpPowers } from './giveUpPowers';
import { realmSource } from './scriptRealm';

const strict = "'use strict';";

type Lead = (kind: string, text: string) => unknown;

/** The place that V8 tells in a stack, where it is in the script. */
function problemOf(error: unknown, name: string): ScriptProblem {
  const { stack = '', message } = error as { stack?: string; message: string };
  const at = stack.indexOf(`${name}:`);
  const [, line = '1'] = /^(\d+)/.exec(stack.slice(at + name.length + 1)) ?? [];
  return { line: at < 0 ? 1 : Number(line), column: 1, message };
}

function oddNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;
}

function main(port: MessagePort, { source, name, plans, checkOnly }: ScriptJob): void {
  const tell = (message: FromScript): void => port.postMessage(message);
  const prepared = blankTypes(source);
  if (!prepared.ok) {
    tell({ kind: 'checked', problems: prepared.problems });
    return;
  }
  let script: Script;
  try {
    script = new Script(strict + prepared.code, { filename: name, columnOffset: -strict.length });
  } catch (error) {
    tell({ kind: 'checked', problems: [problemOf(error, name)] });
    return;
  }
  tell({ kind: 'checked', problems: [] });
  if (checkOnly) return;
  const realm = createContext(Object.create(null) as object, { name: 'script', codeGeneration: { strings: false, wasm: false } });
  const lead = new Script(realmSource(plans), { filename: 'endstation' }).runInContext(realm) as Lead;
  const find = new Script('globalThis.$find = () => plan;', { filename: 'endstation' });
  const finish = JSON.stringify;
  const answer = (text: unknown): void => tell({ kind: 'answer', text: typeof text === 'string' ? text : '{"error":{"message":"It gave no answer.","stack":"","code":""}}' });
  const problems = (error: unknown): string => {
    // Of another realm: nothing but its texts is looked at.
    let told = { message: 'It failed.', stack: '', code: '' };
    try {
      const { name: kind, message, stack } = error as { name: unknown; message: unknown; stack: unknown };
      told = { message: `${typeof kind === 'string' ? kind : 'Error'}: ${typeof message === 'string' ? message : ''}`, stack: typeof stack === 'string' ? stack : '', code: '' };
    } catch { /* It throws when it is looked at: the plain words remain. */ }
    return finish({ error: told });
  };
  port.on('message', (message: ToScript) => {
    try {
      if (message.kind === 'begin') {
        // `plan` may be a constant, which is no property of the global object.
        script.runInContext(realm);
        find.runInContext(realm);
      }
      const given = message.kind === 'next' ? message.result : message.kind === 'throw' ? message.error : undefined;
      answer(lead(message.kind, given === undefined ? '' : finish(given, oddNumbers)));
    } catch (error) {
      answer(problems(error));
    }
  });
  giveUpPowers();
}

if (parentPort) main(parentPort, workerData as ScriptJob);
