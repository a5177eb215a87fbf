// The registry: what the engine does for each message. A new message is one entry here, in the file of its group.
import type { CommandName, Message, MessageOf, MessageResult } from '@shared/messages';
import { deviceCommands } from './commands/deviceCommands';
import { flowCommands } from './commands/flowCommands';
import { pointCommands } from './commands/pointCommands';
import { runCommands } from './commands/runCommands';
import { streamCommands } from './commands/streamCommands';
import type { Session } from './session';

type Outcome = MessageResult | void;
/** `pause` is the engine's own. */
export type CommandTable = {
  readonly [C in Exclude<CommandName, 'pause'>]: (message: MessageOf<C>, session: Session) => Outcome | Promise<Outcome>;
};

const commands: CommandTable = { ...runCommands, ...pointCommands, ...deviceCommands, ...flowCommands, ...streamCommands };

export function carryOut(message: Exclude<Message, { command: 'pause' }>, session: Session): Outcome | Promise<Outcome> {
  const command = commands[message.command] as (message: Message, session: Session) => Outcome | Promise<Outcome>;
  return command(message, session);
}
