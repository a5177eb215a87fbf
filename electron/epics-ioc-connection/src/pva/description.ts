// Asks a server for the type of a channel (GET_FIELD): for a while, since some servers never answer.
import { Limited } from '../ca/deadlines';
import type { Deadlines } from '../ca/deadlines';
import type { RequestSink } from './clientConnection';
import type { ConnectionLink } from './connectionLink';
import { commands } from './protocol';
import type { Field, Status } from './protocol';

export class Description extends Limited implements RequestSink {
  readonly command = commands.GET_FIELD;
  private readonly requestId: number;
  private over = false;

  /** `limit`: milliseconds. `known`: called once, with null where the server does not say; not at all where the channel went before. */
  constructor(
    private readonly link: ConnectionLink, serverId: number, readonly limit: number, private readonly deadlines: Deadlines,
    private readonly known: (field: Field | null) => void,
  ) {
    super();
    this.requestId = link.wire.getField(this, serverId, '');
    link.flushSoon();
    deadlines.add(this);
  }

  initialised(_status: Status, [field]: readonly Field[]): void { this.end(field ?? null); }
  answered(): void { /* Has no second answer. */ }
  tooLarge(): void { this.end(null); }
  /** The channel counts as connected all the same; a late answer is still taken off the wire. */
  expired(): void { this.end(null); }
  dropped(): void { this.stop(); }

  /** The channel is gone from its server, its connection may not be. */
  channelLost(): void {
    this.link.wire.forget(this.requestId);
    this.stop();
  }

  private end(field: Field | null): void {
    if (!this.stop()) return;
    this.known(field);
  }

  /** False: it was over already. */
  private stop(): boolean {
    if (this.over) return false;
    this.over = true;
    this.deadlines.remove(this);
    return true;
  }
}
