// A script as a plan: a worker gives its messages one at a time; the built-in plans that it asks for are carried out here in between.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EndstationError, toErrorData } from '@shared/errors';
import { longestTold, type Message, type MessageResult, type Plan, type PlanWhole, type Reading } from '@shared/messages';
import { checkPlan, planDescriptions, type PlanRequest } from '@shared/plans';
import type { ScriptProblem } from '@shared/scripts';
import { checkMessage, type FromScript, type ScriptJob, type ToScript } from './scriptMessages';

export interface ScriptOptions {
  /** Folder of the built workers, with `scriptWorker.cjs`. */
  readonly workers: string;
  readonly source: string;
  readonly name: string;
  readonly print: (text: string) => void;
  /** What its runs are part of. */
  readonly whole?: PlanWhole;
  /** Makes the plans that it asks for. */
  readonly planOf: (request: PlanRequest) => Plan;
}

/** Megabytes; a script holds numbers, not images. */
const memory = 128;
/** Milliseconds in which a script that is to end must answer. */
const patience = 500;

export function startScriptWorker(workers: string, job: ScriptJob): Worker {
  return new Worker(join(workers, 'scriptWorker.cjs'), {
    workerData: job, env: {}, argv: [], execArgv: [], stdin: false, stdout: true, stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16, codeRangeSizeMb: 16, stackSizeMb: 2 },
  });
}

/** `script.ts, line 3: ReferenceError: x is not defined` */
export function problemText(name: string, { line, message }: ScriptProblem): string {
  return `${name}, line ${line}: ${message}`;
}

interface Answer { readonly done?: true; readonly message?: unknown; readonly error?: { readonly message: string; readonly stack: string; readonly code: string }; readonly prints: readonly string[] }
type Step = IteratorResult<Message, void>;

