// One definition of a PV, served by several protocols: what it is updated with goes to all, with the same time stamp.
import type { Server, ServerPv, ServerPvOptions } from './api';
import { Listening } from './ca/server/listening';
import { createServerClock } from './ca/server/serverClock';
import { asyncDisposeSymbol } from './disposal';

export class ServerGroup implements Pick<Server, 'add' | 'alias' | 'names' | 'listen' | 'close'> {
  private readonly now = createServerClock();
  private readonly listening = new Listening(() => this.open(), () => this.closeServers());

  /** The first server's names and states are the group's. */
  constructor(private readonly servers: readonly [Server, ...Server[]]) {}

  get names(): readonly string[] {
    return this.servers[0].names;
  }

  /** Adds the PV to every server, or to none. A write comes from any of them to the one `onWrite`. Errors: a name that is taken. */
  add(name: string, options: ServerPvOptions): ServerPv {
    const pvs: ServerPv[] = [];
    try {
      for (const server of this.servers) pvs.push(server.add(name, options));
    } catch (error) {
      for (const pv of pvs) pv.remove();
      throw error;
    }
    const [first] = pvs as [ServerPv, ...ServerPv[]];
    return {
      name,
      get state() {
        return first.state;
      },
      update: (change) => {
        const stamped = { ...change, timestamp: change.timestamp ?? this.now() };
        for (const pv of pvs) pv.update(stamped);
      },
      accessChanged: () => {
        for (const pv of pvs) pv.accessChanged();
      },
      remove: () => {
        for (const pv of pvs) pv.remove();
      },
    };
  }

  alias(alias: string, name: string): void {
    for (const server of this.servers) server.alias(alias, name);
  }

  /** Opens all, one after the other; where one cannot, none is left open. Nothing new where they listen already. Errors: `PortInUseError`. */
  listen(): Promise<void> { return this.listening.begin(); }

  private async open(): Promise<void> {
    for (const server of this.servers) await server.listen();
  }

  [asyncDisposeSymbol](): Promise<void> { return this.close(); }

  close(): Promise<void> { return this.listening.end(); }

  private async closeServers(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }
}
