// What is repeated after a pause: the messages since the last checkpoint. A point that was saved is never taken again.
import type { CommandName, Message } from '@shared/messages';

/** After these nothing before them is repeated. */
const milestones: ReadonlySet<CommandName> = new Set<CommandName>(['checkpoint', 'save', 'open_run', 'close_run', 'stage', 'unstage', 'kickoff', 'complete', 'pause']);

export class Rewind {
  #messages: Message[] = [];
  #position = 0;
  /** The last message that was carried out saved a point. */
  saved = false;

  /** The next message to repeat; null when the plan is to be asked. */
  next(): Message | null {
    return this.#messages[this.#position++] ?? (this.#position--, null);
  }

  /** Before a new message of the plan is carried out. */
  record(message: Message): void {
    this.#messages.push(message);
    this.#position = this.#messages.length;
  }

  /** After a message was carried out. */
  done(message: Message): void {
    this.saved = message.command === 'save';
    if (milestones.has(message.command)) this.clear();
  }

  clear(): void {
    this.#messages = [];
    this.#position = 0;
  }

  back(): void {
    this.#position = 0;
  }

  /** Devices that the repetition sets anyway. */
  get sets(): ReadonlySet<string> {
    return new Set(this.#messages.flatMap((message) => message.command === 'set' ? [message.device] : []));
  }
}