class ScriptPlan implements AsyncGenerator<Message, void, MessageResult> {
  #worker: Worker | null = null;
  #inner: Plan | null = null;
  #over = false;
  #ending = false;
  /** The script was told that it ends. */
  #told = false;
  #lost: EndstationError | null = null;
  #waiting: { readonly resolve: (answer: FromScript) => void; readonly reject: (error: Error) => void } | null = null;
  /** One request at a time, in order. */
  #turn: Promise<unknown> = Promise.resolve();
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ScriptOptions) {}

  next(result?: MessageResult): Promise<Step> {
    return this.#inTurn(() => this.#advance({ kind: 'next', result: plainReadings(result) }));
  }

  throw(error: unknown): Promise<Step> {
    const { code, message } = toErrorData(error);
    return this.#inTurn(() => this.#advance({ kind: 'throw', error: { code, message } }, error));
  }

  /** A script that does not answer is ended with its worker. */
  return(): Promise<Step> {
    this.#ending = true;
    this.#watch();
    return this.#inTurn(() => (this.#worker === null ? Promise.resolve(this.#end()) : this.#advance({ kind: 'return' })));
  }

  [Symbol.asyncIterator](): this { return this; }
  [Symbol.asyncDispose](): Promise<void> { return this.return().then(() => undefined); }

  #inTurn(act: () => Promise<Step>): Promise<Step> {
    const turn = this.#turn.then(act, act).then((step) => this.#tell(step)).catch((error: unknown) => {
      this.#end();
      throw error;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #tell(step: Step): Step {
    const { whole } = this.options;
    return step.done !== true && whole && step.value.command === 'open_run' ? { done: false, value: { ...step.value, whole } } : step;
  }

  #end(): Step {
    this.#over = true;
    clearTimeout(this.#deadline);
    void this.#worker?.terminate();
    this.#worker = null;
    return { done: true, value: undefined };
  }

  /** The built-in plan that is under way first, then the script. */
  async #advance(request: ToScript, cause?: unknown): Promise<Step> {
    if (this.#over) return { done: true, value: undefined };
    let ask = request;
    if (this.#inner) {
      const inner = this.#inner;
      try {
        const step = await (ask.kind === 'next' ? inner.next(ask.result) : ask.kind === 'throw' ? inner.throw(cause) : inner.return());
        clearTimeout(this.#deadline);
        if (step.done !== true) return step;
        ask = { kind: 'next', result: undefined };
      } catch (error) {
        const { code, message } = toErrorData(error);
        ask = { kind: 'throw', error: { code, message } };
      }
      this.#inner = null;
    }
    if (!this.#worker) {
      await this.#begin();
      ask = { kind: 'begin' };
    }
    if (this.#ending && !this.#told && ask.kind === 'next') ask = { kind: 'return' };
    if (ask.kind === 'return') this.#told = true;
    return this.#follow(await this.#ask(ask));
  }

  async #begin(): Promise<void> {
    const { workers, source, name } = this.options;
    const worker = startScriptWorker(workers, { source, name, plans: planDescriptions.map((plan) => plan.name).filter((plan) => plan !== 'script' && plan !== 'include'), checkOnly: false });
    this.#worker = worker;
    worker.on('message', (message: FromScript) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.resolve(message);
    });
    const lost = (error: EndstationError): void => {
      this.#lost ??= error;
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.reject(error);
    };
    worker.on('error', (error: Error & { code?: string }) => lost(error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? new EndstationError('SCRIPT_MEMORY', `The script ${name} was ended: it used more than ${memory} MB of memory. Keep less in it.`)
      : new EndstationError('SCRIPT', `The script ${name} was ended: ${error.message}`)));
    worker.on('exit', () => lost(this.#ending
      ? new EndstationError('SCRIPT_STUCK', `The script ${name} did not answer and was ended: it computes without yielding.`)
      : new EndstationError('SCRIPT', `The script ${name} ended unexpectedly.`)));
    const checked = await this.#answer();
    if (checked.kind !== 'checked') throw new EndstationError('SCRIPT', `The script ${name} could not be started.`);
    if (checked.problems.length > 0) throw new EndstationError('SCRIPT', checked.problems.map((problem) => problemText(name, problem)).join('\n'));
  }

  #answer(): Promise<FromScript> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => { this.#waiting = { resolve, reject }; });
  }

  #watch(): void {
    clearTimeout(this.#deadline);
    if (this.#ending && !this.#over) this.#deadline = setTimeout(() => { void this.#worker?.terminate(); }, patience);
  }

  async #ask(request: ToScript): Promise<Answer> {
    this.#worker?.postMessage(request);
    this.#watch();
    const answer = await this.#answer();
    clearTimeout(this.#deadline);
    if (answer.kind !== 'answer') throw new EndstationError('SCRIPT', `The script ${this.options.name} gave no answer.`);
    const told = JSON.parse(answer.text) as Answer;
    for (const text of told.prints ?? []) this.options.print(text);
    return told;
  }

  async #follow({ done, message, error }: Answer): Promise<Step> {
    const { name, planOf } = this.options;
    if (error) throw failureOf(name, error);
    if (done === true) return this.#end();
    let checked: ReturnType<typeof checkMessage>;
    try {
      checked = checkMessage(message);
      if (checked.command !== 'plan') return { done: false, value: checked };
      const result = checkPlan(checked.plan, checked.args);
      if (!result.ok) throw new EndstationError('SCRIPT', `plans.${checked.plan}: ${result.problems.map(({ field, message: why }) => (field ? `${field}: ${why}` : why)).join(' ')}`);
      this.#inner = planOf(result.request);
    } catch (problem) {
      // Thrown where the script yielded it, so that it is said with its line.
      const { code, message: why } = toErrorData(problem);
      return this.#follow(await this.#ask({ kind: 'throw', error: { code, message: why } }));
    }
    return this.#advance({ kind: 'next', result: undefined });
  }
}

/** Spectra as plain arrays; images stay out of the script's small memory. */
function plainReadings(result: MessageResult): MessageResult {
  if (!result || !Object.values(result).some(({ value }) => ArrayBuffer.isView(value))) return result;
  return Object.fromEntries(Object.entries(result).flatMap(([key, { value, timestamp }]): [string, Reading][] => {
    if (!ArrayBuffer.isView(value)) return [[key, { value, timestamp }]];
    return value.length > longestTold ? [] : [[key, { value: Array.from(value), timestamp }]];
  }));
}

/** With the line where it happened; a failure of the scan's own keeps its code. */
function failureOf(name: string, { message, stack, code }: { message: string; stack: string; code: string }): EndstationError {
  const at = stack.indexOf(`${name}:`);
  const [, line] = at < 0 ? [] : /^(\d+)/.exec(stack.slice(at + name.length + 1)) ?? [];
  const text = code === '' ? message : message.replace(/^Error: /, '');
  return new EndstationError(code || 'SCRIPT', line === undefined ? `${name}: ${text}` : `${name}, line ${line}: ${text}`);
}

export function scriptPlan(options: ScriptOptions): Plan {
  return new ScriptPlan(options);
}
