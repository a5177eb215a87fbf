// Carries the contract over a WebSocket: one binary MessagePack frame a message.
import type { RawData, WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '@shared/contract/codec';
import type { Connection, Peer } from './serve';

/** Bytes of one message from a browser: the largest write (a waveform of 2,000,000 doubles) with room. */
export const largestMessage = 32 * 1024 * 1024;
/** Bytes that may wait for a browser that does not read; beyond, it is cut off and connects anew with fresh values. */
const largestBacklog = 64 * 1024 * 1024;

export interface WebSocketOptions {
  connect(peer: Peer): Connection;
  readonly user: string;
  readonly observer: boolean;
}

/** Serves a socket that has already shown its token, Host and Origin. */
export function serveWebSocket(socket: WebSocket, options: WebSocketOptions): Connection {
  const connection = options.connect({
    observer: options.observer,
    user: options.user,
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > largestBacklog) {
        socket.terminate();
        return;
      }
      socket.send(encodeFrame(frame));
    },
  });
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary || !Buffer.isBuffer(data)) return;
    let frame: unknown;
    try {
      frame = decodeFrame(data);
    } catch {
      // Not ours: the peer hears it as a close, its other frames are not trusted either.
      socket.close(1007, 'not a frame');
      return;
    }
    connection.receive(frame);
  });
  socket.on('close', () => connection.dispose());
  // A protocol error or an oversized message: ws closes the socket itself, which ends the connection.
  socket.on('error', () => connection.dispose());
  return connection;
}
