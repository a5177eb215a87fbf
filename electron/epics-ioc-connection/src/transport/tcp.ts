// One TCP connection that reads into a buffer of its own, again and again, or straight into a large value: no allocation per chunk.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Connection, ConnectionEvents } from './transport';

const readSize = 65_536;
/** Milliseconds until a server that doesn't answer the TCP handshake is given up. */
export const connectTimeout = 10_000;

/** What a socket's error is to people. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNREFUSED' ? 'connection refused' : error.code ?? error.message;
}

export function connectTcp(host: string, port: number, events: ConnectionEvents): Connection {
  const buffer = Buffer.allocUnsafeSlow(readSize);
  let reason = 'the server closed the connection';
  let live = true;
  let [inside, halted] = [false, false];
  const socket = connect({
    host, port, noDelay: true, keepAlive: true,
    onread: {
      buffer: () => events.readInto?.() ?? buffer,
      callback: (size: number, filled: Uint8Array) => {
        if (!live) return false;
        inside = true;
        halted = false;
        try {
          events.received(filled.subarray(0, size), size < filled.length);
        } finally {
          inside = false;
        }
        return !halted;
      },
    },
  } as Parameters<typeof connect>[0] & object);
  socket.setNoDelay(true);
  const patience = setTimeout(() => {
    reason = `no answer within ${connectTimeout / 1000} s`;
    socket.destroy();
  }, connectTimeout);
  socket.once('connect', () => {
    clearTimeout(patience);
    if (live) events.opened();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => { reason = reasonOf(error); });
  socket.once('close', () => {
    clearTimeout(patience);
    if (!live) return;
    live = false;
    events.closed(reason);
  });
  const connection = connectionOn(socket, () => {
    live = false;
    clearTimeout(patience);
  });
  return {
    ...connection,
    // While bytes are taken in, the read's callback says so: that costs less than the stream's own pause.
    pause: () => { if (inside) halted = true; else connection.pause(); },
    resume: () => {
      halted = false;
      connection.resume();
    },
  };
}

/** `forget`: from then on nothing is told of it. */
export function connectionOn(socket: Socket, forget: () => void): Connection {
  return {
    write: (bytes) => { socket.write(bytes); },
    pause: () => { socket.pause(); },
    resume: () => { socket.resume(); },
    destroy: () => {
      forget();
      socket.destroy();
    },
  };
}
