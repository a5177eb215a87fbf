// Asks a plan for its messages, one at a time; synchronous and asynchronous plans alike, and one that hangs.
import type { Message, MessageResult, Plan } from '@shared/messages';
import { abortable } from '../../devices/abortable';

type Step = IteratorResult<Message, void>;

export class PlanRunner {
  #pending: Promise<Step> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #result: MessageResult;

  constructor(private readonly plan: Plan) {}

  /** What the last message gave. */
  answer(result: MessageResult): void {
    this.#result = result;
  }

  /** The last message failed: thrown into the plan, which may clean up or go on. */
  fail(error: unknown): void {
    this.#failure = { error };
  }

  /** null: the plan has ended. After an interruption, asking again waits for the same answer. Errors: the plan's own, `InterruptedError`. */
  next(signal: AbortSignal): Message | null | Promise<Message | null> {
    if (!this.#pending) {
      const step = this.#ask();
      if (!(step instanceof Promise)) return step.done ? null : step.value;
      this.#pending = step;
    }
    return abortable(this.#pending, signal, 'The plan').then((step) => {
      this.#pending = null;
      return step.done ? null : step.value;
    }, (error: unknown) => {
      if (!signal.aborted) this.#pending = null;
      throw error;
    });
  }

  #ask(): Step | Promise<Step> {
    const failure = this.#failure;
    if (failure) {
      this.#failure = null;
      return this.plan.throw(failure.error);
    }
    const result = this.#result;
    this.#result = undefined;
    return this.plan.next(result);
  }

  /** Ends the plan early; true where it still has messages to clean up with, which `next` then gives. */
  end(): void {
    this.#failure = null;
    this.#result = undefined;
    const step = this.plan.return();
    this.#pending = step instanceof Promise ? step : Promise.resolve(step);
    this.#pending.catch(() => undefined);
  }
}
