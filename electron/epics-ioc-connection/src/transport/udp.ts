// One UDP socket on any free port, allowed to broadcast.
import { createSocket } from 'node:dgram';
import type { DatagramEvents, DatagramSocket } from './transport';

export function openUdp(events: DatagramEvents): DatagramSocket {
  // Only addresses come here: they need no look-up, which would put off the bind and every datagram to the next tick.
  const socket = createSocket({ type: 'udp4', lookup: (address, _family, found) => found(null, address, 4) });
  let bound = false;
  let closed = false;
  const waiting: (() => void)[] = [];
  socket.on('message', (bytes, sender) => { if (!closed) events.received(bytes, sender.address, sender.port); });
  socket.on('error', (error) => { if (!closed) events.failed(error.message); });
  socket.bind(0, () => {
    if (closed) return;
    bound = true;
    socket.setBroadcast(true);
    try { socket.setRecvBufferSize(1 << 20); } catch { /* The system's own size does too. */ }
    events.opened?.(socket.address().port);
    for (const send of waiting.splice(0)) send();
  });
  const send = (bytes: Uint8Array, host: string, port: number): void => {
    // An unreachable network shows as an error of this one datagram; the search asks again by itself.
    socket.send(bytes, port, host, (error) => { if (error && !closed) events.failed(`${host}:${port}: ${error.message}`); });
  };
  return {
    send(bytes, host, port) {
      if (closed) return;
      if (bound) send(bytes, host, port);
      else waiting.push(() => send(bytes, host, port));
    },
    close() {
      if (closed) return;
      closed = true;
      socket.close();
    },
  };
}
