// A network in memory whose datagrams get lost, doubled or late and whose connections break as told, and that counts what is open.
import { MemoryNetwork } from '../../src/transport/memory';
import type { Transport } from '../../src/transport/transport';
import type { Random } from '../fuzz/random';

export interface DatagramFaults { /** Of 100. */ lost: number; copies: number; /** Milliseconds, at most. */ late: number }

export class FaultyNetwork {
  readonly memory = new MemoryNetwork();
  readonly datagrams: DatagramFaults = { lost: 0, copies: 1, late: 0 };
  /** Connections and datagram sockets of the client that are open. */
  open = 0;
  /** As the client sees it. */
  readonly transport: Transport;

  constructor(private readonly random: Random) {
    const { memory } = this;
    const count = (): { close: () => void } => {
      let counted = true;
      this.open += 1;
      return { close: () => { if (counted) this.open -= 1; counted = false; } };
    };
    // Everything else is the network's own.
    this.transport = Object.assign(Object.create(memory) as MemoryNetwork, {
      connect: (...[host, port, events]: Parameters<Transport['connect']>) => {
        const mine = count();
        const connection = memory.connect(host, port, { ...events, opened: () => events.opened(), received: (chunk) => events.received(chunk), closed: (why) => { mine.close(); events.closed(why); } });
        return { ...connection, destroy: () => { mine.close(); connection.destroy(); } };
      },
      openDatagrams: (...[events]: Parameters<Transport['openDatagrams']>) => {
        const mine = count();
        const socket = memory.openDatagrams(events);
        return { ...socket, close: () => { mine.close(); socket.close(); } };
      },
    });
  }

  /** A datagram on its way: what happens to it. */
  post(arrive: () => void): void {
    const { lost, copies, late } = this.datagrams;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.random.below(100) < lost) continue;
      if (late === 0) arrive();
      else this.memory.clock.after(this.random.below(late), arrive);
    }
  }
}
