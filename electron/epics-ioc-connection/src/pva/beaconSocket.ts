// Hears the beacons that pvAccess servers broadcast. Sockets are bound to the broadcast addresses themselves: one that was bound to every address
// of the port would take the searches that this machine's own servers are sent.
import { createSocket } from 'node:dgram';
import type { Disposable } from '../api';

/** Where the system does not allow such a socket (Windows), lost channels are found by searching alone. */
export function listenForBeacons(addresses: readonly string[], port: number, received: (bytes: Uint8Array, host: string) => void): Disposable {
  const sockets = addresses.map((address) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    let open = true;
    const close = (): void => {
      if (open) socket.close();
      open = false;
    };
    socket.on('error', close);
    socket.on('message', (bytes, sender) => { if (open) received(bytes, sender.address); });
    socket.bind({ port, address, exclusive: true });
    // The search's socket keeps the program running for as long as it is to.
    socket.unref();
    return close;
  });
  return { dispose: () => { for (const close of sockets) close(); } };
}
