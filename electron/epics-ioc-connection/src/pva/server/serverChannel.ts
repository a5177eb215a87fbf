// One client's channel to one PV, and the operations that it may make. PURE.
import { commands } from '../protocol';
import type { OperationCommand } from '../protocol';
import { ArrayOperation } from './arrayOperation';
import { MonitorOperation } from './monitorOperation';
import { Refusal } from './operation';
import type { Operation, OperationConnection, OperationInit, OperationPlace } from './operation';
import type { PvaServerPv, PvaUser } from './pvaServerPv';
import { RpcOperation } from './rpcOperation';
import { GetOperation, ProcessOperation, PutGetOperation, PutOperation } from './valueOperations';

/** What a channel needs of its connection. */
export interface ChannelConnection extends OperationConnection {
  /** Tells the client that the channel is gone; it may create it again. */
  destroyChannel(channel: ServerChannel): void;
}

const constructors: Readonly<Record<OperationCommand, new (place: OperationPlace, serverId: number, init: OperationInit) => Operation>> = {
  [commands.GET]: GetOperation, [commands.PUT]: PutOperation, [commands.PUT_GET]: PutGetOperation, [commands.MONITOR]: MonitorOperation,
  [commands.ARRAY]: ArrayOperation, [commands.PROCESS]: ProcessOperation, [commands.RPC]: RpcOperation,
};

export class ServerChannel implements PvaUser {
  readonly requestIds = new Set<number>();
  private access: string;

  constructor(private readonly connection: ChannelConnection, readonly pv: PvaServerPv, readonly clientId: number, readonly serverId: number) {
    this.access = this.accessNow();
    pv.users.add(this);
  }

  /** Makes the operation, which answers the init itself. Errors: `Refusal`. */
  createOperation(command: OperationCommand, requestId: number, init: OperationInit): Operation {
    if (command !== commands.RPC && this.pv.type.members.length === 0) throw new Refusal(`${this.pv.name} holds no value: it answers RPC only.`);
    return new constructors[command]({ connection: this.connection, pv: this.pv, command, requestId }, this.serverId, init);
  }

  /** pvAccess has no message for changed rights that clients know: one that connects again finds the new ones. */
  accessChanged(): void {
    const access = this.accessNow();
    if (access === this.access) return;
    this.access = access;
    this.connection.destroyChannel(this);
  }

  pvRemoved(): void {
    this.connection.destroyChannel(this);
  }

  close(): void {
    this.pv.users.delete(this);
  }

  private accessNow(): string {
    const { read, write } = this.pv.access(this.connection);
    return `${read} ${write}`;
  }
}
