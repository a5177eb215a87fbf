// The real network, with what a client has open counted: sockets and timers that are left are leaks.
import { nodeTransport } from '../../../src/transport/nodeTransport';
import type { Transport } from '../../../src/transport/transport';

export interface OpenThings { connections: number; datagramSockets: number; timers: number }

/** Counts once up, and once down however often it is ended. */
function counter(open: OpenThings, what: keyof OpenThings): () => void {
  let counted = true;
  open[what] += 1;
  return () => {
    if (counted) open[what] -= 1;
    counted = false;
  };
}

export function countingTransport(): { readonly transport: Transport; readonly open: Readonly<OpenThings> } {
  const open: OpenThings = { connections: 0, datagramSockets: 0, timers: 0 };
  const { clock } = nodeTransport;
  const transport: Transport = {
    ...nodeTransport,
    clock: {
      ...clock,
      after(milliseconds, callback) {
        const done = counter(open, 'timers');
        const timer = clock.after(milliseconds, () => {
          done();
          callback();
        });
        return { cancel: () => { done(); timer.cancel(); } };
      },
    },
    connect(host, port, events) {
      const done = counter(open, 'connections');
      const connection = nodeTransport.connect(host, port, {
        ...events,
        closed: (reason) => { done(); events.closed(reason); },
      });
      return { ...connection, destroy: () => { done(); connection.destroy(); } };
    },
    openDatagrams(events) {
      const done = counter(open, 'datagramSockets');
      const socket = nodeTransport.openDatagrams(events);
      return { ...socket, close: () => { done(); socket.close(); } };
    },
  };
  return { transport, open };
}
